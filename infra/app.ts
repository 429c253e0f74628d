import "./boundary.ts";
import "./alarms.ts";
import "./schedules.ts";
import "./web.ts";
import { origin } from "./router.ts";
import { socket } from "./socket.ts";
import { table } from "./table.ts";
import { blobs } from "./blobs.ts";
import { topic } from "./topic.ts";

/** Everything that is deployed. A deployment prints the outputs. */
export const outputs = {
  url: origin,
  socket: socket.url,
  table: table.name,
  blobs: blobs.name,
  alarms: topic.arn,
};
