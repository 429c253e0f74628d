import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Launcher } from "@slipway/local/ecs/launcher";
import { createEc2Server, createEcsServer, publicName, type EcsFaults } from "@slipway/local/ecs/server";
import { cluster, createTasks, type Task, type Tasks } from "@slipway/local/ecs/tasks";
import { createEdge } from "@slipway/local/edge/edge";
import { closeServer, listenOnLoopback } from "@slipway/local/endpoint";
import { sandboxEdge, sandboxes as spec } from "@slipway/manifest";
import { createEdge as createEdgeFunctions } from "@slipway/sandbox/edge";
import { createSigningKey, parsePublicKeys, verifyToken } from "@slipway/sandbox/token";
import { z } from "zod";
import { root } from "./storage.ts";

/**
 * ECS, EC2 and the edge for `@slipway/core`, whose tasks are peers in this process that speak the runner's protocol as far as
 * the control plane needs it. For tests of launches and of what becomes of them; real sandboxes have tests of their own.
 */
export interface Peers {
  /** Tasks that have not stopped. */
  live(): Task[];
  /** Every RunTask so far that was not a repetition. */
  started(): number;
  claims: { sandbox: string; epoch: number }[];
  snapshots: string[];
  /** What the runners say of themselves. */
  health: { idleMs: number };
  /** Tasks that start from now on fail for this reason. */
  failWith: string | undefined;
  /** Runners that start from now on answer nothing. */
  areSilent: boolean;
  /** Of ECS. */
  faults: EcsFaults;
  /** Happens while a runner opens a project. */
  onOpen: (() => Promise<unknown>) | undefined;
  /** Runners that are told to stop do so once this has resolved. */
  packing: Promise<void>;
  /** Ends a task as a fault of its machine would. */
  kill(task: Task): Promise<void>;
  close(): Promise<void>;
}

export async function startPeers(options: { pool?: number } = {}): Promise<Peers> {
  const signingKey = createSigningKey("test");
  const [kid = "", , mac = ""] = signingKey.split(".");
  let started = 0;
  const peers = {
    claims: [] as Peers["claims"],
    snapshots: [] as string[],
    health: { idleMs: 0 },
    failWith: undefined as string | undefined,
    areSilent: false,
    packing: Promise.resolve(),
    faults: {} as EcsFaults,
    onOpen: undefined as Peers["onOpen"],
  };
  const launcher: Launcher = {
    async launch({ environment }) {
      started++;
      if (peers.failWith !== undefined) throw new Error(peers.failWith);
      const server = peers.areSilent ? createServer(() => undefined) : runnerPeer(environment, peers);
      if (peers.areSilent) server.on("terminate", () => void closeServer(server));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      let exit = () => undefined as void;
      const exited = new Promise<{ code: null; output: string }>((resolve) => {
        exit = () => resolve({ code: null, output: "" });
      });
      server.once("close", exit);
      const { port } = server.address() as AddressInfo;
      const end = () => void closeServer(server);
      return { port, pid: 0, exited, terminate: () => server.emit("terminate"), kill: end };
    },
    close: async () => undefined,
  };
  const limits = { memory: 0, disk: 0, processes: 0 };
  const tasks: Tasks = createTasks({ launcher: async () => launcher, limits });
  const common = { tasks, principals: [root], onBug: (error: unknown) => process.stderr.write(`${String(error)}\n`) };
  const ecs = createEcsServer({ ...common, faults: peers.faults, definition: { ...spec, environment: {} } });
  const ec2 = createEc2Server(common);
  const isLive = ({ status }: Task) => status !== "STOPPED";
  const edge = createEdge({
    functions: createEdgeFunctions(
      new Map([
        [`mac-${kid}`, mac],
        ["origins", sandboxEdge.origins],
      ]),
    ),
    portOf: (host) => tasks.all().find((task) => isLive(task) && publicName(task) === host)?.container?.port,
  });
  const front = createServer((request, response) => void edge.answer(request, response));
  const control = await listenOnLoopback(front);
  const links = {
    Sandboxes: {
      cluster,
      taskDefinition: spec.family,
      container: spec.container,
      subnets: ["subnet-test"],
      securityGroups: [],
      port: spec.port,
      pool: options.pool ?? 0,
    },
    SandboxEdge: { previews: "http://*.localhost:3001", sockets: "ws://sandbox.localhost:3001", control },
    SandboxKey: { value: signingKey },
  };
  for (const [name, value] of Object.entries(links)) process.env[`SST_RESOURCE_${name}`] = JSON.stringify(value);
  process.env.AWS_ENDPOINT_URL_ECS = await listenOnLoopback(ecs);
  process.env.AWS_ENDPOINT_URL_EC2 = await listenOnLoopback(ec2);
  return Object.assign(peers, {
    live: () => tasks.all().filter(isLive),
    started: () => started,
    async kill(task: Task) {
      task.container?.kill();
      await task.container?.exited;
    },
    async close() {
      await tasks.close();
      await Promise.all([ecs, ec2, front].map(closeServer));
    },
  });
}

const OpenBody = z.object({ snapshotTo: z.string().nullish() });
const SnapshotBody = z.object({ url: z.string() });

/** A runner that runs nothing. Like the real one it is bound once, and checks every token. */
function runnerPeer(
  environment: Readonly<Record<string, string>>,
  peers: Pick<Peers, "claims" | "snapshots" | "health" | "packing" | "onOpen">,
): Server {
  const keys = parsePublicKeys(environment.SLIPWAY_PUBLIC_KEYS ?? "");
  let bound: { sandbox: string; epoch: number } | undefined;
  const snapshotTo = new Map<string, string>();
  const store = async (path: string, url: string) => {
    peers.snapshots.push(path);
    await fetch(url, { method: "PUT", body: "packed" });
  };
  const leave = async () => {
    await peers.packing;
    for (const [path, url] of snapshotTo) await store(path, url);
    await closeServer(server);
  };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += String(part)));
    request.on("end", () => {
      const claims = verifyToken(String(request.headers["x-slipway-token"]), keys, Date.now());
      const send = (status: number, reply: unknown) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(reply));
      const refuse = (code: string) => send(code === "unauthorized" ? 401 : 409, { error: { code, message: code } });
      if (!claims) return refuse("unauthorized");
      const { sandbox, epoch, scope } = claims;
      const path = request.url ?? "";
      const health = () => ({ sandbox, epoch, version: "peer", startedAt: 1, projects: [], ...peers.health });
      if (path === "/v1/claim" && scope === "claim") {
        if (bound && (bound.sandbox !== sandbox || bound.epoch !== epoch)) return refuse("already_claimed");
        if (!bound) peers.claims.push({ sandbox, epoch });
        bound = { sandbox, epoch };
        return send(200, health());
      }
      if (!bound) return refuse("unclaimed");
      if (bound.sandbox !== sandbox || bound.epoch !== epoch) return refuse("unauthorized");
      if (path === "/v1/health") return send(200, health());
      if (path === "/v1/stop") {
        send(200, { ok: true });
        void leave();
        return;
      }
      if (path.endsWith("/open")) {
        const { snapshotTo: to } = OpenBody.parse(JSON.parse(body));
        if (to === null) snapshotTo.delete(path);
        if (typeof to === "string") snapshotTo.set(path, to);
        const state = { state: "synced", rev: 0, pending: 0, conflicts: [], localOnly: [], error: null };
        const opening = to === null ? undefined : peers.onOpen?.();
        void Promise.resolve(opening).then(() => send(200, state));
        return;
      }
      if (path.endsWith("/snapshot")) {
        void store(path, SnapshotBody.parse(JSON.parse(body)).url);
        return send(200, { ok: true });
      }
      refuse("not_found");
    });
  });
  // As the real one does: it pushes, packs and exits.
  server.on("terminate", () => void leave());
  return server;
}
