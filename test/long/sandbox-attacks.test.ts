import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { SandboxSession } from "@slipway/sandbox/session";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signIn, type Client } from "../support/client.ts";
import { cloudWith, type Cloud } from "../support/cloud.ts";
import { projectWith } from "../support/page.ts";
import { edgeOf, launchFor, outputOf, type Running } from "../support/sandbox.ts";
import { startStack, temporaryFolder } from "../support/stack.ts";

/** What code in a real sandbox tries against its machine, the local cloud, other sandboxes and the edge. */

const mebibyte = 1024 ** 2;
let cloud: Cloud & { remove(): Promise<void> };
let ada: Client;
let eve: Client;
let project: string;
let theirs: string;
let own: Running;
let other: Running;
let session: SandboxSession;
let hostServer: Server;
let calls = 0;

beforeAll(async () => {
  cloud = await cloudWith({ sandboxLimits: { memory: 900 * mebibyte, disk: 120 * mebibyte, processes: 300 } });
  ada = await signIn(cloud.url, { name: "Ada", plan: "pro" });
  eve = await signIn(cloud.url, { name: "Eve", plan: "pro" });
  project = await projectWith(ada, { "kept.txt": "kept" });
  theirs = await projectWith(eve, { "secret.txt": "of Eve" });
  [own, other] = [await launchFor(cloud, ada, project), await launchFor(cloud, eve, theirs)];
  session = own.control.project(project);
  hostServer = createServer((_, response) => response.end("secret of the host"));
  await new Promise<void>((resolve) => hostServer.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  hostServer.close();
  await cloud.remove();
});

const run = (command: string, timeoutMs = 60_000) =>
  outputOf(session.exec({ call: `attack-${++calls}`, command, timeoutMs }));
const output = async (command: string) => (await run(command)).text.trim();
const isAlive = async () => expect(await output("echo alive")).toBe("alive");

describe("processes", () => {
  test.each([
    ["sessions of their own", "setsid sleep 3001 & sleep 3002"],
    ["double forks", "(setsid sh -c '(sleep 3003 &)' &); sleep 3004"],
    ["empty environments", "env -i setsid nohup sleep 3005 >/dev/null 2>&1 & sleep 3006"],
    ["ignored signals", "trap '' TERM HUP INT; sleep 3007 & wait; sleep 3008"],
  ])("a command that is killed takes %s with it", async (_, command) => {
    const call = `killed-${++calls}`;
    const frames = session.exec({ call, command, background: true });
    await frames.next();
    await expect.poll(() => output("ps -eo args | grep -c '[s]leep 300'")).not.toBe("0");
    await session.kill(call);
    await frames.return();
    await expect.poll(() => output("ps -eo args | grep -c '[s]leep 300'")).toBe("0");
  });

  test("a fork bomb is bounded, and the runner answers while it explodes", async () => {
    const call = `bomb-${++calls}`;
    const frames = session.exec({ call, command: "b() { b | b & }; b; sleep 30", background: true });
    await frames.next();
    const [health] = await Promise.all([own.control.health(), own.control.health()]);
    expect(health.sandbox).toBe(own.sandboxID);
    expect(processesBelow(cloud.tasks().find(({ startedBy }) => startedBy === own.sandboxID)?.pid ?? 0)).toBeLessThan(
      330,
    );
    await session.kill(call);
    await frames.return();
    await expect
      .poll(() =>
        run("echo alive").then(
          ({ text }) => text,
          () => "",
        ),
      )
      .toBe("alive\n");
  });

  test("sees nobody else's processes, and ends neither the first one nor the runner's parent", async () => {
    expect(Number(await output("ls /proc | grep -c '^[0-9]'"))).toBeLessThan(20);
    await output("kill -9 1 2>&1");
    await isAlive();
  });

  test("makes no namespaces, mounts or roots of its own, and has no capability", async () => {
    expect(
      await output("unshare -Ur id 2>&1; unshare -m true 2>&1; mount -t tmpfs x /tmp 2>&1; chroot / id 2>&1"),
    ).not.toContain("uid=0");
    expect(await output("grep CapEff /proc/self/status")).toMatch(/0{16}$/);
    expect(await output("grep NoNewPrivs /proc/self/status")).toMatch(/1$/);
  });
});

describe("the machine's files", () => {
  test.each([
    ...["/etc/shadow", "/root", "/var/tmp", "/var/lib/dpkg", "/boot", "/dev/sda", "/dev/vda", "/dev/mem", "/dev/kmsg"],
    ...["/proc/1/root/etc/shadow", "/proc/kcore", "/sys/kernel", "/run/docker.sock", "/var/run/docker.sock"],
    ...["/home/sandbox/../../root", process.cwd()],
  ])("%s is not readable", async (path) => {
    const read = await output(`cat ${path} 2>/dev/null | head -c 100; ls -A ${path} 2>/dev/null | grep -v '^slipway'`);
    expect(read).toBe("");
  });

  test("no environment or argument tells of the host or of keys", async () => {
    const said = await output("cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n'; env");
    expect(said).not.toMatch(/AWS_|SECRET|SST_|AKIA|\.slipway|setpriv/);
    expect(said).not.toContain(process.cwd());
  });

  test("nothing outside its own folders is writable", async () => {
    const places = "/ /usr /usr/local /etc /opt/runner /opt/node/bin /run/egress /run/notices /proc/sys/kernel /lib";
    expect(await output(`for d in ${places}; do touch $d/x 2>/dev/null && echo wrote $d; done; echo done`)).toBe(
      "done",
    );
  });

  test("a link out of the workspace brings nothing into the project", async () => {
    await run("ln -s /etc/passwd stolen; ln -s /proc/self/environ environment; mkfifo pipe; echo mark > mark.txt");
    await expect
      .poll(async () => (await ada.get(`/api/projects/${project}/files/mark.txt`)).status, { interval: 100 })
      .toBe(200);
    for (const name of ["stolen", "environment", "pipe"])
      expect((await ada.get(`/api/projects/${project}/files/${name}`)).status).toBe(404);
    await run("rm -f stolen environment pipe");
  });
});

describe("the network", () => {
  const spellings = [
    ...[
      "169.254.169.254",
      "169.254.170.2",
      "[fd00:ec2::254]",
      "127.0.0.1",
      "127.1",
      "0x7f.1",
      "2130706433",
      "0177.0.0.1",
    ],
    ...["0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[64:ff9b::7f00:1]", "localhost"],
    ...[
      "10.0.0.1",
      "172.16.0.1",
      "192.168.0.1",
      "100.64.0.1",
      "[fe80::1]",
      "[2002:7f00:1::]",
      "metadata.google.internal",
    ],
  ];
  test.each(spellings)("http://%s is refused, by tunnel and by address", async (host) => {
    for (const options of ["--noproxy ''", "--noproxy '' -p"]) {
      const code = await output(
        `curl -g -s -m 10 ${options} -o /dev/null -w '%{http_code}/%{http_connect}' 'http://${host}/' || true`,
      );
      expect([host, options, code]).toEqual([host, options, expect.stringMatching(/^(?:403\/000|000\/403|000\/000)$/)]);
    }
  });

  test("there is no other way out: no interface, no name server, no abstract socket of the host", async () => {
    expect(await output("tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '")).toBe("lo");
    expect(await output("grep -c @ /proc/net/unix || true")).toBe("0");
    const { port } = hostServer.address() as AddressInfo;
    expect(await output(`curl -s -m 3 --noproxy '*' http://127.0.0.1:${port}/ || echo none`)).toBe("none");
    expect(await output(`curl -s -m 3 --noproxy '' http://127.0.0.1:${port}/`)).toMatch(
      /not on the public internet|not open/,
    );
  });

  test("ports besides 80 and 443 are closed, and a public name with a private address too", async () => {
    for (const target of ["example.com:22", "example.com:25", "example.com:6443"])
      expect(
        await output(`curl -s -m 5 --noproxy '' -p -o /dev/null -w '%{http_connect}' http://${target}/ || true`),
      ).toMatch(/403/);
  });

  test("of the local cloud only sync and signed objects answer, and those check who asks", async () => {
    const to = (url: string, more = "") =>
      output(`curl -s -m 5 --noproxy '' --path-as-is ${more} -o /dev/null -w '%{http_code}' '${url}'`);
    const { rootEnvironment } = cloud;
    for (const [name, endpoint] of Object.entries(rootEnvironment))
      if (name.startsWith("AWS_ENDPOINT_URL")) expect([name, await to(`${endpoint}/`)]).toEqual([name, "403"]);
    expect(await to(`${cloud.url}/api/health`)).toBe("403");
    expect(await to(`${cloud.url}/api/sandbox-sync/../health`)).toBe("403");
    expect(await to(`${cloud.url}/api/sandbox-sync/%2e%2e/health`)).toBe("403");
    expect(await to(`${cloud.url}/api/sandbox-sync/${project}/changes`)).toBe("401");
    const bucket = rootEnvironment.AWS_ENDPOINT_URL_S3 ?? "";
    expect(await to(`${bucket}/blobs/?X-Amz-Signature=none`)).toMatch(/^4/);
  });

  test("another sandbox is not reached, neither by its port nor through the edge", async () => {
    const edge = edgeOf(cloud);
    for (const port of [edge.port, new URL(cloud.url).port])
      expect(await output(`curl -s -m 3 --noproxy '*' http://127.0.0.1:${port}/ || echo none`)).toBe("none");
    expect(await output(`curl -s -m 5 --noproxy '' -o /dev/null -w '%{http_code}' ${edge.href}v1/health`)).toBe("403");
    expect(await output(`ls /workspaces | grep -c ${theirs} || true`)).toBe("0");
  });
});

describe("tokens and the edge", () => {
  const ask = (path: string, token: string | undefined, headers: Record<string, string> = {}) =>
    get(edgeOf(cloud), path, { ...(token === undefined ? {} : { "x-slipway-token": token }), ...headers });

  test("a token opens its own sandbox, launch and scope, and nothing else", async () => {
    expect((await ask("/v1/health", own.token({ scope: "control" }))).status).toBe(200);
    const refused: [string, string | undefined][] = [
      ["no token", undefined],
      ["another launch's", own.token({ scope: "control", epoch: 7 })],
      ["another sandbox's, at this task", other.token({ scope: "control", origin: own.origin })],
      ["an expired one", own.token({ scope: "control", exp: 1 })],
      ["a preview's", own.token({ scope: "preview", project, port: 5173 })],
      ["a page's", own.token({ scope: "terminal", project })],
      ["one with another signature", `${own.token({ scope: "control" }).slice(0, -8)}AAAAAAAA`],
    ];
    for (const [what, token] of refused)
      expect([what, (await ask("/v1/health", token)).status]).toEqual([
        what,
        expect.toSatisfy((code) => [401, 403, 421].includes(code)),
      ]);
  });

  test("the edge goes to no origin but a task's", async () => {
    for (const origin of [
      "evil.example:80",
      "127.0.0.1:8722",
      "ec2-127-0-0-1.compute-1.amazonaws.com:8722",
      "ec2-1-2-3-4.evil.example:8722",
    ])
      expect((await ask("/v1/health", own.token({ scope: "control", origin }))).status).toBe(403);
  });

  test("a task that belongs to a sandbox is claimed by no other", async () => {
    const claim = other.token({ scope: "claim", origin: own.origin });
    const reply = await get(edgeOf(cloud), "/v1/claim", { "x-slipway-token": claim }, "POST", "{}");
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect((await own.control.health()).sandbox).toBe(own.sandboxID);
  });

  test("a previewed server's cookies stay on its own host, and what it serves needs the token each time", async () => {
    const server = `require("http").createServer((q, r) => r.writeHead(200, {
      "set-cookie": ["a=1; Domain=localhost; Path=/", "__Host-pv=stolen; Path=/; Secure", "b=2"],
      "cache-control": "public, max-age=3600",
    }).end(q.headers.cookie ?? "none")).listen(5173, "127.0.0.1")`;
    const call = `server-${++calls}`;
    const frames = session.exec({ call, command: `node -e '${server}'`, background: true });
    await frames.next();
    const { url } = (
      await ada.post(`/api/projects/${project}/sandbox/tokens`, { scope: "preview", port: 5173 })
    ).json();
    const entrance = new URL(String(url));
    const entered = await get(entrance, entrance.pathname + entrance.search, {});
    expect(entered.status).toBe(302);
    const [cookie = ""] = (entered.headers["set-cookie"]?.[0] ?? "").split(";");
    expect(cookie).toMatch(/^__Host-pv=/);
    await expect.poll(async () => (await get(entrance, "/", { cookie })).status).toBe(200);
    const shown = await get(entrance, "/", { cookie: `${cookie}; mine=1` });
    expect(shown.text).toBe("mine=1");
    expect(shown.headers["set-cookie"]).toEqual(["a=1; Path=/", "b=2"]);
    expect((await get(entrance, "/", {})).status).toBe(401);
    // The cookie of one host opens no other.
    const elsewhere = new URL(entrance.href.replace("p5173-", "p3000-"));
    expect((await get(elsewhere, "/", { cookie })).status).toBe(403);
    await session.kill(call);
    await frames.return();
  });
});

describe("what is limited in total", () => {
  test("a full disk refuses writes, loses nothing, and recovers", async () => {
    await run("mkdir -p /workspaces/.fill && head -c 150000000 /dev/zero > /workspaces/.fill/large || true");
    await expect
      .poll(() => run("echo more > more.txt && echo written").then(({ text }) => text), { interval: 500 })
      .not.toContain("written");
    await ada.post(`/api/projects/${project}/changes`, {
      changes: [{ op: "put", path: "typed.txt", content: "typed" }],
    });
    await run("rm -rf /workspaces/.fill");
    await expect
      .poll(() => run("echo more > more.txt && echo written").then(({ text }) => text), { interval: 500 })
      .toContain("written");
    const { rev } = (await ada.get(`/api/projects/${project}/files`)).json();
    const frames = session.exec({ call: "after", command: "cat typed.txt kept.txt", rev: Number(rev) });
    expect((await outputOf(frames)).text).toBe("typedkept");
    expect((await ada.get(`/api/projects/${project}/files/kept.txt`)).json().content).toBe("kept");
  });

  test("a memory hog is killed, alone", async () => {
    const { code } = await run(`node -e 'const all=[];setInterval(()=>all.push(Buffer.alloc(60e6,1)),20)'`);
    expect(code).not.toBe(0);
    await isAlive();
    expect(await output("cat /run/notices/notices.jsonl")).toContain("of memory");
  });

  test("a gigabyte of output ends, and the runner lives", async () => {
    expect((await run("head -c 1000000000 /dev/zero", 120_000)).code).toBe(0);
    await isAlive();
  });

  test("one sandbox's limits are not another's", async () => {
    expect(await outputOf(other.control.project(theirs).exec({ call: "fine", command: "cat secret.txt" }))).toEqual({
      text: "of Eve",
      code: 0,
    });
  });
});

test("a server that is killed leaves no sandbox", async () => {
  const folder = temporaryFolder();
  const stack = await startStack({ data: folder.path });
  try {
    const client = await signIn(stack.url, { name: "Orphan" });
    const orphaned = await projectWith(client, { a: "a" });
    await expect
      .poll(async () => (await client.post("/api/sandbox/launch", { projectId: orphaned })).json().state)
      .toBe("active");
    const below = descendantsOf(stack.pid);
    expect(below.length).toBeGreaterThan(2);
    await stack.kill();
    await expect.poll(() => below.filter((pid) => statOf(pid) !== undefined)).toEqual([]);
  } finally {
    folder.remove();
  }
});

interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** As a browser asks, which resolves every name below `localhost` to this machine. */
function get(at: URL, path: string, headers: Record<string, string>, method = "GET", body = ""): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: "127.0.0.1", port: at.port, path, method, headers: { host: at.host, ...headers } },
      (response) => {
        let text = "";
        response.on("data", (part) => (text += String(part)));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

/** Parent of a process; undefined once it has ended. */
function statOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}

function descendantsOf(root: number): number[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: statOf(Number(name)) }));
  const found = [root];
  for (const pid of found) found.push(...all.filter(({ parent }) => parent === pid).map((one) => one.pid));
  return found.slice(1);
}

const processesBelow = (pid: number): number => descendantsOf(pid).length;
