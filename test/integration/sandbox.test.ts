import { connect } from "@slipway/sandbox/client";
import type { SandboxControl } from "@slipway/sandbox/session";
import { parseSigningKey, signToken } from "@slipway/sandbox/token";
import type { CommandFrame } from "@slipway/sandbox/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { signIn, type Client } from "../support/client.ts";
import { cloudWith, type Cloud } from "../support/cloud.ts";
import { projectWith } from "../support/page.ts";

/** A real sandbox on the local cloud, from its launch by the API to commands through the edge. */

let cloud: Cloud & { remove(): Promise<void> };
let client: Client;
let project: string;

beforeAll(async () => {
  cloud = await cloudWith();
  client = await signIn(cloud.url, { name: "Runner", plan: "pro" });
  project = await projectWith(client, { "README.md": "# Hello\n", "src/app.js": "console.log('app');\n" });
});
afterAll(() => cloud.remove());

const Link = z.object({ value: z.string() });
const Edge = z.object({ control: z.string() });

/** The control plane's own access: what functions have, and pages do not. */
function control(sandbox: string, epoch: number, origin: string): SandboxControl {
  const { SST_RESOURCE_SandboxKey = "", SST_RESOURCE_SandboxEdge = "" } = cloud.rootEnvironment;
  const key = parseSigningKey(Link.parse(JSON.parse(SST_RESOURCE_SandboxKey)).value);
  const exp = Math.floor(Date.now() / 1000) + 60;
  return connect({
    url: Edge.parse(JSON.parse(SST_RESOURCE_SandboxEdge)).control,
    token: (scope, projectID) =>
      signToken(key, { sandbox, epoch, scope, origin, exp, ...(projectID ? { project: projectID } : {}) }),
  });
}

async function launched(projectID?: string) {
  const body = projectID === undefined ? {} : { projectId: projectID };
  await expect
    .poll(async () => (await client.post("/api/sandbox/launch", body)).json(), { interval: 200 })
    .toMatchObject({ state: "active" });
  return (await client.get("/api/sandbox")).json();
}

async function outputOf(frames: AsyncGenerator<CommandFrame>): Promise<{ text: string; code: number | null }> {
  let text = "";
  for await (const frame of frames) {
    if (frame.type === "output") text += Buffer.from(frame.data, "base64").toString();
    if (frame.type === "exit") return { text, code: frame.info.code };
    if (frame.type === "error") throw new Error(frame.error.message);
  }
  throw new Error("the stream ended without an exit");
}

describe("a sandbox", () => {
  test("is launched by the API, and runs a command through edge and token", async () => {
    const began = performance.now();
    const sandbox = await launched();
    process.stdout.write(`cold launch: ${Math.round(performance.now() - began)} ms\n`);
    const [task] = cloud.tasks();
    expect(task?.startedBy).toBe(sandbox.id);
    const origin = `${task?.host}:8722`;
    const runner = control(String(sandbox.id), 1, origin);
    expect(await runner.health()).toMatchObject({ sandbox: sandbox.id, epoch: 1 });
    expect((await client.post("/api/sandbox/launch", {})).json()).toMatchObject({ state: "active", path: "instant" });

    expect((await client.post(`/api/projects/${project}/sandbox`)).status).toBe(200);
    const session = runner.project(project);
    const { text, code } = await outputOf(session.exec({ call: "one", command: "id -un && node -p 6*7" }));
    expect({ text, code }).toEqual({ text: "sandbox\n42\n", code: 0 });
  });
});
