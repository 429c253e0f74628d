import * as Log from "../log/log.ts";
import type { WorkflowLink } from "./step-functions.ts";

export type { WorkflowLink } from "./step-functions.ts";

/** Step Functions: executions are named by what they are for, so that starting twice starts once. */

/** Loaded on first use: most requests start nothing. */
const client = () => import("./step-functions.ts");

/** Starts the run's execution. Never throws: the sweep repeats a start that failed. */
export async function startRun(runID: string): Promise<void> {
  try {
    await start("AgentRun", runID, { runID });
  } catch (error) {
    Log.error("start-lost", error, { runID });
  }
}

export async function start(workflow: WorkflowLink, name: string, input: unknown): Promise<void> {
  await (await client()).start(workflow, name, input);
}

/** How the execution of a name stands: `none` when it was never started, or closed more than 90 days ago. */
export async function state(workflow: WorkflowLink, name: string): Promise<"none" | "running" | "closed"> {
  return (await client()).state(workflow, name);
}

/** Whether an execution of that name has started and not closed. */
export async function isRunning(workflow: WorkflowLink, name: string): Promise<boolean> {
  return (await state(workflow, name)) === "running";
}

/** Resumes an execution that waits for a person. One that no longer waits is no error. */
export async function resume(token: string): Promise<void> {
  await (await client()).resume(token);
}
