import { createServer } from "node:http";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { socketProtocol, TerminalEvent, tokenProtocolPrefix, WatchEvent } from "@slipway/contract/sandbox";
import { WebSocket } from "ws";
import { connect } from "../src/client.ts";
import { createSigningKey, parseSigningKey, signToken, type Claims } from "../src/token.ts";
import {
  collect,
  isAlive,
  otherProjectID,
  projectID,
  sandbox,
  startRunner,
  type TestRunner,
} from "../../../test/support/runner.ts";

const running: TestRunner[] = [];
async function start(env: Record<string, string> = {}): Promise<TestRunner> {
  const runner = await startRunner(env);
  running.push(runner);
  return runner;
}
const stopAll = async () => void (await Promise.all(running.splice(0).map((runner) => runner.stop())));

/** A browser's socket, with what it has received. */
function open(runner: TestRunner, path: string, token: string) {
  const socket = new WebSocket(`${runner.url.replace("http", "ws")}${path}`, [
    socketProtocol,
    `${tokenProtocolPrefix}${token}`,
  ]);
  const texts: unknown[] = [];
  let bytes = Buffer.alloc(0);
  socket.on("message", (data: Buffer, isBinary) => {
    if (isBinary) bytes = Buffer.concat([bytes, data]);
    else texts.push(JSON.parse(data.toString()));
  });
  const closed = new Promise<number>((resolve) => {
    socket.on("close", resolve);
    socket.on("error", () => resolve(0));
  });
  return {
    socket,
    texts,
    closed,
    text: () => bytes.toString(),
    send: (value: unknown) => socket.send(JSON.stringify(value)),
  };
}

describe("a task from a pool", () => {
  afterEach(stopAll);
  const unclaimed = { SLIPWAY_SANDBOX_ID: "", SLIPWAY_EPOCH: "" };

  test("does nothing before its claim, and belongs to the first", async () => {
    const runner = await start(unclaimed);
    const project = runner.control.project(projectID);
    await expect(project.open({})).rejects.toMatchObject({ code: "unclaimed" });
    await expect(runner.control.health()).rejects.toMatchObject({ code: "unclaimed" });
    expect((await fetch(`${runner.url}/health`)).status).toBe(200);

    expect(await runner.control.claim({})).toMatchObject({ sandbox, epoch: 1 });
    expect(await runner.control.claim({})).toMatchObject({ sandbox, epoch: 1 });
    await project.open({});
    expect((await collect(project.exec({ call: "a", command: "echo mine" }))).text).toBe("mine\n");

    const other = connect({ url: runner.url, token: (scope) => runner.token({ scope, project: undefined, epoch: 2 }) });
    await expect(other.claim({})).rejects.toMatchObject({ code: "already_claimed" });
    await expect(other.health()).rejects.toMatchObject({ code: "unauthorized" });
  });

  test("a token for control is no claim", async () => {
    const runner = await start(unclaimed);
    const other = connect({ url: runner.url, token: () => runner.token({ scope: "control" }) });
    await expect(other.claim({})).rejects.toMatchObject({ code: "unclaimed" });
  });
});

describe("a request is refused", () => {
  let runner: TestRunner;
  beforeAll(async () => {
    runner = await start();
    await runner.control.project(projectID).open({});
  });
  afterAll(stopAll);

  const path = `/v1/projects/${projectID}/commands`;
  const ask = (token: string | undefined) =>
    fetch(runner.url + path, { headers: token === undefined ? {} : { "x-slipway-token": token } });

  test("unless its token is for this sandbox, epoch and project, and in time", async () => {
    expect((await ask(runner.token())).status).toBe(200);
    const wrong: Partial<Claims>[] = [
      { sandbox: "sbx_01KAYE0000000000000000000Z" },
      { epoch: 2 },
      { project: otherProjectID },
      { project: undefined },
      { exp: Math.floor(Date.now() / 1000) - 1 },
      { scope: "terminal" },
      { scope: "watch" },
      { scope: "sync", origin: undefined },
      { scope: "claim" },
    ];
    for (const claims of wrong) expect((await ask(runner.token(claims))).status, JSON.stringify(claims)).toBe(401);
    expect((await ask(undefined)).status).toBe(401);
    expect((await ask("a.b.c")).status).toBe(401);
    const forged = parseSigningKey(createSigningKey("k1"));
    const claims = { sandbox, epoch: 1, scope: "control", project: projectID, origin: "a:80", exp: 2e9 } as const;
    expect((await ask(signToken(forged, claims))).status).toBe(401);
  });

  test("by a socket too", async () => {
    for (const claims of [
      { scope: "control" },
      { scope: "watch", epoch: 2 },
      { scope: "watch", project: otherProjectID },
    ] as const) {
      const { closed } = open(runner, "/watch", runner.token(claims));
      expect(await closed).toBe(0);
    }
    expect(await open(runner, "/terminal?id=a", runner.token({ scope: "watch" })).closed).toBe(0);
  });

  test("when it is too large or not as expected, with the reason", async () => {
    const send = (body: string) =>
      fetch(runner.url + path, { method: "POST", body, headers: { "x-slipway-token": runner.token() } });
    expect((await send("{")).status).toBe(400);
    expect((await send('{"call":"../x","command":"true"}')).status).toBe(400);
    expect((await send(`{"call":"a","command":"${"x".repeat(600_000)}"}`)).status).toBe(413);
  });
});

describe("a terminal", () => {
  let runner: TestRunner;
  beforeAll(async () => {
    runner = await start();
    await runner.control.project(projectID).open({});
  });
  afterAll(stopAll);
  const terminal = (query: string) => open(runner, `/terminal?${query}`, runner.token({ scope: "terminal" }));

  test("echoes, resizes, and continues after a lost connection from where it was", async () => {
    const first = terminal("id=one&cols=91&rows=17");
    await expect
      .poll(() => first.texts)
      .toContainEqual(expect.objectContaining({ type: "attached", offset: 0, cols: 91, rows: 17 }));
    first.send({ type: "input", data: "stty size; pwd\n" });
    await expect.poll(first.text).toContain("17 91");
    await expect.poll(first.text).toContain(runner.workspace);
    first.send({ type: "input", data: 'echo "path:$PATH:"\n' });
    await expect.poll(first.text).toContain(`path:${process.env["PATH"]}:`);
    first.send({ type: "input", data: "cat\n" });
    const titles = async () => (await runner.control.project(projectID).terminals()).map(({ title }) => title);
    await expect.poll(titles).toEqual(["cat"]);
    first.send({ type: "input", data: "\u0003" });
    await expect.poll(titles).toEqual(["bash"]);
    first.send({ type: "resize", cols: 50, rows: 10 });
    first.send({ type: "input", data: "stty size\n" });
    await expect.poll(first.text).toContain("10 50");
    const seen = Buffer.byteLength(first.text());
    first.socket.terminate();
    await runner.control.project(projectID).resizeTerminal("one", { cols: 60, rows: 10 });

    const second = terminal(`id=one&offset=${seen}`);
    await expect.poll(() => second.texts[0]).toMatchObject({ type: "attached", offset: seen, total: seen, cols: 60 });
    second.send({ type: "input", data: "echo after\n" });
    await expect.poll(second.text).toMatch(/after\r\n/);
    expect(second.text()).not.toContain("17 91");
    const third = terminal("id=one");
    await expect.poll(third.text).toContain("17 91");

    second.send({ type: "input", data: "exit 4\n" });
    for (const each of [second, third]) {
      expect(await each.closed).toBe(1000);
      expect(TerminalEvent.parse(each.texts.at(-1))).toEqual({ type: "exit", code: 4, signal: null });
    }
    expect(await runner.control.project(projectID).terminals()).toEqual([]);
  });

  test("keeps a bounded scrollback, and says where what it still has begins", async () => {
    const first = terminal("id=flood");
    first.socket.on("open", () =>
      first.send({ type: "input", data: "head -c 3000000 /dev/zero | tr '\\0' x; echo; echo fini''shed\n" }),
    );
    await expect.poll(first.text).toContain("finished");
    const late = terminal("id=flood");
    await expect.poll(late.text).toContain("finished");
    const [attached] = late.texts.map((text) => TerminalEvent.parse(text));
    expect(attached?.type === "attached" && attached.offset).toBeGreaterThan(1_000_000);
    expect(late.text().length).toBeLessThan(1_500_000);
  });

  test("closing ends what runs in it, also what ignores it", async () => {
    const shown = terminal("id=stubborn");
    shown.socket.on("open", () =>
      shown.send({ type: "input", data: "sh -c 'trap \"\" HUP TERM INT; echo pid $$; while :; do sleep 1; done'\n" }),
    );
    await expect.poll(shown.text).toMatch(/pid \d+/);
    const pid = Number(/pid (\d+)/.exec(shown.text())?.[1]);
    await runner.control.project(projectID).closeTerminal("stubborn");
    await shown.closed;
    expect(isAlive(pid)).toBe(false);
  });
});

describe("ports and previews", () => {
  let runner: TestRunner;
  beforeAll(async () => {
    runner = await start();
    await runner.control.project(projectID).open({});
    writeFileSync(
      join(runner.workspace, "server.mjs"),
      `import { createServer } from "node:http"; import { createHash } from "node:crypto";
       const server = createServer((request, response) => {
         if (request.url === "/crash") { console.log("about to fail"); console.error("Error: <boom>"); process.exit(1); }
         if (request.url === "/page") {
           response.setHeader("content-type", "text/html");
           response.setHeader("content-length", Buffer.byteLength("<!doctype html><head><title>é</title></head>"));
           response.write("<!doctype html><he");
           return setTimeout(() => response.end("ad><title>é</title></head>"), 20);
         }
         response.setHeader("set-cookie", ["theirs=1; Domain=.example.com; Path=/", "__Host-pv=stolen"]);
         response.end(JSON.stringify({ url: request.url, method: request.method, headers: request.headers }));
       });
       server.on("upgrade", (request, socket) => {
         const accept = createHash("sha1").update(request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
         socket.write("HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: " + accept + "\\r\\n\\r\\n");
         socket.write(Buffer.concat([Buffer.from([0x81, 5]), Buffer.from("hello")]));
       });
       server.listen(0, process.argv[2], () => console.log("port " + server.address().port));`,
    );
  });
  afterAll(stopAll);

  async function serve(call: string, host = "127.0.0.1"): Promise<number> {
    const session = runner.control.project(projectID);
    let text = "";
    for await (const frame of session.exec({
      call,
      command: `node server.mjs ${host}`,
      background: true,
      timeoutMs: 0,
    })) {
      if (frame.type === "output") text += Buffer.from(frame.data, "base64").toString();
      const port = /port (\d+)/.exec(text)?.[1];
      if (port) return Number(port);
    }
    throw new Error("no server");
  }
  const preview = (
    port: number,
    path: string,
    { headers, ...init }: Omit<RequestInit, "headers"> & { headers?: Record<string, string> } = {},
  ) =>
    fetch(runner.url + path, {
      ...init,
      headers: { ...headers, "x-slipway-token": runner.token({ scope: "preview", port }) },
    });

  test("finds what listens, tells who watches, and forwards to it whatever the path", async () => {
    const watcher = open(runner, "/watch", runner.token({ scope: "watch" }));
    await expect.poll(() => watcher.texts.length).toBeGreaterThan(0);
    const port = await serve("server");
    const ports = () => WatchEvent.parse(watcher.texts.at(-1)).ports;
    await expect.poll(ports).toEqual([{ port, pid: expect.any(Number), program: expect.any(String), call: "server" }]);
    expect(await runner.control.project(projectID).ports()).toHaveLength(1);

    for (const path of ["/", "/v1/health", `/v1/projects/${projectID}/commands`, "/health", "/terminal"]) {
      const reply = await preview(port, path, { headers: { cookie: "a=1; __Host-pv=secret; b=2" } });
      const { url, headers } = await reply.json();
      expect(url).toBe(path);
      expect(headers.cookie).toBe("a=1; b=2");
      expect(headers["x-slipway-token"]).toBeUndefined();
      expect(headers.host).toBe(`localhost:${port}`);
      expect(reply.headers.getSetCookie()).toEqual(["theirs=1; Path=/"]);
    }
    const posted = await (await preview(port, "/form", { method: "POST", body: "x".repeat(100_000) })).json();
    expect(posted).toMatchObject({ method: "POST", headers: { "content-length": "100000" } });
    await runner.control.project(projectID).kill("server");
    await expect.poll(ports).toEqual([]);
  });

  test("a page in a frame reports to the app around it; nothing else is changed", async () => {
    const api = { url: "http://127.0.0.1:9/", token: "none" };
    await runner.control.project(projectID).open({ api, wait: false });
    const port = await serve("pages");
    const frame = { "sec-fetch-dest": "iframe" };
    const page = async (headers: Record<string, string>) => (await preview(port, "/page", { headers })).text();
    const script = '<script src="/.slipway/preview.js"></script>';
    expect(await page(frame)).toBe(`<!doctype html><head>${script}<title>é</title></head>`);
    expect(await page({ "sec-fetch-dest": "empty" })).toBe("<!doctype html><head><title>é</title></head>");
    const text = await (await preview(port, "/.slipway/preview.js")).text();
    expect(text).toContain('"http://127.0.0.1:9"');
    const data = await (await preview(port, "/data", { headers: { ...frame, "accept-encoding": "gzip" } })).json();
    expect(data).toMatchObject({ url: "/data", headers: { "accept-encoding": "identity" } });
  });

  test("tells what was done to the sandbox from outside", async () => {
    const file = join(runner.folder, "notices.jsonl");
    const noticed = await startRunner({ SLIPWAY_NOTICES: file });
    await noticed.control.project(projectID).open({});
    const watcher = open(noticed, "/watch", noticed.token({ scope: "watch" }));
    await expect.poll(() => watcher.texts.length).toBeGreaterThan(0);
    expect(WatchEvent.parse(watcher.texts[0]).notices).toEqual([]);
    writeFileSync(file, '{"at":1,"kind":"memory","message":"Too much memory."}\nnot json\n');
    await expect
      .poll(() => WatchEvent.parse(watcher.texts.at(-1)).notices)
      .toEqual([{ at: 1, message: "Too much memory." }]);
    await noticed.stop();
  });

  test("says how much is used as its launcher measures it, else as the machine does", async () => {
    const file = join(runner.folder, "usage.json");
    const used = { disk: { used: 1, total: 10 }, memory: { used: 2, total: 20 } };
    writeFileSync(file, JSON.stringify(used));
    const measured = await startRunner({ SLIPWAY_USAGE: file });
    const first = async () => {
      await measured.control.project(projectID).open({});
      const watcher = open(measured, "/watch", measured.token({ scope: "watch" }));
      await expect.poll(() => watcher.texts.length).toBeGreaterThan(0);
      return WatchEvent.parse(watcher.texts[0]);
    };
    expect(await first()).toMatchObject(used);
    writeFileSync(file, '{"disk": null');
    const { disk, memory } = await first();
    expect(Math.min(disk.total, memory.total)).toBeGreaterThan(1_000_000);
    await measured.stop();
  });

  test("what a forgotten tab asks by itself keeps nothing alive", async () => {
    const port = await serve("idle");
    const idle = async () => (await runner.control.health()).idleMs;
    await preview(port, "/");
    const used = await idle();
    await expect.poll(idle).toBeGreaterThan(used + 50);
    const before = await idle();
    await preview(port, "/", { headers: { accept: "text/x-vite-ping" } });
    await preview(port, "/__vite_ping");
    const token = runner.token({ scope: "preview", port });
    const socket = new WebSocket(`${runner.url.replace("http", "ws")}/hmr`, { headers: { "x-slipway-token": token } });
    await new Promise((resolve) => socket.on("message", resolve));
    socket.terminate();
    expect(await idle()).toBeGreaterThanOrEqual(before);
    await preview(port, "/");
    await runner.control.project(projectID).kill("idle");
  });

  test("forwards sockets, and servers on IPv6", async () => {
    const port = await serve("socket", "::1");
    const token = runner.token({ scope: "preview", port });
    const socket = new WebSocket(`${runner.url.replace("http", "ws")}/hmr`, { headers: { "x-slipway-token": token } });
    expect(await new Promise((resolve) => socket.on("message", (data) => resolve(String(data))))).toBe("hello");
    socket.terminate();
  });

  test("a port whose server has died says so with its last output", async () => {
    const port = await serve("crashing");
    await expect
      .poll(() => runner.control.project(projectID).ports())
      .toContainEqual(expect.objectContaining({ port }));
    await preview(port, "/crash").catch(() => undefined);
    await expect.poll(async () => (await preview(port, "/")).status).toBe(502);
    const reply = await preview(port, "/");
    expect(await reply.json()).toMatchObject({
      error: { code: "no_server", port, lines: expect.arrayContaining(["Error: <boom>"]) },
    });
    const page = await (await preview(port, "/", { headers: { accept: "text/html" } })).text();
    expect(page).toContain(`Nothing is listening on port ${port}.`);
    expect(page).toContain("Error: &#60;boom&#62;");
  });

  test("a server that died before anyone looked is found by the port that it named", async () => {
    const command = "echo 'Local: http://localhost:45671/'; echo 'Error: out of luck' >&2; exit 1";
    await collect(runner.control.project(projectID).exec({ call: "unlucky", command }));
    const reply = await (await preview(45_671, "/")).json();
    expect(reply).toMatchObject({ error: { lines: ["Local: http://localhost:45671/", "Error: out of luck"] } });
  });

  test("the runner's own port, and another project's, are no previews", async () => {
    const own = await preview(runner.port, "/v1/health");
    expect(own.status).toBe(502);
    const port = await serve("mine");
    const token = runner.token({ scope: "preview", port, project: otherProjectID });
    expect((await fetch(runner.url, { headers: { "x-slipway-token": token } })).status).toBe(502);
    expect((await preview(port, "/")).status).toBe(200);
  });

  test("what this machine runs besides is no port of the sandbox", async () => {
    const stranger = createServer().listen(0);
    const ports = await runner.control.project(projectID).ports();
    const address = stranger.address();
    expect(ports.map(({ port }) => port)).not.toContain(typeof address === "object" ? address?.port : 0);
    stranger.close();
  });
});

describe("a runner stops", () => {
  afterEach(stopAll);

  test("when it is idle, but not while a command runs; a server in the background is no use", async () => {
    const runner = await start({ SLIPWAY_IDLE_MS: "700", SLIPWAY_UNHEARD_MS: "0" });
    const session = runner.control.project(projectID);
    await session.open({});
    await collect(session.exec({ call: "server", command: "sleep 1000 & echo", background: true }));
    const { last } = await collect(session.exec({ call: "long", command: "sleep 1.5; echo still here" }));
    expect(last).toMatchObject({ info: { code: 0 } });
    expect(await runner.exited).toBe(0);
    expect(runner.logged.join("\n")).toContain('"why":"idle"');
  });

  test("not while the control plane asks, which has heard of pages that use it", async () => {
    const runner = await start({ SLIPWAY_IDLE_MS: "50", SLIPWAY_UNHEARD_MS: "3000" });
    const idle = async () => (await runner.control.health()).idleMs;
    await expect.poll(idle).toBeGreaterThan(500);
    expect(await runner.exited).toBe(0);
    expect(runner.logged.join("\n")).toContain('"why":"idle"');
  });

  test("when told, when its time is over, and at SIGTERM, with all that ran", async () => {
    for (const how of ["told", "lifetime", "signal"] as const) {
      const runner = await start(how === "lifetime" ? { SLIPWAY_LIFETIME_MS: "1500", SLIPWAY_IDLE_MS: "4000" } : {});
      const session = runner.control.project(projectID);
      await session.open({});
      const { text } = await collect(session.exec({ call: "left", command: "setsid sleep 1000 & echo $!" }));
      if (how === "told") await runner.control.stop();
      if (how === "signal") runner.process.kill("SIGTERM");
      expect(await runner.exited).toBe(0);
      expect(runner.logged.join("\n")).toContain(`"why":"${how}"`);
      expect(isAlive(Number(text))).toBe(false);
    }
  });
});

test("a hostile runner's replies are bounded and parsed", async () => {
  const hostile = createServer((request, response) => {
    if (request.url?.endsWith("/ports")) response.end(JSON.stringify({ ports: [{ port: 99_999_999 }] }));
    else if (request.url?.endsWith("/terminals")) response.end("x".repeat(2 * 1024 * 1024));
    else if (request.url?.includes("/output")) response.end("x".repeat(2 * 1024 * 1024));
    else if (request.url === "/v1/health") response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
    else response.end(`${"y".repeat(3 * 1024 * 1024)}`);
  });
  await new Promise<void>((resolve) => hostile.listen(0, resolve));
  const address = hostile.address();
  const control = connect({
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    token: () => "t",
  });
  const session = control.project(projectID);
  await expect(session.ports()).rejects.toMatchObject({ code: "invalid_reply" });
  await expect(session.terminals()).rejects.toMatchObject({ code: "invalid_reply" });
  await expect(session.output("a", 0, 10)).rejects.toMatchObject({ code: "invalid_reply" });
  await expect(collect(session.exec({ call: "a", command: "true" }))).rejects.toMatchObject({ code: "invalid_reply" });
  await expect(control.health()).rejects.toMatchObject({ code: "unreachable" });
  hostile.close();
});
