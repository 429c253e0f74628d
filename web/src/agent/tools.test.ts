import type { ToolChange } from "@slipway/contract/run";
import { expect, test } from "vitest";
import { outcomeOf, partsOf, summaryOf, type ToolBlock } from "./tools.ts";

type State = NonNullable<ToolBlock["result"]>["state"];
let last = 0;
const tool = (changes: ToolChange[], state: State = "completed", output = ""): ToolBlock => ({
  type: "tool",
  id: `t${++last}`,
  tool: "x",
  input: {},
  result: { state, output, changes, milliseconds: 1 },
});
const created = (path: string): ToolChange => ({ path, op: "created" });
const edited = (path: string): ToolChange => ({ path, op: "edited" });

test("finished calls are summed up by what they did to files", () => {
  expect(summaryOf([tool([created("a"), created("b")]), tool([created("c")])])).toBe("Created 3 files");
  expect(summaryOf([tool([created("a")]), tool([edited("a")]), tool([edited("b")]), tool([edited("b")])])).toBe(
    "Created 1 file · Edited 1 file",
  );
  expect(summaryOf([tool([]), tool([])])).toBe("2 steps");
  expect(summaryOf([tool([]), tool([{ path: "a", op: "deleted" }]), tool([], "failed")])).toBe(
    "Deleted 1 file · 1 other step · 1 failed",
  );
});

test("only calls that follow one another are one part", () => {
  const text = { type: "text" as const, id: "x", text: "between" };
  const [one, two, three] = [tool([]), tool([]), tool([])];
  expect(partsOf([one, two, text, three]).map(({ blocks }) => blocks.length)).toEqual([2, 1, 1]);
  expect(partsOf([one, two, text, three]).map(({ key }) => key)).toEqual([one.id, "x", three.id]);
});

test("nothing that was written for the model is shown to people", () => {
  const shown = (state: State, output: string) => outcomeOf({ state, output, changes: [], milliseconds: 1 });
  expect(shown("denied", "Denied: The person said no. Do not try again.")).toBe("Denied. Nothing was changed.");
  expect(shown("failed", "Error: the input does not fit the tool.\n✖ Invalid input\n  → at paths[0]")).toBe(
    "The input does not fit the tool.",
  );
  expect(shown("completed", "1 | one")).toBe("1 | one");
});
