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

/** The client of Step Functions, for `execution.ts`. */

let client: SFNClient | undefined;

function sfn(): SFNClient {
  client ??= new SFNClient({ maxAttempts: 4 });
  return client;
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

/** How the execution of a name stands: `none` when it was never started, or closed more than 90 days ago. */
export async function state(workflow: WorkflowLink, name: string): Promise<"none" | "running" | "closed"> {
  const executionArn = `${resource(workflow).arn.replace(":stateMachine:", ":execution:")}:${name}`;
  try {
    const { status } = await sfn().send(new DescribeExecutionCommand({ executionArn }));
    return status === "RUNNING" ? "running" : "closed";
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return "none";
    throw error;
  }
}

/** Resumes an execution that waits for a person. One that no longer waits is no error. */
export async function resume(token: string): Promise<void> {
  try {
    await sfn().send(new SendTaskSuccessCommand({ taskToken: token, output: "{}" }));
  } catch (error) {
    if (error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken) return;
    throw error;
  }
}
