import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { ToolContext } from "../tool/tool.ts";
import type { GateState, Verdict } from "./gate.ts";

// Core reads its configuration when it is imported.
process.env.SST_RESOURCE_App = JSON.stringify({ name: "slipway", stage: "test" });
process.env.SST_RESOURCE_Table = JSON.stringify({ name: "none" });
process.env.AWS_REGION = "us-east-1";

let verdictOf: (state: Partial<GateState>, input?: unknown) => Promise<Verdict>;
let hashOf: (input: unknown) => string;
const input = { paths: ["many"] };

beforeAll(async () => {
  const [{ judge }, { defineTool }, { createToolbox }, { callHash }] = await Promise.all([
    import("./gate.ts"),
    import("../tool/tool.ts"),
    import("../tool/toolbox.ts"),
    import("@slipway/core/run/system"),
  ]);
  const tools = createToolbox([
    defineTool({
      name: "delete_files",
      title: "Delete",
      description: "",
      input: z.object({ paths: z.array(z.string()) }),
      risk: ({ paths }) => (paths.length > 0 ? "It deletes files." : undefined),
      run: () => Promise.resolve({ output: "" }),
    }),
  ]);
  hashOf = (asked) => callHash("1:a", asked);
  const context = {} as ToolContext;
  verdictOf = (state, given = input) =>
    judge(
      { callID: "1:a", tool: "delete_files", input: given },
      { tools, context, gate: { policy: "ask", rules: [], approvals: [], ...state } },
    );
});

function asked(answer: "allow" | "deny" | "expired" | undefined, about: unknown = input): GateState["approvals"] {
  const approval = {
    id: "apr",
    runId: "run",
    toolCallId: "1:a",
    tool: "delete_files",
    reason: "",
    input,
    createdAt: 0,
  };
  return [{ ...approval, hash: hashOf(about), ...(answer ? { answer } : {}) }];
}

test("a call without risk runs under every policy, and an unknown tool has none", async () => {
  for (const policy of ["ask", "allow", "deny"] as const)
    expect(await verdictOf({ policy }, { paths: [] })).toEqual({ verdict: "allow" });
});

test("a risky call follows the policy", async () => {
  expect(await verdictOf({ policy: "ask" })).toEqual({ verdict: "ask", reason: "It deletes files." });
  expect(await verdictOf({ policy: "allow" })).toEqual({ verdict: "allow" });
  expect(await verdictOf({ policy: "deny" })).toMatchObject({ verdict: "deny" });
});

test("deny takes precedence over any allow", async () => {
  const allow = { tool: "delete_files", answer: "allow" as const };
  const deny = { tool: "delete_files", answer: "deny" as const };
  expect(await verdictOf({ rules: [allow] })).toEqual({ verdict: "allow" });
  expect(await verdictOf({ rules: [allow, deny] })).toMatchObject({ verdict: "deny" });
  expect(await verdictOf({ policy: "allow", rules: [deny] })).toMatchObject({ verdict: "deny" });
  expect(await verdictOf({ policy: "deny", rules: [allow], approvals: asked("allow") })).toMatchObject({
    verdict: "deny",
  });
  expect(await verdictOf({ rules: [{ ...deny, tool: "other" }] })).toMatchObject({ verdict: "ask" });
});

test("an answer holds for exactly the call that was asked about", async () => {
  expect(await verdictOf({ approvals: asked("allow") })).toEqual({ verdict: "allow" });
  expect(await verdictOf({ approvals: asked("deny") })).toMatchObject({ verdict: "deny" });
  expect(await verdictOf({ approvals: asked("allow", { paths: ["other"] }) })).toMatchObject({
    verdict: "deny",
    told: expect.stringContaining("not the one") as unknown,
  });
});

test("no answer counts as denied", async () => {
  for (const answer of ["expired", undefined] as const)
    expect(await verdictOf({ approvals: asked(answer) })).toMatchObject({ verdict: "deny" });
});
