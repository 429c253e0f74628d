import { z } from "zod";
import { read, type Json } from "./data.ts";

/**
 * The subset of the Amazon States Language that is served: JSONPath; Task (Lambda, with or without a task token),
 * Choice, Wait, Pass, Succeed, Fail; Retry and Catch. A definition outside the subset is refused on load, so nothing is
 * silently ignored.
 */

const Path = z.string().regex(/^\$(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/, "only $.a.b paths are served");
const errorNames = z.array(z.string()).min(1);

const Retry = z.strictObject({
  ErrorEquals: errorNames,
  IntervalSeconds: z.number().positive().default(1),
  MaxAttempts: z.int().nonnegative().default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.number().positive().optional(),
  JitterStrategy: z.enum(["FULL", "NONE"]).default("NONE"),
});
export type Retry = z.infer<typeof Retry>;

const Catch = z.strictObject({ ErrorEquals: errorNames, Next: z.string(), ResultPath: Path.nullable().optional() });

const common = { Comment: z.string().optional() };
const flow = {
  Next: z.string().optional(),
  End: z.literal(true).optional(),
  InputPath: Path.optional(),
  OutputPath: Path.optional(),
  ResultPath: Path.nullable().optional(),
};

const Condition = z
  .strictObject({
    Variable: Path,
    StringEquals: z.string().optional(),
    NumericEquals: z.number().optional(),
    BooleanEquals: z.boolean().optional(),
    IsPresent: z.boolean().optional(),
    Next: z.string(),
  })
  .refine((condition) => Object.keys(condition).length === 3, "a choice has exactly one comparison");
export type Condition = z.infer<typeof Condition>;

const Task = z.strictObject({
  ...common,
  ...flow,
  Type: z.literal("Task"),
  Resource: z.enum(["arn:aws:states:::lambda:invoke", "arn:aws:states:::lambda:invoke.waitForTaskToken"]),
  Parameters: z.strictObject({ FunctionName: z.string(), Payload: z.record(z.string(), z.unknown()) }),
  ResultSelector: z.record(z.string(), z.unknown()).optional(),
  TimeoutSeconds: z.int().positive(),
  Retry: z.array(Retry).default([]),
  Catch: z.array(Catch).default([]),
});
export type Task = z.infer<typeof Task>;

const State = z.discriminatedUnion("Type", [
  Task,
  z.strictObject({
    ...common,
    Type: z.literal("Choice"),
    Choices: z.array(Condition).min(1),
    Default: z.string().optional(),
  }),
  z
    .strictObject({
      ...common,
      ...flow,
      Type: z.literal("Wait"),
      Seconds: z.number().nonnegative().optional(),
      SecondsPath: Path.optional(),
    })
    .refine(({ Seconds, SecondsPath }) => (Seconds === undefined) !== (SecondsPath === undefined), {
      error: "a wait has either Seconds or SecondsPath",
    }),
  z.strictObject({ ...common, ...flow, Type: z.literal("Pass"), Result: z.unknown().optional() }),
  z.strictObject({ ...common, Type: z.literal("Succeed") }),
  z.strictObject({ ...common, Type: z.literal("Fail"), Error: z.string().optional(), Cause: z.string().optional() }),
]);
export type State = z.infer<typeof State>;

const Definition = z.strictObject({
  Comment: z.string().optional(),
  /** Of the whole execution, from its start. */
  TimeoutSeconds: z.int().positive().optional(),
  StartAt: z.string(),
  States: z.record(z.string(), State),
});
export type Definition = z.infer<typeof Definition>;

/** Parses a definition. @throws Error that names the state and what is not served. */
export function parseDefinition(source: string): Definition {
  const parsed = Definition.safeParse(JSON.parse(source));
  if (!parsed.success) throw new Error(`the workflow cannot be served:\n${z.prettifyError(parsed.error)}`);
  const { States, StartAt } = parsed.data;
  const targets = Object.values(States).flatMap((state) => {
    if (state.Type === "Choice") return [...state.Choices.map((choice) => choice.Next), state.Default];
    if (state.Type === "Task") return [state.Next, ...state.Catch.map((handler) => handler.Next)];
    return "Next" in state ? [state.Next] : [];
  });
  for (const target of [StartAt, ...targets]) {
    if (target !== undefined && States[target] === undefined) throw new Error(`the workflow has no state "${target}"`);
  }
  return parsed.data;
}

export function matches(condition: Condition, data: Json): boolean {
  const value = read(condition.Variable, data);
  if (condition.IsPresent !== undefined) return (value !== undefined) === condition.IsPresent;
  return value === (condition.StringEquals ?? condition.NumericEquals ?? condition.BooleanEquals);
}
