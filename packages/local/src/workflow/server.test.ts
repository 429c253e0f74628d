import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  InvalidExecutionInput,
  ListExecutionsCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StateMachineDoesNotExist,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeServer, listenOnLoopback } from "../endpoint.ts";
import type { Principal } from "../principal.ts";
import { parseDefinition } from "./definition.ts";
import { openExecutions } from "./executions.ts";
import { createInterpreter } from "./interpreter.ts";
import { createWorkflowServer } from "./server.ts";

/** Step Functions' API as the product's own SDK sees it. */

const stateMachineArn = "arn:aws:states:us-east-1:000000000000:stateMachine:github-sync";
const waiting = {
  StartAt: "Wait",
  States: { Wait: { Type: "Wait", SecondsPath: "$.seconds", Next: "Done" }, Done: { Type: "Succeed" } },
};
const root: Principal = { name: "root", accessKeyID: "ROOT", secretAccessKey: "secret", allows: "everything" };
const runs: Principal = {
  name: "runs",
  accessKeyID: "RUNS",
  secretAccessKey: "secret",
  allows: ["StartExecution", "DescribeExecution", "SendTaskSuccess"].map((name) => ({
    action: `states:${name}`,
    resource: "agent-run" as const,
  })),
};

let client: SFNClient;
let stranger: SFNClient;
let stop: () => Promise<void>;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-sfn-"));
  const executions = openExecutions(folder);
  const machines = [{ arn: stateMachineArn, definition: parseDefinition(JSON.stringify(waiting)) }];
  const onBug = (error: unknown) => expect.fail(String(error));
  const interpreter = createInterpreter({ machines, executions, invoke: () => Promise.resolve(null), onBug });
  const server = createWorkflowServer({ machines, interpreter, executions, principals: [root, runs], onBug });
  const endpoint = await listenOnLoopback(server);
  const as = ({ accessKeyID, secretAccessKey }: Principal) =>
    new SFNClient({ endpoint, region: "us-east-1", credentials: { accessKeyId: accessKeyID, secretAccessKey } });
  client = as(root);
  stranger = as(runs);
  stop = async () => {
    await closeServer(server);
    interpreter.close();
    executions.close();
    rmSync(folder, { recursive: true, force: true });
  };
});
afterAll(() => stop());

async function startOne(name: string, seconds = 3600): Promise<string> {
  const { executionArn = "" } = await client.send(
    new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify({ seconds }) }),
  );
  return executionArn;
}

test("a stopped execution is ABORTED with its error and cause, and stopping it again changes nothing", async () => {
  const executionArn = await startOne("stopped");
  expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
    status: "RUNNING",
    name: "stopped",
    stateMachineArn,
    input: '{"seconds":3600}',
  });
  const first = await client.send(new StopExecutionCommand({ executionArn, error: "Enough", cause: "a test" }));
  const again = await client.send(new StopExecutionCommand({ executionArn, error: "Other" }));
  expect(again.stopDate).toEqual(first.stopDate);
  expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
    status: "ABORTED",
    error: "Enough",
    cause: "a test",
    stopDate: first.stopDate,
  });
  await expect(startOne("stopped")).rejects.toBeInstanceOf(ExecutionAlreadyExists);
});

test("starting a running execution again with the same input returns it", async () => {
  const executionArn = await startOne("twice");
  expect(await startOne("twice")).toBe(executionArn);
  await expect(startOne("twice", 3601)).rejects.toBeInstanceOf(ExecutionAlreadyExists);
});

test("lists executions by status and in pages", async () => {
  for (const name of ["page-1", "page-2", "page-3"]) {
    await client.send(new StopExecutionCommand({ executionArn: await startOne(name) }));
  }
  await startOne("page-running");
  const names: (string | undefined)[] = [];
  let nextToken: string | undefined;
  do {
    const page: { executions?: { name?: string; stopDate?: Date }[]; nextToken?: string } = await client.send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter: "ABORTED", maxResults: 2, nextToken }),
    );
    expect(page.executions?.length).toBeLessThanOrEqual(2);
    expect(page.executions?.every(({ stopDate }) => stopDate !== undefined)).toBe(true);
    names.push(...(page.executions ?? []).map(({ name }) => name));
    nextToken = page.nextToken;
  } while (nextToken);
  expect(names).toEqual(expect.arrayContaining(["page-1", "page-2", "page-3"]));
  expect(names).not.toContain("page-running");
  expect(new Set(names).size).toBe(names.length);
});

test("refuses unknown executions, unknown machines, and input that is not JSON", async () => {
  const executionArn = stateMachineArn.replace("stateMachine", "execution") + ":nobody";
  await expect(client.send(new DescribeExecutionCommand({ executionArn }))).rejects.toBeInstanceOf(
    ExecutionDoesNotExist,
  );
  await expect(client.send(new StopExecutionCommand({ executionArn }))).rejects.toBeInstanceOf(ExecutionDoesNotExist);
  await expect(
    client.send(new ListExecutionsCommand({ stateMachineArn: `${stateMachineArn}-other` })),
  ).rejects.toBeInstanceOf(StateMachineDoesNotExist);
  await expect(
    client.send(new StartExecutionCommand({ stateMachineArn, name: "x", input: "{" })),
  ).rejects.toBeInstanceOf(InvalidExecutionInput);
});

test("a grant on one workflow is not a grant on another", async () => {
  const denied = { name: "AccessDeniedException" };
  const executionArn = await startOne("not-yours");
  await expect(
    stranger.send(new StartExecutionCommand({ stateMachineArn, name: "x", input: "{}" })),
  ).rejects.toMatchObject(denied);
  await expect(stranger.send(new DescribeExecutionCommand({ executionArn }))).rejects.toMatchObject(denied);
  await expect(
    stranger.send(new SendTaskSuccessCommand({ taskToken: "nobody-waits", output: "{}" })),
  ).rejects.toMatchObject({ name: "TaskTimedOut" });
});
