import {
  ExecutionAlreadyExists,
  InvalidToken,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from "@aws-sdk/client-sfn";
import { resource } from "../config/config.ts";
import * as Log from "../log/log.ts";

/** Step Functions: one execution a run, named by it, so that starting twice starts once. */

let client: SFNClient | undefined;

function sfn(): SFNClient {
  client ??= new SFNClient({ maxAttempts: 4 });
  return client;
}

/** Starts the run's execution. A start that is lost is made up for by the sweep, so this never throws. */
export async function start(runID: string): Promise<void> {
  try {
    await sfn().send(
      new StartExecutionCommand({
        stateMachineArn: resource("AgentRun").arn,
        name: runID,
        input: JSON.stringify({ runID }),
      }),
    );
  } catch (error) {
    if (error instanceof ExecutionAlreadyExists) return;
    Log.error("start-lost", error, { runID });
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
