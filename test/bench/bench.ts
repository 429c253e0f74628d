import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { functions, web } from "@slipway/manifest";
import { WebSocket, WebSocketServer } from "ws";
import { ended, listen, signIn } from "../support/client.ts";
import { cloudWith, isTitle } from "../support/cloud.ts";
import { startStack, temporaryFolder } from "../support/stack.ts";
import { agent } from "./agent/agent.ts";
import { cost } from "./cost.ts";
import { github } from "./github.ts";
import { page } from "./page.ts";
import { sandbox } from "./sandbox.ts";

/**
 * Speed, cost and the agent's edits, each figure beside a floor, measured in the same run where it is a time: `npm run
 * bench`, or `npm run bench -- relay` for one. Not a test: machines differ, ratios less so.
 */
interface Figure {
  name: string;
  value: number;
  unit: string;
  floor: number;
  ratio: number;
}
const figures: Figure[] = [];
const root = join(import.meta.dirname, "../..");

function record(name: string, value: number, unit: string, floor: number): void {
  const round = (number: number) => Number(number.toPrecision(4));
  figures.push({ name, value: round(value), unit, floor: round(floor), ratio: round(floor === 0 ? 0 : value / floor) });
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

async function times(count: number, run: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let n = 0; n < count; n++) {
    const began = performance.now();
    await run();
    taken.push(performance.now() - began);
  }
  return taken;
}

/** From a model's token to a browser's socket; the floor is a bare loopback socket. */
async function relay(): Promise<void> {
  const words = 150;
  const sentAt: number[] = [];
  const cloud = await cloudWith({
    async *script(request) {
      if (isTitle(request)) {
        yield { type: "text", text: "Measuring the relay" };
      } else {
        for (let n = 0; n < words; n++) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          sentAt.push(performance.now());
          yield { type: "text", text: `<${n}>` };
        }
      }
      yield { type: "stop", reason: "end_turn", usage: { inputTokens: 1, outputTokens: 1 } };
    },
  });
  const client = await signIn(cloud.url, { name: "Bench", plan: "pro" });
  const project = String((await client.post("/api/projects", {})).json().id);
  const conversation = String((await client.post(`/api/projects/${project}/conversations`)).json().id);
  const listener = await listen(client, project);
  const seenAt: number[] = [];
  let looked = 0;
  const watch = setInterval(() => {
    for (; looked < listener.messages.length; looked++) {
      const message = listener.messages[looked];
      if (message?.type !== "delta") continue;
      for (const { text } of message.deltas)
        for (const found of text.matchAll(/<(\d+)>/g)) seenAt[Number(found[1])] = performance.now();
    }
  }, 1);
  const { runId } = (await client.post("/api/messages", { conversationId: conversation, message: "go" })).json();
  await ended(client, String(runId));
  clearInterval(watch);
  listener.close();
  await cloud.remove();
  const taken = sentAt.flatMap((at, n) => (seenAt[n] === undefined ? [] : [seenAt[n] - at]));
  const floor = await socketFloor();
  record("token relay p50", percentile(taken, 0.5), "ms", percentile(floor, 0.5));
  record("token relay p99", percentile(taken, 0.99), "ms", percentile(floor, 0.99));
}

async function socketFloor(): Promise<number[]> {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => socket.on("message", (data) => socket.send(data)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await new Promise((resolve) => socket.on("open", resolve));
  const taken = await times(200, () => new Promise((resolve) => (socket.once("message", resolve), socket.send("x"))));
  socket.close();
  sockets.close();
  server.close();
  return taken;
}

/** The API's verbs: time beside that of `/api/health`, requests to the table beside one, and units. */
async function api(): Promise<void> {
  const cloud = await cloudWith();
  const client = await signIn(cloud.url, { name: "Bench", plan: "pro" });
  const project = String((await client.post("/api/projects", {})).json().id);
  const base = `/api/projects/${project}`;
  let rev = Number((await client.request("PUT", `${base}/files/a.txt`, { body: { content: "0" } })).json().rev);
  let count = 0;
  const verbs: Record<string, () => Promise<unknown>> = {
    "GET project": () => client.get(base),
    "GET files": () => client.get(`${base}/files`),
    "GET file": () => client.get(`${base}/files/a.txt`),
    "GET changes": () => client.get(`${base}/changes?since=${rev}`),
    "GET projects": () => client.get("/api/projects"),
    "GET usage": () => client.get("/api/agent/usage"),
    "PUT file": async () => {
      const reply = await client.request("PUT", `${base}/files/a.txt`, {
        body: { content: String(++count) },
        headers: { "if-match": String(rev) },
      });
      rev = Number(reply.json().rev);
    },
  };
  const floor = percentile(await times(60, () => client.get("/api/health")), 0.5);
  for (const [name, run] of Object.entries(verbs)) {
    await times(10, run);
    const before = (await cloud.stats()).dynamodb;
    const taken = await times(40, run);
    const after = (await cloud.stats()).dynamodb;
    const sum = (stats: typeof after, field: "requests" | "units") =>
      Object.values(stats).reduce((total, entry) => total + entry[field], 0);
    record(`${name} p50`, percentile(taken, 0.5), "ms", floor);
    record(`${name} table requests`, (sum(after, "requests") - sum(before, "requests")) / 40, "requests", 1);
    record(`${name} units`, (sum(after, "units") - sum(before, "units")) / 40, "capacity units", 0.5);
  }
  await cloud.remove();
}

/**
 * Sizes of what is deployed, beside 1 MB, and the time to import it, beside that of an empty module: cold, and with V8's
 * compile cache as Node keeps it. The cache fits one version and processor, so it cannot be deployed.
 */
function bundles(): void {
  const settings = {
    name: "x",
    value: "[]",
    url: "http://x",
    arn: "x",
    managementEndpoint: "http://x",
    stage: "x",
    adminEmails: [],
    planLimits: { free: 1, pro: 1 },
    defaultModel: "demo",
  };
  const links = [...new Set(Object.values(functions).flatMap(({ links: of }) => [...of]))];
  const env = {
    ...Object.fromEntries(["App", ...links].map((name) => [`SST_RESOURCE_${name}`, JSON.stringify(settings)])),
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "x",
    AWS_SECRET_ACCESS_KEY: "x",
  };
  const measure = (specifier: string, more: Record<string, string> = {}) => {
    const script = `const t=performance.now();await import(${JSON.stringify(specifier)});console.log(performance.now()-t)`;
    const taken = Array.from({ length: 9 }, () => {
      const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
        encoding: "utf8",
        env: { ...env, ...more },
      });
      if (run.status !== 0) throw new Error(`${specifier} cannot be imported: ${run.stderr}`);
      return Number(run.stdout.trim().split("\n").at(-1));
    });
    return percentile(taken, 0.5);
  };
  const cache = temporaryFolder();
  const floor = measure("data:text/javascript,export{}");
  const files = Object.keys(functions).map((name) => [name, join(root, ".build/functions", name, "index.mjs")]);
  for (const [name = "", file = ""] of [...files, ["web", join(root, web.output, "server/index.mjs")]]) {
    const size = name === "web" ? sizeOf(join(root, web.output, "server")) : loadedWith(file);
    record(`${name} bundle`, size, "bytes", 1_000_000);
    record(`${name} import`, measure(file), "ms", floor);
    record(`${name} import, compile cache`, measure(file, { NODE_COMPILE_CACHE: cache.path }), "ms", floor);
  }
  cache.remove();
}

/** Bytes of a module and of what it imports before it runs. */
function loadedWith(file: string, seen = new Set<string>()): number {
  if (seen.has(file)) return 0;
  seen.add(file);
  const imported = readFileSync(file, "utf8").matchAll(/(?:from|import)\s*"(\.\/[^"]+\.mjs)"/g);
  return [...imported].reduce(
    (sum, [, path = ""]) => sum + loadedWith(join(dirname(file), path), seen),
    statSync(file).size,
  );
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

/** From the command to "ready", beside starting Node to do nothing. */
async function start(): Promise<void> {
  const folder = temporaryFolder();
  const taken: number[] = [];
  for (let n = 0; n < 3; n++) {
    const stack = await startStack({ data: folder.path });
    taken.push(stack.startedIn);
    await stack.stop();
  }
  folder.remove();
  const floor = percentile(await times(5, () => Promise.resolve(spawnSync(process.execPath, ["-e", ""]))), 0.5);
  record("start to ready", percentile(taken, 0.5), "ms", floor);
}

const benches: Record<string, () => Promise<void> | void> = {
  relay,
  api,
  bundles,
  start,
  page: () => page(record, percentile),
  github: () => github(record),
  sandbox: () => sandbox(record, percentile),
  cost: () => cost(record),
  agent: () => agent(record, part),
};
const [wanted, part] = process.argv.slice(2);
for (const [name, run] of Object.entries(benches)) {
  if (wanted === undefined || wanted === name) await run();
}
if (figures.length === 0)
  throw new Error(`There is no bench "${wanted}". There are: ${Object.keys(benches).join(", ")}.`);
console.table(Object.fromEntries(figures.map(({ name, ...figure }) => [name, figure])));
const results = join(root, "test/bench/results");
mkdirSync(results, { recursive: true });
writeFileSync(join(results, "latest.json"), `${JSON.stringify(figures, null, 2)}\n`);
