import { handle } from "hono/aws-lambda";
import { app } from "./preview/app.ts";

/** Serves a project's files as a site, on the origin of previews. Its only permission is to read. */
export const handler = handle(app);
