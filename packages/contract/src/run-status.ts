import { z } from "zod";

/** Apart from the rest of a run, so that a page that lists projects loads no more than this. */
export const RunStatus = z.enum(["queued", "running", "waiting", "completed", "cancelled", "failed"]);
export type RunStatus = z.infer<typeof RunStatus>;
