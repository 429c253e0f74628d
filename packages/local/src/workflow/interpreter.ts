import { randomUUID } from "node:crypto";
import { FunctionError } from "../lambda/runtime.ts";
import { fill, read, write, type Json } from "./data.ts";
import type { Definition, State, Task } from "./definition.ts";
import type { Execution, ExecutionStatus, Executions } from "./executions.ts";
import type { ComputeMeter } from "../meter.ts";

export interface Machine {
  arn: string;
  definition: Definition;
}

export interface Interpreter {
  /** Starts, or finds the running one of the same name and input. Undefined when that name was used for another. */
  start(machine: Machine, name: string, input: string): Execution | undefined;
  stop(execution: Execution, error?: string, cause?: string): void;
  /** Answers a task token; false when nothing waits for it. */
  succeed(token: string, output: string): boolean;
  fail(token: string, error: string, cause: string): boolean;
  /** Goes on with every execution that was running when the process died. */
  resume(): void;
  close(): void;
}

/**
 * A durable interpreter. Every transition is written before the next state begins; after a crash an execution goes on
 * in the state where it was, so a Task that was running is invoked again (at least once, as AWS's own retries do).
 */
export function createInterpreter(options: {
  machines: readonly Machine[];
  executions: Executions;
  meter?: ComputeMeter;
  invoke(functionName: string, payload: unknown): Promise<unknown>;
  onBug(error: unknown): void;
}): Interpreter {
  const { executions } = options;
  const timers = new Set<NodeJS.Timeout>();
  /** Executions that are stepping in this process: one step at a time. */
  const active = new Set<string>();
  let closed = false;

  function advance(arn: string): void {
    if (closed || active.has(arn)) return;
    active.add(arn);
    void step(arn)
      .catch(options.onBug)
      .finally(() => {
        active.delete(arn);
        const execution = closed ? undefined : executions.find(arn);
        if (execution?.status !== "RUNNING") return;
        if (execution.token !== null) scheduleTokenTimeout(execution);
        else schedule(arn, execution.notBefore);
      });
  }

  function schedule(arn: string, at: number): void {
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        advance(arn);
      },
      Math.min(2 ** 31 - 1, Math.max(0, at - Date.now())),
    );
    timers.add(timer);
  }

  function scheduleTokenTimeout(waiting: Execution): void {
    const state = stateOf(waiting);
    if (state.Type !== "Task") return;
    const at = waiting.enteredAt + state.TimeoutSeconds * 1000;
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        const now = executions.find(waiting.arn);
        if (now?.token !== waiting.token || now?.status !== "RUNNING") return;
        if (Date.now() < at) return scheduleTokenTimeout(now);
        handle(now, state, "States.Timeout", "The task token expired.");
        advance(now.arn);
      },
      Math.min(2 ** 31 - 1, Math.max(0, at - Date.now())),
    );
    timer.unref();
    timers.add(timer);
  }

  function stateOf(execution: Execution): State {
    const machine = options.machines.find((candidate) => candidate.arn === execution.machine);
    const state = machine?.definition.States[execution.state];
    if (state === undefined) throw new Error(`${execution.machine} has no state ${execution.state}`);
    return state;
  }

  async function step(arn: string): Promise<void> {
    const execution = executions.find(arn);
    if (execution?.status !== "RUNNING" || execution.notBefore > Date.now()) return;
    const state = stateOf(execution);
    const data = JSON.parse(execution.data) as Json;
    switch (state.Type) {
      case "Succeed":
        return finish(execution, "SUCCEEDED", { output: execution.data });
      case "Fail":
        return finish(execution, "FAILED", { error: state.Error ?? "", cause: state.Cause ?? "" });
      case "Choice": {
        const chosen = state.Choices.find((choice) => matches(choice, data))?.Next ?? state.Default;
        if (chosen !== undefined) return enter(execution, chosen, data);
        return finish(execution, "FAILED", { error: "States.NoChoiceMatched", cause: "" });
      }
      case "Wait": {
        const seconds = state.SecondsPath === undefined ? state.Seconds : read(state.SecondsPath, data);
        if (typeof seconds !== "number" || !Number.isInteger(seconds) || seconds < 0)
          return finish(execution, "FAILED", {
            error: "States.Runtime",
            cause: "a wait of no whole number of seconds",
          });
        if (Date.now() < execution.enteredAt + seconds * 1000) {
          executions.save({ ...execution, notBefore: execution.enteredAt + seconds * 1000 });
          return;
        }
        return leave(execution, state, data, data);
      }
      case "Pass":
        return leave(execution, state, data, state.Result ?? data);
      case "Task":
        return runTask(execution, state, data);
    }
  }

  async function runTask(execution: Execution, state: Task, data: Json): Promise<void> {
    const waits = state.Resource.endsWith(".waitForTaskToken");
    // The token is durable before anyone is told of it, so that an answer can never come too early; after a crash the
    // function is told the same one again.
    const token = waits ? (execution.token ?? randomUUID()) : null;
    if (waits) executions.save({ ...execution, token });
    const context = {
      Execution: { Id: execution.arn, Name: execution.name, StartTime: new Date(execution.startedAt).toISOString() },
      State: { Name: execution.state, EnteredTime: new Date(execution.enteredAt).toISOString() },
      Task: { Token: token },
    };
    try {
      const input = state.InputPath === undefined ? data : read(state.InputPath, data);
      const { FunctionName, Payload } = fill(state.Parameters, input, context) as {
        FunctionName: string;
        Payload: Json;
      };
      const result = await withTimeout(options.invoke(FunctionName, Payload), waits ? 3600 : state.TimeoutSeconds);
      if (waits) return;
      const current = executions.find(execution.arn);
      if (current?.status !== "RUNNING") return;
      complete(current, state, { Payload: result, StatusCode: 200 }, context);
    } catch (error) {
      const current = executions.find(execution.arn);
      if (current?.status !== "RUNNING" || current.token !== token) return;
      const name = error instanceof FunctionError ? error.errorType : "States.Runtime";
      handle(current, state, name, error instanceof Error ? error.message : String(error));
    }
  }

  function complete(execution: Execution, state: Task, result: Json, context: Json): void {
    const data = JSON.parse(execution.data) as Json;
    const selected = state.ResultSelector === undefined ? result : fill(state.ResultSelector, result, context);
    leave(execution, state, data, selected);
  }

  function leave(
    execution: Execution,
    state: Exclude<State, { Type: "Choice" | "Succeed" | "Fail" }>,
    data: Json,
    result: Json,
  ): void {
    const written = write(state.ResultPath, data, result);
    const output = state.OutputPath === undefined ? written : read(state.OutputPath, written);
    if (state.Next !== undefined) return enter(execution, state.Next, output);
    finish(execution, "SUCCEEDED", { output: JSON.stringify(output) });
  }

  function count(): void {
    if (options.meter) options.meter.transitions++;
  }

  function enter(execution: Execution, state: string, data: Json): void {
    count();
    executions.save({
      ...execution,
      state,
      data: JSON.stringify(data),
      retries: "{}",
      notBefore: 0,
      enteredAt: Date.now(),
      token: null,
    });
  }

  /** Retry, else Catch, else the execution fails. */
  function handle(execution: Execution, state: Task, error: string, cause: string): void {
    const used = JSON.parse(execution.retries) as Record<string, number>;
    const at = state.Retry.findIndex((retry) => covers(retry.ErrorEquals, error));
    const retry = state.Retry[at];
    const attempts = used[at] ?? 0;
    if (retry && attempts < retry.MaxAttempts) {
      const seconds = Math.min(
        retry.MaxDelaySeconds ?? Number.POSITIVE_INFINITY,
        retry.IntervalSeconds * retry.BackoffRate ** attempts,
      );
      const delay = retry.JitterStrategy === "FULL" ? Math.random() * seconds : seconds;
      const retries = JSON.stringify({ ...used, [at]: attempts + 1 });
      executions.save({
        ...execution,
        retries,
        token: null,
        notBefore: Date.now() + delay * 1000,
        enteredAt: Date.now(),
      });
      return;
    }
    const handler = state.Catch.find((candidate) => covers(candidate.ErrorEquals, error));
    if (handler) {
      const data = JSON.parse(execution.data) as Json;
      return enter(execution, handler.Next, write(handler.ResultPath, data, { Error: error, Cause: cause }));
    }
    finish(execution, "FAILED", { error, cause });
  }

  function finish(
    execution: Execution,
    status: ExecutionStatus,
    end: { output?: string; error?: string; cause?: string },
  ): void {
    executions.save({
      ...execution,
      status,
      endedAt: Date.now(),
      token: null,
      output: end.output ?? null,
      error: end.error ?? null,
      cause: end.cause ?? null,
    });
  }

  function waitingFor(token: string): { execution: Execution; state: Task } | undefined {
    const execution = executions.findByToken(token);
    if (execution?.status !== "RUNNING") return undefined;
    const state = stateOf(execution);
    return state.Type === "Task" ? { execution, state } : undefined;
  }

  return {
    start(machine, name, input) {
      const arn = `${machine.arn.replace(":stateMachine:", ":execution:")}:${name}`;
      const existing = executions.find(arn);
      if (existing) return existing.status === "RUNNING" && existing.input === input ? existing : undefined;
      const now = Date.now();
      count();
      const execution: Execution = {
        arn,
        machine: machine.arn,
        name,
        status: "RUNNING",
        input,
        state: machine.definition.StartAt,
        data: input,
        retries: "{}",
        notBefore: 0,
        enteredAt: now,
        token: null,
        startedAt: now,
        endedAt: null,
        output: null,
        error: null,
        cause: null,
      };
      executions.save(execution);
      advance(arn);
      return execution;
    },
    stop(execution, error = "", cause = "") {
      const current = executions.find(execution.arn);
      // A worker that is running goes on, as in AWS: only its result is dropped.
      if (current?.status === "RUNNING") finish(current, "ABORTED", { error, cause });
    },
    succeed(token, output) {
      const waiting = waitingFor(token);
      if (waiting === undefined) return false;
      complete(waiting.execution, waiting.state, JSON.parse(output), {});
      schedule(waiting.execution.arn, 0);
      return true;
    },
    fail(token, error, cause) {
      const waiting = waitingFor(token);
      if (waiting === undefined) return false;
      handle(waiting.execution, waiting.state, error, cause);
      schedule(waiting.execution.arn, 0);
      return true;
    },
    resume() {
      for (const execution of executions.running()) schedule(execution.arn, execution.notBefore);
    },
    close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function matches(
  choice: {
    Variable: string;
    StringEquals?: string | undefined;
    NumericEquals?: number | undefined;
    BooleanEquals?: boolean | undefined;
    IsPresent?: boolean | undefined;
  },
  data: Json,
): boolean {
  const value = read(choice.Variable, data);
  if (choice.IsPresent !== undefined) return (value !== undefined) === choice.IsPresent;
  return value === (choice.StringEquals ?? choice.NumericEquals ?? choice.BooleanEquals);
}

function covers(names: readonly string[], error: string): boolean {
  return names.some(
    (name) =>
      name === error ||
      (name === "States.ALL" && error !== "States.DataLimitExceeded") ||
      (name === "States.TaskFailed" && error !== "States.Timeout"),
  );
}

async function withTimeout<T>(work: Promise<T>, seconds: number): Promise<T> {
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
