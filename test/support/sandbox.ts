import { connect } from "@slipway/sandbox/client";
import type { CommandFrame } from "@slipway/sandbox/protocol";
import type { SandboxControl } from "@slipway/sandbox/session";
import { parseSigningKey, signToken, type Claims } from "@slipway/sandbox/token";
import { z } from "zod";
import type { Client } from "./client.ts";
import type { Cloud } from "./cloud.ts";
import { patience } from "./patience.ts";

/** Real sandboxes of a local cloud, as the control plane reaches them: what functions may, and pages may not. */

export interface Running {
  sandboxID: string;
  epoch: number;
  /** `host:port`, as tokens name it. */
  origin: string;
  control: SandboxControl;
  /** A token with these claims, for this sandbox unless they say otherwise. */
  token(claims: Pick<Claims, "scope"> & Partial<Claims>): string;
}

const Link = z.object({ value: z.string() });
const Edge = z.object({ control: z.string() });
const Launched = z.object({ id: z.string(), state: z.string(), stoppedReason: z.string().optional() });

export function edgeOf(cloud: Cloud): URL {
  return new URL(Edge.parse(JSON.parse(cloud.rootEnvironment.SST_RESOURCE_SandboxEdge ?? "")).control);
}

/** Launches the person's sandbox with a project, or finds it running, and waits until the files are there. */
export async function launchFor(cloud: Cloud, client: Client, project: string, epoch = 1): Promise<Running> {
  const launch = async () => Launched.parse((await client.post("/api/sandbox/launch", { projectId: project })).json());
  let sandbox = await launch();
  while (sandbox.state === "creating") sandbox = await launch();
  if (sandbox.state !== "active") throw new Error(sandbox.stoppedReason ?? `the sandbox is ${sandbox.state}`);
  await synced(client, project);
  const task = cloud.tasks().find(({ startedBy }) => startedBy === sandbox.id);
  const key = parseSigningKey(Link.parse(JSON.parse(cloud.rootEnvironment.SST_RESOURCE_SandboxKey ?? "")).value);
  const own = { sandbox: sandbox.id, epoch, origin: `${task?.host}:8722` };
  const token: Running["token"] = (claims) =>
    signToken(key, { ...own, exp: Math.floor(Date.now() / 1000) + 60, ...claims });
  return {
    sandboxID: own.sandbox,
    epoch,
    origin: own.origin,
    token,
    control: connect({
      url: edgeOf(cloud).href,
      token: (scope, projectID) => token({ scope, ...(projectID ? { project: projectID } : {}) }),
    }),
  };
}

/** Waits until both sides hold the same. */
export async function synced(client: Client, project: string): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    const { state, error } = (await client.post(`/api/projects/${project}/sandbox`)).json();
    if (String(state) === "synced") return;
    if (Date.now() > deadline) throw new Error(`the sandbox does not sync: ${String(state)} ${String(error)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** All that a command prints, and how it ends. */
export async function outputOf(frames: AsyncGenerator<CommandFrame>): Promise<{ text: string; code: number | null }> {
  let text = "";
  for await (const frame of frames) {
    if (frame.type === "output") text += Buffer.from(frame.data, "base64").toString();
    if (frame.type === "exit") return { text, code: frame.info.code };
    if (frame.type === "error") throw new Error(frame.error.message);
  }
  throw new Error("the stream ended without an exit");
}
