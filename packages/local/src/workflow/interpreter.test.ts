import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import validate from "asl-validator";
import { StateMachine } from "aws-local-stepfunctions";
import { afterEach, describe, expect, test } from "vitest";
import { FunctionError } from "../lambda/runtime.ts";
import { parseDefinition } from "./definition.ts";
import { openExecutions, type Execution, type Executions } from "./executions.ts";
import { createInterpreter, type Interpreter } from "./interpreter.ts";

const folders: string[] = [];
const open: { interpreter: Interpreter; executions: Executions }[] = [];
afterEach(() => {
  for (const { interpreter, executions } of open.splice(0)) {
    interpreter.close();
    executions.close();
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "slipway-workflow-"));
  folders.push(made);
  return made;
}

function start(
  definition: object,
  invoke: (name: string, payload: unknown) => Promise<unknown>,
  directory = folder(),
  now: () => number = Date.now,
) {
  const executions = openExecutions(directory, now);
  const machine = {
    arn: "arn:aws:states:us-east-1:0:stateMachine:m",
    definition: parseDefinition(JSON.stringify(definition)),
  };
  const interpreter = createInterpreter({
    machines: [machine],
    executions,
    invoke,
    onBug: (error) => expect.fail(String(error)),
  });
  const running = { interpreter, executions };
  open.push(running);
  const ended = async (arn: string): Promise<Execution> => {
    for (;;) {
      const execution = executions.find(arn);
      if (execution && execution.status !== "RUNNING") return execution;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return { ...running, machine, ended, directory };
}

const task = (name: string, rest: object = {}) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Parameters: { FunctionName: name, Payload: { "n.$": "$.n" } },
  ResultSelector: { "n.$": "$.Payload.n" },
  TimeoutSeconds: 5,
  ...rest,
});
const loop = {
  StartAt: "Add",
  States: {
    Add: task("add", { Next: "Enough" }),
    Enough: { Type: "Choice", Choices: [{ Variable: "$.n", NumericEquals: 3, Next: "Done" }], Default: "Add" },
    Done: { Type: "Succeed" },
  },
};
const add = (_: string, payload: unknown) => Promise.resolve({ n: (payload as { n: number }).n + 1 });

describe("a machine", () => {
  test("loops, chooses and ends with the same output as the oracle", async () => {
    const { interpreter, machine, ended } = start(loop, add);
    const execution = interpreter.start(machine, "one", '{"n":0}');
    expect((await ended(execution?.arn ?? "")).output).toBe('{"n":3}');
    const plain = JSON.parse(
      JSON.stringify(loop).replaceAll(
        '"arn:aws:states:::lambda:invoke"',
        '"arn:aws:lambda:us-east-1:012345678901:function:add"',
      ),
    ) as typeof loop;
    const oracle = new StateMachine({
      ...plain,
      States: {
        ...plain.States,
        Add: { Type: "Task", Resource: "arn:aws:lambda:us-east-1:012345678901:function:add", Next: "Enough" },
      },
    } as never);
    const { result } = oracle.run(
      { n: 0 },
      { overrides: { taskResourceLocalHandlers: { Add: (input: unknown) => add("", input) } } },
    );
    expect(await result).toEqual({ n: 3 });
  });

  test("waits as many seconds as its data says and refuses anything but a whole number", async () => {
    const waiting = {
      StartAt: "Wait",
      States: { Wait: { Type: "Wait", SecondsPath: "$.n", Next: "Done" }, Done: { Type: "Succeed" } },
    };
    const { interpreter, machine, ended } = start(waiting, add);
    const one = await ended(interpreter.start(machine, "one", '{"n":1}')?.arn ?? "");
    expect(one.status).toBe("SUCCEEDED");
    expect(one.endedAt).toBeGreaterThanOrEqual(one.startedAt + 1000);
    for (const [name, input] of [
      ["text", '{"n":"1"}'],
      ["half", '{"n":0.5}'],
      ["none", "{}"],
    ] as const) {
      const execution = interpreter.start(machine, name, input);
      expect((await ended(execution?.arn ?? "")).status).toBe("FAILED");
    }
    expect(() => start({ StartAt: "W", States: { W: { Type: "Wait", End: true } } }, add)).toThrow(/Seconds/);
  });

  test("starts one execution for one name and input; the name is taken for another input and once it has closed", async () => {
    let later = 0;
    const { interpreter, machine, ended } = start(loop, add, folder(), () => Date.now() + later);
    const first = interpreter.start(machine, "same", '{"n":0}');
    expect(interpreter.start(machine, "same", '{"n":0}')?.arn).toBe(first?.arn);
    expect(interpreter.start(machine, "same", '{"n":1}')).toBeUndefined();
    await ended(first?.arn ?? "");
    later = 89 * 86_400_000;
    expect(interpreter.start(machine, "same", '{"n":0}')).toBeUndefined();
    later = 91 * 86_400_000;
    expect(interpreter.start(machine, "same", '{"n":0}')?.status).toBe("RUNNING");
  });

  test("ends from outside, drops what its function still answers and keeps the first ending", async () => {
    let answer: (value: unknown) => void = () => {};
    const { interpreter, machine, executions } = start(loop, () => new Promise((resolve) => (answer = resolve)));
    const arn = interpreter.start(machine, "one", '{"n":0}')?.arn ?? "";
    expect(interpreter.end(arn, "FAILED", { error: "Gone", cause: "a test" })?.status).toBe("FAILED");
    expect(interpreter.end(arn, "ABORTED")?.status).toBe("FAILED");
    answer({ n: 3 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(executions.find(arn)).toMatchObject({ status: "FAILED", error: "Gone", cause: "a test", output: null });
  });

  test("times out as a whole, also after a restart", async () => {
    const hangs = { ...loop, TimeoutSeconds: 1 };
    const never = () => new Promise(() => {});
    const before = start(hangs, never);
    const arn = before.interpreter.start(before.machine, "one", '{"n":0}')?.arn ?? "";
    before.interpreter.close();
    before.executions.close();
    open.splice(0);
    const after = start(hangs, never, before.directory);
    after.interpreter.resume();
    expect((await after.ended(arn)).status).toBe("TIMED_OUT");
  });

  test("counts its history as Step Functions does and fails at 25,000 events", async () => {
    const { interpreter, machine, executions, ended } = start(loop, add);
    const whole = await ended(interpreter.start(machine, "whole", '{"n":0}')?.arn ?? "");
    // Started and succeeded; three times a task of 5 and a choice of 2; Succeed's 2.
    expect(whole.events).toBe(2 + 3 * (5 + 2) + 2);
    const resumed = { ...whole, status: "RUNNING", state: "Add", data: '{"n":0}', endedAt: null } as const;
    const seeded = [
      { ...resumed, arn: `${whole.arn}-fits`, events: 25_000 - whole.events + 2 },
      { ...resumed, arn: `${whole.arn}-full`, events: 25_000 - whole.events + 4 },
    ];
    for (const execution of seeded) executions.save(execution);
    interpreter.resume();
    expect(await ended(`${whole.arn}-fits`)).toMatchObject({ status: "SUCCEEDED", events: 25_000 });
    expect(await ended(`${whole.arn}-full`)).toMatchObject({
      status: "FAILED",
      error: "States.Runtime",
      cause: "The execution reached the maximum number of history events (25000).",
      events: 25_000,
    });
  });

  test("fails when a state's data is over 256 KB, whatever it catches", async () => {
    const large = {
      StartAt: "Load",
      States: {
        Load: task("load", { Catch: [{ ErrorEquals: ["States.ALL"], Next: "Done" }], Next: "Done" }),
        Done: { Type: "Succeed" },
      },
    };
    const { interpreter, machine, ended } = start(large, () => Promise.resolve({ n: "x".repeat(256 * 1024) }));
    const execution = await ended(interpreter.start(machine, "one", '{"n":0}')?.arn ?? "");
    expect(execution).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
  });

  test("opens a data folder that was written before history was counted", () => {
    const directory = folder();
    const old = openExecutions(directory);
    old.close();
    const sqlite = new DatabaseSync(join(directory, "workflow.sqlite"));
    sqlite.exec("ALTER TABLE execution DROP COLUMN events");
    sqlite.close();
    const { interpreter, machine } = start(loop, add, directory);
    expect(interpreter.start(machine, "one", '{"n":0}')?.status).toBe("RUNNING");
  });

  test("retries by name, then catches with the error's name", async () => {
    let tries = 0;
    const flaky = {
      StartAt: "Try",
      States: {
        Try: task("flaky", {
          Retry: [{ ErrorEquals: ["Busy"], IntervalSeconds: 0.01, MaxAttempts: 2 }],
          Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "Caught" }],
          Next: "Fine",
        }),
        Fine: { Type: "Succeed" },
        Caught: { Type: "Pass", End: true },
      },
    };
    const { interpreter, machine, ended } = start(flaky, () => {
      tries++;
      return Promise.reject(new FunctionError("Busy", "try later"));
    });
    const execution = await ended(interpreter.start(machine, "one", '{"n":0}')?.arn ?? "");
    expect(tries).toBe(3);
    expect(JSON.parse(execution.output ?? "")).toEqual({ n: 0, error: { Error: "Busy", Cause: "try later" } });
  });

  test("waits for its token across a restart and accepts it once", async () => {
    const asks = {
      StartAt: "Ask",
      States: {
        Ask: {
          Type: "Task",
          Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
          Parameters: { FunctionName: "ask", Payload: { "token.$": "$$.Task.Token" } },
          TimeoutSeconds: 60,
          End: true,
        },
      },
    };
    const tokens: string[] = [];
    const tell = (_: string, payload: unknown) => {
      tokens.push((payload as { token: string }).token);
      return Promise.resolve(null);
    };
    const before = start(asks, tell);
    const arn = before.interpreter.start(before.machine, "one", "{}")?.arn ?? "";
    while (tokens.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    before.interpreter.close();
    before.executions.close();
    open.splice(0);
    const after = start(asks, tell, before.directory);
    after.interpreter.resume();
    while (tokens.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(tokens[1]).toBe(tokens[0]);
    expect(after.interpreter.succeed("another", "{}")).toBe(false);
    expect(after.interpreter.succeed(tokens[0] ?? "", '{"yes":true}')).toBe(true);
    expect(after.interpreter.succeed(tokens[0] ?? "", "{}")).toBe(false);
    expect((await after.ended(arn)).status).toBe("SUCCEEDED");
  });

  test("resumes in the same state after a restart", async () => {
    let hang = true;
    const directory = folder();
    const once = start(
      loop,
      (name, payload) => ((payload as { n: number }).n === 1 && hang ? new Promise(() => {}) : add(name, payload)),
      directory,
    );
    const arn = once.interpreter.start(once.machine, "one", '{"n":0}')?.arn ?? "";
    while (once.executions.find(arn)?.data !== '{"n":1}' || once.executions.find(arn)?.state !== "Add")
      await new Promise((resolve) => setTimeout(resolve, 5));
    once.interpreter.close();
    once.executions.close();
    open.splice(0);
    hang = false;
    const again = start(loop, add, directory);
    again.interpreter.resume();
    expect((await again.ended(arn)).output).toBe('{"n":3}');
  });
});

test("a definition outside the subset is refused on load", () => {
  const bad = (state: object) => () => parseDefinition(JSON.stringify({ StartAt: "A", States: { A: state } }));
  expect(bad({ Type: "Map", End: true })).toThrow(/cannot be served/);
  expect(bad({ ...task("x"), End: true, TimeoutSeconds: undefined })).toThrow(/TimeoutSeconds/);
  expect(bad({ Type: "Pass", Next: "B" })).toThrow(/no state "B"/);
  expect(bad({ Type: "Choice", Choices: [{ Variable: "$.a", StringMatches: "*", Next: "A" }] })).toThrow(
    /cannot be served/,
  );
});

const shipped = join(import.meta.dirname, "../../../manifest/src/workflows");
test.each(readdirSync(shipped))("the manifest's %s is valid and within the subset", (name) => {
  const source = readFileSync(join(shipped, name), "utf8");
  expect(() => parseDefinition(source)).not.toThrow();
  const { isValid, errorsText } = validate(JSON.parse(source));
  expect(errorsText()).toBe("");
  expect(isValid).toBe(true);
});
