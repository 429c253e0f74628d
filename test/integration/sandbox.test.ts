import type { SandboxControl, SandboxSession } from "@slipway/sandbox/session";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signIn, type Client } from "../support/client.ts";
import { cloudWith, type Cloud } from "../support/cloud.ts";
import { edit } from "../support/github.ts";
import { projectWith } from "../support/page.ts";
import { launchFor, outputOf, synced } from "../support/sandbox.ts";

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

/** The runner of the person's sandbox, after a launch. */
async function runner(): Promise<SandboxControl> {
  return (await launchFor(cloud, client, project, epochs++)).control;
}
let epochs = 1;

const fileAt = async (path: string) => (await client.get(`/api/projects/${project}/files/${path}`)).json().content;

describe("a sandbox", () => {
  let session: SandboxSession;
  const run = (call: string, command: string, rev?: number) =>
    outputOf(session.exec({ call, command, ...(rev === undefined ? {} : { rev }) }));

  test("is launched by the API, and runs a command through edge and token", async () => {
    const at = await runner();
    session = at.project(project);
    expect(await at.health()).toMatchObject({ epoch: 1 });
    expect((await client.post("/api/sandbox/launch", { projectId: project })).json()).toMatchObject({
      state: "active",
      path: "instant",
    });
    await synced(client, project);
    const { text, code } = await run("one", "cat README.md && node src/app.js && id -un");
    expect({ text, code }).toEqual({ text: "# Hello\napp\nsandbox\n", code: 0 });
  });

  test("shows the project what a command writes, and the command what a person has typed", async () => {
    await run("two", "mkdir -p out && echo made > out/made.txt && rm src/app.js");
    await expect.poll(() => fileAt("out/made.txt"), { interval: 100 }).toBe("made\n");
    await expect
      .poll(async () => (await client.get(`/api/projects/${project}/files/src/app.js`)).status, { interval: 100 })
      .toBe(404);
    const { rev } = (
      await client.post(`/api/projects/${project}/changes`, {
        changes: [{ op: "put", path: "typed.txt", content: "typed" }],
      })
    ).json() as unknown as { rev: number };
    expect((await run("three", "cat typed.txt", rev)).text).toBe("typed");
    const { commits } = (await client.get(`/api/projects/${project}/changes?since=0`)).json() as unknown as {
      commits: { writer: { kind: string } }[];
    };
    expect(commits.map(({ writer }) => writer.kind)).toContain("sync");
  });

  test("comes back with everything after a stop: files, and what sync ignores", async () => {
    await client.post(`/api/projects/${project}/changes`, {
      changes: [{ op: "put", path: ".gitignore", content: "node_modules\n" }],
    });
    await synced(client, project);
    await run("four", "mkdir -p node_modules/dep && echo 'module.exports = 42' > node_modules/dep/index.js");
    expect((await client.post("/api/sandbox/stop")).json()).toMatchObject({ state: "stopped" });
    await expect.poll(() => cloud.tasks()).toEqual([]);
    session = (await runner()).project(project);
    await synced(client, project);
    expect((await run("five", "node -p 'require(\"dep\")' && cat typed.txt")).text).toBe("42\ntyped");
  });

  test("pushes what was written just before it is stopped at once", async () => {
    await run("last", "echo edited > typed.txt; echo new > late.txt");
    expect((await client.request("DELETE", "/api/sandbox")).json()).toMatchObject({ state: "stopped" });
    await expect.poll(() => fileAt("late.txt"), { interval: 100 }).toBe("new\n");
    expect(await fileAt("typed.txt")).toBe("edited\n");
    await expect.poll(() => cloud.tasks()).toEqual([]);
    session = (await runner()).project(project);
    await synced(client, project);
  });

  test("brings back large texts and line separators after it is destroyed", async () => {
    const separated = "one\u2028two\u2029three\n";
    await client.post(`/api/projects/${project}/changes`, {
      changes: [{ op: "put", path: "separated.txt", content: separated }],
    });
    await synced(client, project);
    const sums = "sha256sum big.txt huge.txt separated.txt z.txt";
    const write =
      "head -c 450000 /dev/urandom | base64 > big.txt; yes a line that compresses well | head -c 3000000 > huge.txt; echo z > z.txt";
    const before = await run("large", `${write}; ${sums}`);
    await expect.poll(() => fileAt("z.txt")).toBe("z\n");
    // What was there with it is looked at once more.
    await session.sync({});
    await synced(client, project);
    await client.request("DELETE", "/api/sandbox");
    await expect.poll(() => cloud.tasks()).toEqual([]);
    session = (await runner()).project(project);
    await synced(client, project);
    expect(await run("large-again", sums)).toEqual(before);
    expect(await session.sync({})).toMatchObject({ state: "synced", missing: [] });
  });

  test("keeps nothing of a project that is deleted while it runs", async () => {
    const other = await projectWith(client, { "a.txt": "one\n" });
    await client.post("/api/sandbox/launch", { projectId: other });
    await synced(client, other);
    const listed = async (call: string) => (await run(call, "ls /workspaces")).text.split("\n").filter(Boolean);
    expect(await listed("list-before")).toContain(other);
    await client.request("DELETE", `/api/projects/${other}`);
    let looks = 0;
    await expect.poll(() => listed(`list-${looks++}`), { interval: 200 }).not.toContain(other);
    expect(await listed("list-after")).toContain(project);
  });

  test("that is killed says so, and the next launch brings it back", async () => {
    expect(cloud.killTasks()).toBe(1);
    await expect.poll(() => cloud.tasks()).toEqual([]);
    expect((await client.post(`/api/projects/${project}/sandbox`)).json()).toMatchObject({
      error: { code: "unavailable", message: expect.stringContaining("stopped unexpectedly") },
    });
    session = (await runner()).project(project);
    await synced(client, project);
    expect((await run("six", "cat typed.txt")).text).toBe("edited\n");
  });

  test("loses nothing when everything in it is killed: not what was never pushed, nor what sync ignores", async () => {
    const write =
      "echo precious > precious.txt; echo lost > typed.txt; rm late.txt; mkdir -p node_modules/dep; echo 43 > node_modules/dep/new";
    // The runner is frozen while it happens, so it can have pushed none of it.
    await expect(run("killed", `kill -STOP -1; ${write}; kill -KILL -1`)).rejects.toThrow();
    await expect.poll(() => cloud.tasks()).toEqual([]);
    expect(await fileAt("precious.txt")).toBeUndefined();
    // Meanwhile a person edits one of the files: neither version is lost.
    await edit(client, project, "typed.txt", "typed meanwhile");
    expect((await client.get("/api/sandbox")).json()).toMatchObject({
      state: "stopped",
      stoppedReason: "The sandbox has stopped unexpectedly. Start it again: your files are kept.",
    });
    session = (await runner()).project(project);
    await synced(client, project);
    expect(await fileAt("precious.txt")).toBe("precious\n");
    expect(await fileAt("typed.txt")).toBe("typed meanwhile");
    const { text } = await run("seven", "cat typed.txt.conflict-*; cat node_modules/dep/new; ls");
    expect(text).toMatch(/^lost\n43\n/);
    expect(text).not.toContain("late.txt");
    expect((await client.get(`/api/projects/${project}/files/late.txt`)).status).toBe(404);
  });

  test("that is destroyed after a kill comes back without what was left", async () => {
    await expect(run("again", "kill -STOP -1; echo left > node_modules/dep/left; kill -KILL -1")).rejects.toThrow();
    await expect.poll(() => cloud.tasks()).toEqual([]);
    expect((await client.request("DELETE", "/api/sandbox")).json()).toMatchObject({ state: "stopped" });
    session = (await runner()).project(project);
    await synced(client, project);
    expect((await run("eight", "ls; ls node_modules/dep")).text).toMatch(/precious\.txt[^]*No such file/);
  });

  test("reaches none of the local cloud's endpoints, no private address, no other sandbox and no file of the host", async () => {
    const { rootEnvironment } = cloud;
    const endpoints = Object.entries(rootEnvironment).flatMap(([name, value]) =>
      name.startsWith("AWS_ENDPOINT_URL") ? [value] : [],
    );
    expect(endpoints.length).toBeGreaterThan(4);
    const addresses = [
      ...endpoints,
      cloud.url,
      `${cloud.url}/api/projects`,
      `${cloud.url}/api/sandbox-sync/../projects`,
      ...["http://169.254.169.254/latest/meta-data/", "http://[::1]:80/", "http://10.0.0.1/", "http://0x7f.1/"],
      ...[
        "http://2130706433/",
        "http://127.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://192.168.0.1/",
        "http://localhost/",
      ],
    ];
    for (const [at, address] of addresses.entries()) {
      const direct = await run(
        `direct-${at}`,
        `curl -s -m 4 --noproxy '*' -o /dev/null -w '%{http_code}' --path-as-is '${address}'`,
      );
      expect([address, direct.text]).toEqual([address, "000"]);
      const proxied = await run(
        `proxied-${at}`,
        `curl -s -m 8 --noproxy '' -o /dev/null -w '%{http_code}' --path-as-is '${address}'`,
      );
      expect([address, proxied.text]).toEqual([address, expect.stringMatching(/^(?:403|000)$/)]);
      const tunnel = await run(
        `tunnel-${at}`,
        `curl -s -m 8 --noproxy '' -p -o /dev/null -w '%{http_connect}' '${address}'`,
      );
      expect([address, tunnel.text]).toEqual([address, expect.stringMatching(/^(?:403|000)$/)]);
    }
    const files = await run("files", `ls ${process.cwd()} /root /home /var/tmp 2>&1; cat /etc/shadow 2>&1; ls / `);
    expect(files.text).not.toMatch(/package\.json|slipway-|root:\*/);
  });

  test("is launched under a foreign project's name by nobody", async () => {
    const eve = await signIn(cloud.url, { name: "Eve" });
    for (const path of [`/api/projects/${project}/sandbox`, `/api/projects/${project}/sandbox/tokens`]) {
      const body = path.endsWith("tokens") ? { scope: "watch" } : undefined;
      expect((await eve.post(path, body)).json()).toMatchObject({ error: { code: "not_found" } });
    }
    expect((await eve.post("/api/sandbox/launch", { projectId: project })).status).toBe(404);
    expect((await eve.get("/api/sandbox")).json()).toMatchObject({ state: "stopped" });
  });
});
