import { connect } from "@slipway/sandbox/client";
import type { CommandFrame } from "@slipway/sandbox/protocol";
import type { SandboxControl } from "@slipway/sandbox/session";
import { parseSigningKey, signToken } from "@slipway/sandbox/token";
import { z } from "zod";
import { until, type Client } from "./client.ts";
import type { Cloud } from "./cloud.ts";

const Link = z.object({ value: z.string() });
const Edge = z.object({ control: z.string() });

/** A runner as the control plane reaches it: with the access that functions have, and pages do not. */
export function controlOf(cloud: Cloud, sandbox: string, epoch: number, origin: string): SandboxControl {
  const { SST_RESOURCE_SandboxKey = "", SST_RESOURCE_SandboxEdge = "" } = cloud.rootEnvironment;
  const key = parseSigningKey(Link.parse(JSON.parse(SST_RESOURCE_SandboxKey)).value);
  const exp = Math.floor(Date.now() / 1000) + 300;
  return connect({
    url: Edge.parse(JSON.parse(SST_RESOURCE_SandboxEdge)).control,
    token: (scope, projectID) =>
      signToken(key, { sandbox, epoch, scope, origin, exp, ...(projectID ? { project: projectID } : {}) }),
  });
}

/** Launches the person's sandbox with a project, until it is active and its files are there. */
export async function launch(cloud: Cloud, client: Client, projectID: string): Promise<SandboxControl> {
  const body = { projectId: projectID };
  await until(
    async () =>
      (await client.post("/api/sandbox/launch", body)).json().state?.toString() === "active" ? true : undefined,
    "the sandbox",
  );
  await until(
    async () =>
      (await client.post(`/api/projects/${projectID}/sandbox`)).json().state?.toString() === "synced"
        ? true
        : undefined,
    "the project's files in the sandbox",
  );
  const { id } = (await client.get("/api/sandbox")).json();
  const task = cloud.tasks().find(({ startedBy }) => startedBy === id);
  const control = (epoch: number) => controlOf(cloud, String(id), epoch, `${task?.host}:8722`);
  // Each launch raises it.
  for (let epoch = 1; ; epoch++) {
    const found = control(epoch);
    if (await found.health().catch(() => undefined)) return found;
    if (epoch === 50) throw new Error("The sandbox accepts no epoch.");
  }
}

export async function outputOf(frames: AsyncGenerator<CommandFrame>): Promise<{ text: string; code: number | null }> {
  let text = "";
  for await (const frame of frames) {
    if (frame.type === "output") text += Buffer.from(frame.data, "base64").toString();
    if (frame.type === "exit") return { text, code: frame.info.code };
    if (frame.type === "error") throw new Error(frame.error.message);
  }
  throw new Error("the stream ended without an exit");
}
