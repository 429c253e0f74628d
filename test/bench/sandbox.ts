import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, request, type OutgoingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { WebSocket } from "ws";
import { z } from "zod";
import { signIn, until, type Client } from "../support/client.ts";
import { cloudWith } from "../support/cloud.ts";
import { projectWith } from "../support/page.ts";
import { launchFor, outputOf } from "../support/sandbox.ts";
import { temporaryFolder } from "../support/stack.ts";

type Record = (name: string, value: number, unit: string, floor: number) => void;
type Percentile = (values: number[], share: number) => number;

/**
 * A sandbox on this machine: launches, commands, terminals, previews, sync and snapshots. Floors are the same done bare on
 * the machine, without isolation; launches have the budget of 500 ms.
 */
export async function sandbox(record: Record, percentile: Percentile): Promise<void> {
  const cloud = await cloudWith();
  const scratch = temporaryFolder();
  try {
    const client = await signIn(cloud.url, { name: "Bench", plan: "pro" });
    const project = await projectWith(client, { ".gitignore": "node_modules\n", "note.txt": "0" });
    const median = (values: number[]) => percentile(values, 0.5);
    const timed = async (run: () => Promise<unknown>) => {
      const began = performance.now();
      await run();
      return performance.now() - began;
    };
    const times = async (count: number, run: (n: number) => Promise<unknown>) => {
      const taken: number[] = [];
      for (let n = 0; n < count; n++) taken.push(await timed(() => run(n)));
      return taken;
    };

    // Launches. Each new machine raises the epoch.
    let epoch = 0;
    const launch = (of: string, raised = 0) => launchFor(cloud, client, of, (epoch += raised));
    const cold: number[] = [];
    for (let n = 0; n < 3; n++) {
      cold.push(await timed(() => active(client, project)));
      epoch++;
      if (n < 2) await stopped(client);
    }
    record("cold launch with a project", median(cold), "ms", 500);
    const health = median(await times(20, () => client.get("/api/health")));
    const before = (await cloud.stats()).dynamodb;
    const instant = await times(20, () => client.post("/api/sandbox/launch", { projectId: project }));
    const after = (await cloud.stats()).dynamodb;
    const reads = Object.entries(after).reduce(
      (sum, [name, { requests }]) => sum + requests - (before[name]?.requests ?? 0),
      0,
    );
    record("instant launch", median(instant), "ms", health);
    record("instant launch, table requests with those of signing in", reads / 20, "requests", 1);

    // Commands.
    const { control } = await launch(project);
    const session = control.project(project);
    const run = (call: string, command: string, rev?: number) =>
      outputOf(session.exec({ call, command, ...(rev === undefined ? {} : { rev }) }));
    const bare = await times(20, () => once(spawn("bash", ["-c", "true"]), "exit"));
    const commands = await times(20, (n) => run(`true-${n}`, "true"));
    record("command, over a bare spawn", median(commands) - median(bare), "ms", 50);
    record("command", median(commands), "ms", median(bare));

    // A terminal's echo.
    record("terminal, echo of a key p50", median(await echoes(client, project)), "ms", median(await bareEchoes()));

    // A preview.
    const server = `require("http").createServer((_, r) => r.end(require("fs").readFileSync("note.txt"))).listen(4000)`;
    void run("server", `node -e '${server}'`).catch(() => undefined);
    const access = Access.parse(
      (await client.post(`/api/projects/${project}/sandbox/tokens`, { scope: "preview", port: 4000 })).json(),
    );
    const page = await previewOf(access.url);
    while ((await page()).status !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
    const own = createServer((_, response) => response.end("0"));
    await new Promise<void>((resolve) => own.listen(0, "127.0.0.1", resolve));
    const direct = `http://127.0.0.1:${(own.address() as AddressInfo).port}/`;
    const floor = median(await times(100, async () => (await fetch(direct)).text()));
    record("preview request p50", median(await times(100, page)), "ms", floor);
    own.close();

    // From a save to what the server in the sandbox reads, as hot reload needs it.
    const watch = await socketOf(client, project, "watch");
    const seen: number[] = [];
    for (let n = 1; n <= 10; n++) {
      const rev = await save(client, project, "note.txt", `edit ${n}`);
      const began = performance.now();
      watch.send(JSON.stringify({ type: "changed", rev }));
      while ((await page()).text !== `edit ${n}`) continue;
      seen.push(performance.now() - began);
    }
    watch.close();
    record("a save reaches the server in the sandbox p50", median(seen), "ms", floor);

    // Sync of 5,000 files.
    const files = Object.fromEntries(
      Array.from({ length: 5000 }, (_, n) => [
        `src/d${n % 50}/f${n}.ts`,
        `export const value${n} = ${n};\n`.repeat(90),
      ]),
    );
    const large = await projectWith(client, files);
    const writing = await timed(() => Promise.resolve(writeAll(join(scratch.path, "files"), files)));
    record("first sync of 5,000 files", await timed(() => launch(large)), "ms", writing);
    const inLarge = control.project(large);
    const one = await times(5, async (n) => {
      const rev = await save(client, large, "src/d1/f1.ts", `// ${n}\n`);
      await inLarge.sync({ rev });
    });
    record("sync of one change among 5,000 files", median(one), "ms", health);

    // And the other way: 5,000 files that a command makes.
    const made = await projectWith(client, { "README.md": "# Made\n" });
    await launch(made);
    const inMade = control.project(made);
    const write = `node -e '
      const { mkdirSync, writeFileSync } = require("fs");
      for (let n = 0; n < 5000; n++) {
        mkdirSync("src/d" + (n % 50), { recursive: true });
        writeFileSync("src/d" + (n % 50) + "/f" + n + ".ts", ("export const made" + n + " = " + n + ";\\n").repeat(90));
      }'`;
    const pushing = await timed(async () => {
      await outputOf(inMade.exec({ call: "make", command: write }));
      await inMade.sync({});
    });
    record("first push of 5,000 files", pushing, "ms", writing);

    // Memory of the runner.
    const find = `for p in /proc/[0-9]*; do grep -aq "runner.mjs" $p/cmdline 2>/dev/null && grep VmRSS $p/status; done`;
    const { text } = await run("memory", `${find} | sort -k2 -n | tail -1`);
    const node = spawnSync(process.execPath, ["-p", "process.memoryUsage.rss()"], { encoding: "utf8" });
    record("memory of the runner", Number(/\d+/.exec(text)?.[0]) / 1024, "MB", Number(node.stdout) / 1024 / 1024);

    // 150 MB that sync ignores, over a stop and a start.
    const fill = `mkdir -p node_modules && cd node_modules && node -e '
      const { mkdirSync, writeFileSync } = require("fs");
      for (let n = 0; n < 8000; n++) {
        if (n % 100 === 0) mkdirSync("p" + n / 100);
        writeFileSync("p" + Math.floor(n / 100) + "/f" + n + ".js", ("export const v" + n + " = " + Math.random() + ";\\n").repeat(500));
      }'`;
    await run("fill", fill);
    const packing = await timed(() =>
      outputOf(session.exec({ call: "tar", command: "tar cf - node_modules | gzip -1 | wc -c" })),
    );
    record("stop with a snapshot of 150 MB", await timed(() => stopped(client)), "ms", packing);
    const back = await timed(async () => {
      const next = (await launch(project, 1)).control.project(project);
      const counted = await outputOf(next.exec({ call: "count", command: "ls node_modules/* | wc -l" }));
      if (!counted.text.trim().startsWith("8")) throw new Error(`The snapshot came back with ${counted.text} files.`);
    });
    record("cold launch with a restore of 150 MB", back, "ms", packing);
  } finally {
    await cloud.remove();
    scratch.remove();
  }
}

const Access = z.object({ url: z.string(), token: z.string() });

/** Launches until it runs, as a page does. */
async function active(client: Client, project: string): Promise<void> {
  const body = { projectId: project };
  while (String((await client.post("/api/sandbox/launch", body)).json().state) !== "active") continue;
}

async function stopped(client: Client): Promise<void> {
  await client.post("/api/sandbox/stop");
  await until(
    async () => (String((await client.get("/api/sandbox")).json().state) === "stopped" ? true : undefined),
    "the stop",
  );
}

/** Saves over a file. */
async function save(client: Client, project: string, path: string, content: string): Promise<number> {
  const { rev } = (await client.get(`/api/projects/${project}/files/${path}`)).json();
  const changes = [{ op: "put", path, content, rev }];
  const reply = await client.post(`/api/projects/${project}/changes`, { changes });
  return z.object({ rev: z.number() }).parse(reply.json()).rev;
}

function writeAll(folder: string, files: globalThis.Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    const full = join(folder, path);
    mkdirSync(join(full, ".."), { recursive: true });
    writeFileSync(full, text);
  }
  readFileSync(join(folder, "src/d1/f1.ts"));
}

async function socketOf(client: Client, project: string, scope: "watch" | "terminal"): Promise<WebSocket> {
  const reply = await client.post(`/api/projects/${project}/sandbox/tokens`, { scope });
  const { url, token } = Access.parse(reply.json());
  const address = new URL(url);
  if (scope === "terminal") address.searchParams.set("id", "bench");
  const { host } = address;
  // Node does not resolve the names below localhost everywhere.
  address.hostname = "127.0.0.1";
  const socket = new WebSocket(address, ["slipway.sandbox.1", `slipway.token.${token}`], { headers: { host } });
  await once(socket, "open");
  return socket;
}

/** Milliseconds from a key to its echo. */
async function echoes(client: Client, project: string): Promise<number[]> {
  const socket = await socketOf(client, project, "terminal");
  let output = "";
  socket.on("message", (data, isBinary) => {
    if (isBinary) output += String(data);
    socket.emit("output");
  });
  const send = (data: string) => socket.send(JSON.stringify({ type: "input", data }));
  send("cat\n");
  while (!output.includes("cat")) await once(socket, "output");
  const taken: number[] = [];
  for (let n = 0; n < 50; n++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    output = "";
    const began = performance.now();
    send("x");
    while (!output.includes("x")) await once(socket, "output");
    taken.push(performance.now() - began);
  }
  socket.close();
  return taken;
}

/** The same through `cat` and a pipe. */
async function bareEchoes(): Promise<number[]> {
  const echo = spawn("cat");
  const taken: number[] = [];
  for (let n = 0; n < 50; n++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const began = performance.now();
    echo.stdin.write("x");
    await once(echo.stdout, "data");
    taken.push(performance.now() - began);
  }
  echo.kill();
  return taken;
}

interface Reply {
  status: number;
  cookies: string[];
  text: string;
}

/** `fetch` sets the host itself. */
function get({ port, pathname, search }: URL, headers: OutgoingHttpHeaders): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path: pathname + search, headers }, (response) => {
      let text = "";
      response.on("data", (part) => (text += String(part)));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, cookies: response.headers["set-cookie"] ?? [], text }),
      );
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** The page behind a preview's address, with the cookie that opening it sets. */
async function previewOf(url: string): Promise<() => Promise<Reply>> {
  const address = new URL(url);
  const { host } = address;
  const opened = await get(address, { host });
  const cookie = opened.cookies.map((each) => each.split(";", 1)[0]).join("; ");
  return () => get(new URL("/", address), { host, cookie });
}
