import { FunctionError } from "../lambda/runtime.ts";
import { PathFailure, type Json } from "./data.ts";
import type { Task } from "./definition.ts";
import type { Execution } from "./executions.ts";

/** The context object, `$$`. */
export function contextOf({ arn, name, startedAt, state, enteredAt, token }: Execution): Json {
  return {
    Execution: { Id: arn, Name: name, StartTime: new Date(startedAt).toISOString() },
    State: { Name: state, EnteredTime: new Date(enteredAt).toISOString() },
    Task: { Token: token },
  };
}

/** Scheduled, started, succeeded or failed; a task with a token is also submitted. */
export function eventsOfAttempt(state: Task): number {
  return state.Resource.endsWith(".waitForTaskToken") ? 4 : 3;
}

/** Name and cause of what a task threw, as Step Functions reports it. */
export function errorOf(error: unknown): [name: string, cause: string] {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof FunctionError) return [error.errorType, message];
  return [error instanceof PathFailure ? "States.ParameterPathFailure" : "Lambda.Unknown", message];
}

export async function withTimeout<T>(work: Promise<T>, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new FunctionError("States.Timeout", `no result within ${seconds} s`)),
      seconds * 1000,
    );
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
