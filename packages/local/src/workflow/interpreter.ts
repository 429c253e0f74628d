import { randomUUID } from "node:crypto";
import type { ComputeMeter } from "../meter.ts";
import { contextOf, errorOf, eventsOfAttempt, withTimeout } from "./attempt.ts";
import { fill, read, write, type Json } from "./data.ts";
import { matches, type Definition, type State, type Task } from "./definition.ts";
import type { Execution, ExecutionStatus, Executions } from "./executions.ts";
import { covers, nextAttempt } from "./retry.ts";
import { createTimers } from "./timers.ts";

export interface Machine {
  arn: string;
  definition: Definition;
}

/** How an execution ends, besides with an output. */
export interface Ending {
  error?: string | undefined;
  cause?: string | undefined;
}

export interface Interpreter {
  /**
   * Starts an execution, or finds the running one of the same name and input. Undefined when the name is taken: by one
   * with another input, or by one that has closed in the last 90 days.
   */
  start(machine: Machine, name: string, input: string): Execution | undefined;
  /**
   * Ends a running execution from outside. A function that it has invoked keeps running, as in AWS: only its result is
   * dropped. A closed execution stays as it is.
   */
  end(arn: string, status: Exclude<ExecutionStatus, "RUNNING" | "SUCCEEDED">, ending?: Ending): Execution | undefined;
  /** Answers a task token; false when nothing waits for it. */
  succeed(token: string, output: string): boolean;
  fail(token: string, error: string, cause: string): boolean;
  /** Resumes every execution that was running when the process died. */
  resume(): void;
  close(): void;
}

/** Step Functions' quotas: events in one history, and bytes of one state's data. */
const historyLimit = 25_000;
export const dataLimit = 256 * 1024;

/**
 * A durable interpreter. Every transition is written before the next state begins; after a crash an execution resumes
 * in its state, so a Task that was running is invoked again (at least once, as AWS's own retries do).
 */
export function createInterpreter(options: {
  machines: readonly Machine[];
  executions: Executions;
  meter?: ComputeMeter;
  invoke(functionName: string, payload: unknown): Promise<unknown>;
  onBug(error: unknown): void;
}): Interpreter {
  const { executions } = options;
  const timers = createTimers();
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

  function schedule(arn: string, time: number): void {
    timers.at(time, () => advance(arn));
  }

  function scheduleTokenTimeout(waiting: Execution): void {
    const state = stateOf(waiting);
    if (state.Type !== "Task") return;
    const time = waiting.enteredAt + state.TimeoutSeconds * 1000;
    timers.at(time, () => {
      const now = executions.find(waiting.arn);
      if (now?.token !== waiting.token || now?.status !== "RUNNING") return;
      if (Date.now() < time) return scheduleTokenTimeout(now);
      handle(now, state, "States.Timeout", "The task token expired.");
      advance(now.arn);
    });
  }

  /** The whole execution's own time limit. */
  function scheduleEnd(execution: Execution): void {
    const seconds = machineOf(execution)?.definition.TimeoutSeconds;
    if (seconds === undefined) return;
    const time = execution.startedAt + seconds * 1000;
    timers.at(time, () => {
      if (Date.now() < time) return scheduleEnd(execution);
      end(execution.arn, "TIMED_OUT", {});
    });
  }

  function machineOf(execution: Execution): Machine | undefined {
    return options.machines.find((candidate) => candidate.arn === execution.machine);
  }

  function stateOf(execution: Execution): State {
    const state = machineOf(execution)?.definition.States[execution.state];
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
        return finish(withEvents(execution, 1), "SUCCEEDED", { output: execution.data });
      case "Fail":
        return finish(execution, "FAILED", { error: state.Error ?? "", cause: state.Cause ?? "" });
      case "Choice": {
        const chosen = state.Choices.find((choice) => matches(choice, data))?.Next ?? state.Default;
        if (chosen !== undefined) return enter(execution, chosen, data);
        return finish(execution, "FAILED", { error: "States.NoChoiceMatched" });
      }
      case "Wait": {
        const seconds = state.SecondsPath === undefined ? state.Seconds : read(state.SecondsPath, data);
        if (typeof seconds !== "number" || !Number.isInteger(seconds) || seconds < 0) {
          const cause = `A Wait needs a whole number of seconds, not ${JSON.stringify(seconds)}.`;
          return finish(execution, "FAILED", { error: "States.Runtime", cause });
        }
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
    try {
      const input = state.InputPath === undefined ? data : read(state.InputPath, data);
      const { FunctionName, Payload } = fill(state.Parameters, input, contextOf({ ...execution, token })) as {
        FunctionName: string;
        Payload: Json;
      };
      const result = await withTimeout(options.invoke(FunctionName, Payload), waits ? 3600 : state.TimeoutSeconds);
      if (waits || closed) return;
      const current = executions.find(execution.arn);
      if (current?.status === "RUNNING") complete(current, state, { Payload: result, StatusCode: 200 });
    } catch (error) {
      if (closed) return;
      const current = executions.find(execution.arn);
      if (current?.status === "RUNNING" && current.token === token) handle(current, state, ...errorOf(error));
    }
  }

  function complete(execution: Execution, state: Task, result: Json): void {
    const attempted = withEvents(execution, eventsOfAttempt(state));
    let selected: Json;
    try {
      selected = state.ResultSelector === undefined ? result : fill(state.ResultSelector, result, contextOf(execution));
    } catch (error) {
      return handle(execution, state, ...errorOf(error));
    }
    leave(attempted, state, JSON.parse(execution.data) as Json, selected);
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
    finish(withEvents(execution, 1), "SUCCEEDED", { output: JSON.stringify(output) });
  }

  function count(): void {
    if (options.meter) options.meter.transitions++;
  }

  /** Leaves the current state and enters the next. */
  function enter(execution: Execution, state: string, data: Json): void {
    count();
    keep({
      ...withEvents(execution, 2),
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
    const attempted = withEvents(execution, eventsOfAttempt(state));
    const retry = nextAttempt(execution, state, error);
    if (retry) {
      const now = Date.now();
      return keep({
        ...attempted,
        retries: retry.retries,
        token: null,
        notBefore: now + retry.delay,
        enteredAt: now,
      });
    }
    const handler = state.Catch.find((candidate) => covers(candidate.ErrorEquals, error));
    if (handler) {
      const data = JSON.parse(execution.data) as Json;
      return enter(attempted, handler.Next, write(handler.ResultPath, data, { Error: error, Cause: cause }));
    }
    finish(attempted, "FAILED", { error, cause });
  }

  /** Writes a transition, unless it is past one of the service's quotas: that ends the execution. */
  function keep(execution: Execution): void {
    if (execution.events >= historyLimit) {
      const cause = `The execution reached the maximum number of history events (${historyLimit}).`;
      return finish(execution, "FAILED", { error: "States.Runtime", cause });
    }
    if (Buffer.byteLength(execution.data) > dataLimit) {
      const cause = `The input of ${execution.state} is larger than ${dataLimit} bytes.`;
      return finish(execution, "FAILED", { error: "States.DataLimitExceeded", cause });
    }
    executions.save(execution);
  }

  function finish(execution: Execution, status: ExecutionStatus, ending: Ending & { output?: string }): void {
    executions.save({
      ...execution,
      status,
      endedAt: Date.now(),
      token: null,
      output: ending.output ?? null,
      error: ending.error ?? null,
      cause: ending.cause ?? null,
      events: Math.min(historyLimit, execution.events + 1),
    });
  }

  function end(arn: string, status: ExecutionStatus, ending: Ending): Execution | undefined {
    const current = executions.find(arn);
    if (current?.status !== "RUNNING") return current;
    finish(current, status, ending);
    return executions.find(arn);
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
        events: 2,
      };
      executions.save(execution);
      scheduleEnd(execution);
      advance(arn);
      return execution;
    },
    end: (arn, status, ending = {}) => end(arn, status, ending),
    succeed(token, output) {
      const waiting = waitingFor(token);
      if (waiting === undefined) return false;
      complete(waiting.execution, waiting.state, JSON.parse(output));
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
      for (const execution of executions.running()) {
        scheduleEnd(execution);
        schedule(execution.arn, execution.notBefore);
      }
    },
    close() {
      closed = true;
      timers.clear();
    },
  };
}

function withEvents(execution: Execution, more: number): Execution {
  return { ...execution, events: execution.events + more };
}
