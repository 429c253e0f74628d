import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { temporaryFolder } from "../../../../test/support/stack.ts";
import { combine } from "../egress/registries.ts";
import { bubblewrap, obstacle } from "./bubblewrap.ts";
import type { Container, Launcher } from "./launcher.ts";

/** Sandboxes of this machine, with a program in the runner's place that runs what it is sent. */

const program = `
import { createServer } from "node:http";
import { spawn } from "node:child_process";
createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part)).on("end", () => {
    const child = spawn("bash", ["-c", body], { detached: true });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (output += part));
    child.on("close", (code, signal) => response.end(JSON.stringify({ code, signal, output })));
  });
}).listen({ fd: Number(process.env.SLIPWAY_LISTEN_FD) });
`;
const Result = z.object({ code: z.int().nullable(), signal: z.string().nullable(), output: z.string() });
const mebibyte = 1024 * 1024;
const reason = await obstacle();

describe.skipIf(reason !== undefined && process.env.CI === undefined)("a sandbox of this machine", () => {
  const folder = temporaryFolder();
  let launcher: Launcher;
  let container: Container;
  let secret: Server;

  beforeAll(async () => {
    mkdirSync(join(folder.path, "runner"));
    writeFileSync(join(folder.path, "runner/runner.mjs"), program);
    secret = createServer((_, response) => response.end("secret of the host"));
    await new Promise<void>((resolve) => secret.listen(0, "127.0.0.1", resolve));
    launcher = newLauncher();
    container = await launch("one");
  });
  afterAll(async () => {
    await launcher.close();
    secret.close();
    folder.remove();
  });

  const newLauncher = () =>
    bubblewrap({
      data: folder.path,
      runner: join(folder.path, "runner/runner.mjs"),
      registries: async () => combine(new Map([["registry", "https://registry.example/"]]), new Map()),
      rules: ({ hosts }) => ({ registries: hosts, services: [] }),
      certificates: {},
    });
  const launch = (id: string, owner?: string) =>
    launcher.launch({
      id,
      owner,
      environment: { SLIPWAY_PUBLIC_KEYS: "none" },
      limits: { memory: 600 * mebibyte, disk: 50 * mebibyte, processes: 200 },
    });

  async function run(command: string, at = container): Promise<z.infer<typeof Result>> {
    for (;;) {
      try {
        const reply = await fetch(`http://127.0.0.1:${at.port}`, { method: "POST", body: command });
        return Result.parse(await reply.json());
      } catch (error) {
        if (!existsSync(`/proc/${at.pid}`)) throw error;
      }
    }
  }
  const output = async (command: string, at = container) => (await run(command, at)).output.trim();

  test("runs as nobody of the host, without a capability and with the host's programs", async () => {
    expect(await output("id -u; id -un; cat /proc/self/status | grep CapEff")).toMatch(/^1000\nsandbox\nCapEff:\s+0+$/);
    expect(await output("node -p 'parseInt(process.versions.node)'; git --version; python3 -V")).toMatch(
      /^24\ngit version .*\nPython 3/,
    );
    expect(await output("npm config get registry")).toBe("https://registry.example/");
    if (process.getuid?.() === 0) {
      const owner = execFileSync("stat", ["-c", "%u", `/proc/${container.pid}`], { encoding: "utf8" });
      expect(Number(owner)).toBeGreaterThan(65_535);
    }
  });

  test("has no network but its own loopback", async () => {
    const { port } = secret.address() as AddressInfo;
    expect(await output("cat /proc/net/dev | tail -n +3 | cut -d: -f1")).toBe("lo");
    expect(await output(`curl -sS -m 3 http://127.0.0.1:${port} 2>&1`)).toMatch(/refused|Failed to connect/);
  });

  test("sees no files of the host but programs, and nothing of the server's arguments", async () => {
    expect(await output(`ls ${folder.path} /root /home/$USER/.ssh /work 2>&1 | grep -vc 'No such file'`)).toBe("0");
    expect(await output("cat /etc/shadow /etc/hostname 2>&1 | grep -vc 'No such file'")).toBe("0");
    expect(await output("tr '\\0' ' ' < /proc/1/cmdline; tr '\\0' ' ' < /proc/2/cmdline")).not.toContain(folder.path);
    expect(await output("touch /usr/x /etc/x /x 2>&1 | grep -c 'Read-only'")).toBe("3");
    expect(await output("unshare -U true 2>&1 || echo refused")).toContain("refused");
  });

  test("is bounded in processes", async () => {
    const forks = `
import os, time
made = 0
try:
    while made < 1000:
        if os.fork() == 0:
            os.close(1); os.close(2); time.sleep(600); os._exit(0)
        made += 1
except OSError as error:
    print(made, error.strerror, flush=True)
os.killpg(0, 9)`;
    const [, made = ""] = /^(\d+) Resource temporarily unavailable$/.exec(await output(`python3 -c '${forks}'`)) ?? [];
    expect(Number(made)).toBeGreaterThan(100);
    expect(Number(made)).toBeLessThan(200);
    expect((await run("echo alive")).output).toBe("alive\n");
  });

  test("ends what uses too much memory, and survives", async () => {
    const hog = await run(`node -e 'const all=[];setInterval(()=>all.push(Buffer.alloc(50e6,1)),20)'`);
    expect(hog.signal ?? hog.code).toBe("SIGKILL");
    expect(await output("cat /run/notices/notices.jsonl")).toContain("more than its 600 MB of memory");
    expect((await run("echo alive")).output).toBe("alive\n");
  });

  test("bounds what is kept in memory as files", async () => {
    for (const folder of ["/dev/shm", "/tmp", "/run"]) {
      const filled = await output(
        `head -c 700000000 /dev/zero 2>/dev/null > ${folder}/large; stat -c %s ${folder}/large; rm ${folder}/large`,
      );
      expect([folder, Number(filled)]).toEqual([folder, expect.toSatisfy((bytes: number) => bytes <= 512 * 1024 ** 2)]);
    }
    expect(await output("(echo x > /dev/large) 2>/dev/null && echo written; echo x > /dev/null && echo fine")).toBe(
      "fine",
    );
  });

  test("refuses writes once its disk is full, and takes them again", async () => {
    await run("head -c 80000000 /dev/zero > /workspaces/large");
    const write = async () => {
      const { signal, output: said } = await run("echo x > /workspaces/small && echo written");
      return signal ?? said.trim();
    };
    await expect.poll(write).toMatch(/SIGXFSZ|too large/);
    expect(await output("cat /run/notices/notices.jsonl")).toContain("more than its 50 MB of files");
    const used: unknown = JSON.parse(await output("cat /run/notices/usage.json"));
    expect(used).toMatchObject({ disk: { total: 50 * 1024 ** 2 }, memory: { total: 600 * 1024 ** 2 } });
    expect(used).toHaveProperty(
      "disk.used",
      expect.toSatisfy((bytes: number) => bytes > 50 * 1024 ** 2),
    );
    await run("rm /workspaces/large");
    await expect.poll(write).toBe("written");
  });

  test("leaves nothing behind", async () => {
    const other = await launch("two");
    await run("setsid sleep 1000 > /dev/null 2>&1 & echo started", other);
    other.kill();
    await other.exited;
    expect(existsSync(join(folder.path, "sandboxes/two"))).toBe(false);
    expect(existsSync(`/proc/${other.pid}`)).toBe(false);
    expect(readdirSync("/proc").filter((pid) => cmdline(pid).includes("sleep\x001000"))).toEqual([]);
  });

  test("that is killed leaves what its runner has not given away to the next one of its person alone", async () => {
    const killed = await launch("three", "sbx_ADA");
    await run("mkdir /var/slipway/prj_A && echo kept > /workspaces/file && echo pip > ~/.cache", killed);
    killed.kill();
    // The next one waits until nothing runs there any more.
    const eve = await launch("four", "sbx_EVE");
    const next = await launch("five", "sbx_ADA");
    expect(await output("cat /workspaces/file ~/.cache", next)).toBe("kept\npip");
    await run("echo more >> /workspaces/file", next);
    expect(await output("ls /workspaces /var/slipway", eve)).not.toContain("file");

    // The server is killed, and starts again.
    execFileSync("kill", ["-9", String(next.pid), String(eve.pid)]);
    await Promise.all([next.exited, eve.exited]);
    await launcher.close();
    launcher = newLauncher();
    container = await launch("six", "sbx_ADA");
    expect(await output("cat /workspaces/file; rm -r /var/slipway/prj_A")).toBe("kept\nmore");
    container.kill();
    await container.exited;
    container = await launch("seven", "sbx_ADA");
    expect(await output("ls /workspaces")).toBe("");
    expect(readdirSync(join(folder.path, "sandboxes"))).toEqual(["seven"]);
  });

  test("leaves nothing that nobody has come back for in a month", async () => {
    const killed = await launch("eight", "sbx_OLD");
    await run(
      "mkdir /var/slipway/prj_A /var/slipway/prj_B && echo kept | tee /workspaces/prj_A /workspaces/prj_B",
      killed,
    );
    await run("touch -d '31 days ago' /var/slipway/prj_A", killed);
    killed.kill();
    const next = await launch("nine", "sbx_OLD");
    expect(await output("ls /var/slipway /workspaces", next)).toBe("/var/slipway:\nprj_B\n\n/workspaces:\nprj_B");
    await run("touch -d '31 days ago' /var/slipway/prj_B", next);
    next.kill();
    await next.exited;
    expect(existsSync(join(folder.path, "sandboxes/nine"))).toBe(false);
  });
});

function cmdline(pid: string): string {
  try {
    return /^\d+$/.test(pid) ? execFileSync("cat", [`/proc/${pid}/cmdline`], { encoding: "utf8", stdio: "pipe" }) : "";
  } catch {
    return "";
  }
}
