import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { ToolContext } from "../tool/tool.ts";
import type { GateState, Verdict } from "./gate.ts";

// Core reads its configuration when it is imported.
process.env.SST_RESOURCE_App = JSON.stringify({ name: "slipway", stage: "test" });
process.env.SST_RESOURCE_Table = JSON.stringify({ name: "none" });
process.env.AWS_REGION = "us-east-1";

let verdictOf: (state: Partial<GateState>, input?: unknown) => Promise<Verdict>;
let verdictOfPatch: (deletes: number, state?: Partial<GateState>) => Promise<Verdict>;
let verdictOn: (command: string, state?: Partial<GateState>) => Promise<Verdict>;
let hashOf: (input: unknown) => string;
const input = { paths: ["many"] };

beforeAll(async () => {
  const [{ judge }, { partsOf }, { defineTool }, { createToolbox }, { callHash }] = await Promise.all([
    import("./gate.ts"),
    import("../policy/command-policy.ts"),
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
      risk: ({ paths }) => {
        if (paths[0] === "unjudged") return [];
        return paths.length > 0 ? "It deletes files." : undefined;
      },
      run: () => Promise.resolve({ output: "" }),
    }),
    defineTool({
      name: "apply_patch",
      title: "Patch",
      description: "",
      input: z.object({ deletes: z.number() }),
      deletes: ({ deletes }) => deletes,
      run: () => Promise.resolve({ output: "" }),
    }),
    defineTool({
      name: "run_command",
      title: "Run",
      description: "",
      input: z.object({ command: z.string() }),
      risk: ({ command }) =>
        partsOf(command, { isInstalled: () => false, hasSecrets: false }).map(({ deletes, ...part }) => ({
          ...part,
          ...(deletes ? { sameAs: "delete_files" } : {}),
        })),
      run: () => Promise.resolve({ output: "" }),
    }),
  ]);
  hashOf = (asked) => callHash("1:a", asked);
  const context = {} as ToolContext;
  verdictOf = (state, given = input) =>
    judge(
      { callID: "1:a", tool: "delete_files", input: given },
      {
        tools,
        context,
        gate: { policy: "ask", isPlan: false, rules: [], approvals: [], deletes: new Map(), ...state },
      },
    );
  verdictOfPatch = (deletes, state = {}) =>
    judge(
      { callID: "1:a", tool: "apply_patch", input: { deletes } },
      {
        tools,
        context,
        gate: { policy: "ask", isPlan: false, rules: [], approvals: [], deletes: new Map(), ...state },
      },
    );
  verdictOn = (command, state = {}) =>
    judge(
      { callID: "1:a", tool: "run_command", input: { command } },
      {
        tools,
        context,
        gate: { policy: "ask", isPlan: false, rules: [], approvals: [], deletes: new Map(), ...state },
      },
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

test("a call whose risk names no part is denied, and no policy or rule allows it", async () => {
  const rules = [{ tool: "delete_files", answer: "allow" as const }];
  for (const policy of ["ask", "allow", "deny"] as const)
    expect(await verdictOf({ policy, rules }, { paths: ["unjudged"] })).toMatchObject({ verdict: "deny" });
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

const rule = (answer: "allow" | "deny", pattern?: string, tool = "run_command") => ({
  tool,
  answer,
  ...(pattern === undefined ? {} : { pattern }),
});

test("a command asks for what the default rules do not allow, and names what an answer covers", async () => {
  expect(await verdictOn("npm test && ls")).toEqual({ verdict: "allow" });
  expect(await verdictOn("npm install vite && npm test; git push")).toEqual({
    verdict: "ask",
    reason: "It installs packages from the network. It publishes commits.",
    patterns: ["npm install *", "git push *"],
  });
});

test("a rule with a pattern covers its commands alone, and each part needs one", async () => {
  const rules = [rule("allow", "npm install *")];
  expect(await verdictOn("npm install vite", { rules })).toEqual({ verdict: "allow" });
  expect(await verdictOn("npm install", { rules })).toEqual({ verdict: "allow" });
  expect(await verdictOn("npm installer", { rules })).toMatchObject({ verdict: "ask" });
  expect(await verdictOn("npm install; rm -rf x", { rules })).toMatchObject({
    verdict: "ask",
    patterns: ["rm -rf x"],
  });
  expect(await verdictOn("npm install $(rm -rf x)", { rules })).toMatchObject({ verdict: "ask" });
});

test("deny takes precedence over allow, also for what is allowed without asking", async () => {
  const rules = [rule("deny", "npm test *"), rule("allow", "npm test *"), rule("allow", "npm *")];
  expect(await verdictOn("npm test", { rules })).toMatchObject({ verdict: "deny" });
  expect(await verdictOn("ls && npm test -- a", { rules, policy: "allow" })).toMatchObject({
    verdict: "deny",
    shown: 'Denied by a saved permission for "npm test *".',
  });
  expect(await verdictOn("npm ci", { policy: "deny" })).toMatchObject({ verdict: "deny" });
  expect(await verdictOn("npm test", { policy: "deny" })).toEqual({ verdict: "allow" });
  expect(await verdictOn("a=1", { rules: [rule("deny", "*")] })).toMatchObject({ verdict: "deny" });
  expect(await verdictOn("[[ 'a[$(rm x)]' -eq 1 ]]", { policy: "deny" })).toMatchObject({ verdict: "deny" });
});

test("a rule for deleting files holds for commands that delete", async () => {
  expect(await verdictOn("rm -r x", { rules: [rule("deny", undefined, "delete_files")] })).toMatchObject({
    verdict: "deny",
  });
  expect(await verdictOn("rm -r x", { rules: [rule("allow", undefined, "delete_files")] })).toEqual({
    verdict: "allow",
  });
});

test("a command with too many parts for a person to read can only be allowed once", async () => {
  const command = Array.from({ length: 20 }, (_, at) => `tool${at}`).join("; ");
  expect(await verdictOn(command)).toMatchObject({ verdict: "ask", patterns: [] });
});

test("more than ten deleted files ask, by whatever tool and in however many calls of one answer", async () => {
  expect(await verdictOfPatch(10)).toEqual({ verdict: "allow" });
  expect(await verdictOfPatch(11)).toMatchObject({ verdict: "ask", reason: "Delete 11 files?" });
  const others = new Map([
    ["1:a", 1],
    ["1:b", 10],
  ]);
  expect(await verdictOfPatch(1, { deletes: others })).toMatchObject({
    verdict: "ask",
    reason: "Delete 1 file? This answer deletes 11 files in all.",
  });
  expect(await verdictOfPatch(0, { deletes: others })).toEqual({ verdict: "allow" });
  expect(await verdictOfPatch(11, { policy: "deny" })).toMatchObject({ verdict: "deny" });
  const rules = [{ tool: "delete_files", answer: "deny" as const }];
  expect(await verdictOfPatch(11, { rules })).toMatchObject({ verdict: "deny" });
});

test("a call that was asked about is done as it was answered, also when what made it ask has gone", async () => {
  const approvals = (answer: "allow" | "deny") => asked(answer, { deletes: 1 });
  expect(await verdictOfPatch(1, { approvals: approvals("deny") })).toMatchObject({ verdict: "deny" });
  expect(await verdictOfPatch(1, { approvals: approvals("allow") })).toEqual({ verdict: "allow" });
});
