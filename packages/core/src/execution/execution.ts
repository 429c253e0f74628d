import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  InvalidToken,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from "@aws-sdk/client-sfn";
import { resource } from "../config/config.ts";
import * as Log from "../log/log.ts";

/** Step Functions: executions are named by what they are for, so that starting twice starts once. */

let client: SFNClient | undefined;

function sfn(): SFNClient {
  client ??= new SFNClient({ maxAttempts: 4 });
  return client;
}

/** Starts the run's execution. A start that is lost is made up for by the sweep, so this never throws. */
export async function startRun(runID: string): Promise<void> {
  try {
    await start("AgentRun", runID, { runID });
  } catch (error) {
    Log.error("start-lost", error, { runID });
  }
}

export type WorkflowLink = "AgentRun" | "FileOperation" | "GithubSync" | "MakeArchive";

export async function start(workflow: WorkflowLink, name: string, input: unknown): Promise<void> {
  try {
    const stateMachineArn = resource(workflow).arn;
    await sfn().send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
}

/** Whether an execution of that name has been started and has not ended. */
export async function isRunning(workflow: WorkflowLink, name: string): Promise<boolean> {
  const executionArn = `${resource(workflow).arn.replace(":stateMachine:", ":execution:")}:${name}`;
  try {
    return (await sfn().send(new DescribeExecutionCommand({ executionArn }))).status === "RUNNING";
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return false;
    throw error;
  }
}

/** Lets an execution that waits for a person go on. One that has gone on already is no error. */
export async function resume(token: string): Promise<void> {
  try {
    await sfn().send(new SendTaskSuccessCommand({ taskToken: token, output: "{}" }));
  } catch (error) {
    if (error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken) return;
    throw error;
  }
}
