import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { temporaryFolder } from "../../../../test/support/stack.ts";
import { combine } from "../egress/registries.ts";
import { dockerContainers, obstacle } from "./docker.ts";

/**
 * What Docker is asked for, and what passes through it: a program with its command line runs containers as processes of this
 * machine. A long test has real ones where Docker is.
 */

const folder = temporaryFolder();
const home = join(folder.path, "docker");
const path = process.env.PATH ?? "";
let service: Server;
let port = 0;

const docker = `#!/bin/bash
home=${home}; verb=$1; shift; last="\${@: -1}"
[ -e $home/down ] && { echo "Cannot connect to the Docker daemon." >&2; exit 1; }
echo "$verb $*" >> $home/log
case $verb in
ps) case "$*" in *--all*) ls $home/containers;; esac;;
image) [ -e "$home/images/$last" ] && echo id || exit 1;;
build) while [ ! -e $home/mayBuild ]; do sleep 0.05; done
  [ -e $home/cannotBuild ] && { echo "no space left" >&2; exit 1; }
  touch "$home/images/$3";;
create) name=$2; mkdir $home/containers/$name; printf '%s\\0' "$@" > $home/containers/$name/args;;
start) c=$home/containers/$1
  variables=(); while IFS= read -r -d '' each; do
    [ "$option" = --env ] && variables+=("$each"); option=$each
  done < $c/args
  (env "\${variables[@]}" "PLACE=$c" node ${folder.path}/context/runner.mjs 2> $c/err & echo $! > $c/pid
    wait $!; echo $? > $c/code) > /dev/null 2>&1 &
  until [ -s $c/pid ]; do sleep 0.01; done;;
exec) c=$home/containers/$2; shift 4
  exec node ${join(import.meta.dirname, "../../../sandbox/runner/tunnel.ts")} "\${@//\\/run\\/egress.sock/$c/egress.sock}";;
wait) until [ -e $home/containers/$1/code ] || [ ! -d $home/containers/$1 ]; do sleep 0.05; done; cat $home/containers/$1/code;;
logs) cat $home/containers/$last/err >&2;;
kill) signal=KILL; [ $1 = --signal ] && signal=$2; kill -$signal $(cat $home/containers/$last/pid);;
rm) shift 2; for each in "$@"; do kill -KILL $(cat $home/containers/$each/pid) 2> /dev/null; rm -rf $home/containers/$each; done;;
*) exit 125;;
esac
`;

/** In the runner's place: says how it was started, and passes requests on to the proxy. */
const program = `
import { createServer, request } from "node:http";
process.on("SIGTERM", () => { console.error("told to end"); process.exit(7); });
createServer((asked, response) => {
  if (asked.url === "/") return response.end(JSON.stringify(process.env));
  const options = { socketPath: process.env.PLACE + "/egress.sock", path: asked.url.slice(1), agent: false };
  request(options, (reply) => reply.pipe(response)).on("error", () => response.destroy()).end();
}).listen(Number(process.env.SLIPWAY_PORT), "127.0.0.1");
`;

const launcher = () =>
  dockerContainers({
    data: folder.path,
    image: undefined,
    dockerfile: join(folder.path, "Dockerfile"),
    context: join(folder.path, "context"),
    port,
    registries: async () => combine(new Map([["registry", "https://registry.example/"]]), new Map()),
    rules: ({ hosts }) => ({
      registries: hosts,
      services: [{ origin: "http://app.example", port: (service.address() as AddressInfo).port, allows: () => true }],
    }),
    certificates: { PIP_CERT: join(folder.path, "Dockerfile") },
  });
const spec = (id: string) => ({
  id,
  owner: undefined,
  environment: { SLIPWAY_PUBLIC_KEYS: "none" },
  limits: { memory: 2 ** 30, disk: 2 ** 30, processes: 200 },
});
const containers = () => readdirSync(join(home, "containers"));

beforeAll(async () => {
  for (const name of ["docker/containers", "docker/images", "context", "bin"])
    mkdirSync(join(folder.path, name), { recursive: true });
  writeFileSync(join(folder.path, "bin/docker"), docker);
  chmodSync(join(folder.path, "bin/docker"), 0o755);
  writeFileSync(join(folder.path, "Dockerfile"), "FROM scratch\n");
  writeFileSync(join(folder.path, "context/runner.mjs"), program);
  writeFileSync(join(folder.path, "context/tunnel.mjs"), "");
  process.env.PATH = `${join(folder.path, "bin")}:${path}`;
  service = createServer((_, response) => response.end("the service")).listen(0, "127.0.0.1");
  const free = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => free.once("listening", resolve));
  port = (free.address() as AddressInfo).port;
  await new Promise((resolve) => free.close(resolve));
});
afterAll(() => {
  process.env.PATH = path;
  service.close();
  folder.remove();
});

test("says in a sentence that Docker is missing, or does not answer", async () => {
  expect(await obstacle()).toBeUndefined();
  writeFileSync(join(home, "down"), "");
  expect(await obstacle()).toMatch(/does not answer: start it/);
  rmSync(join(home, "down"));
  process.env.PATH = join(folder.path, "context");
  expect(await obstacle()).toMatch(/need Docker: install it/);
  process.env.PATH = `${join(folder.path, "bin")}:${path}`;
});

test("an image is built once, is not waited for, and what fails is said and tried again", async () => {
  const { launch, close } = launcher();
  await expect(launch(spec("a"))).rejects.toThrow(/Docker builds the image .* some minutes/);
  writeFileSync(join(home, "cannotBuild"), "");
  writeFileSync(join(home, "mayBuild"), "");
  await expect
    .poll(() => launch(spec("a")).catch(String))
    .toBe("Error: Docker could not build the image of sandboxes (no space left). It tries again.");
  rmSync(join(home, "cannotBuild"));
  await expect.poll(() => launch(spec("a")).then(() => "launched", String)).toBe("launched");
  expect(readdirSync(join(home, "images"))).toEqual([expect.stringMatching(/^slipway-sandbox:[0-9a-f]{16}$/)]);
  await close();
});

test("a container has no network, and is reached and reaches out through its tunnels alone", async () => {
  const { launch, close } = launcher();
  const container = await launch(spec("one"));
  const get = (at: string) => fetch(`http://127.0.0.1:${container.port}/${at}`).then((reply) => reply.text());
  await expect.poll(() => get("").catch(String)).toContain("SLIPWAY_PUBLIC_KEYS");
  await expect.poll(() => get("http://app.example/x").catch(String)).toBe("the service");
  expect(await Promise.all(Array.from({ length: 20 }, () => get("http://app.example/x")))).toEqual(
    Array.from({ length: 20 }, () => "the service"),
  );
  expect(await get("http://127.0.0.1/")).toMatch(/not on the public internet/);
  const args = readFileSync(join(home, "containers/slipway-one/args"), "utf8").split("\0").join(" ");
  for (const part of [
    ...["--network none", "--cap-drop ALL", "--read-only", "--security-opt no-new-privileges", "--pids-limit 200"],
    ...["--memory 1073741824", "npmrc:/usr/local/etc/npmrc:ro", "/etc/pip.conf:ro", "--volume /workspaces"],
  ])
    expect(args).toContain(part);
  expect(args).not.toMatch(/docker\.sock|--privileged|--publish|--network host/);
  container.terminate();
  expect(await container.exited).toEqual({ code: 7, output: "told to end" });
  expect(containers()).toEqual([]);
  expect(existsSync(join(folder.path, "sandboxes/one"))).toBe(false);
  await close();
});

test("a launch that is under way when the server stops leaves nothing", async () => {
  const { launch, close } = launcher();
  const [launched] = await Promise.all([launch(spec("late")).catch((error: Error) => error.message), close()]);
  expect(launched).toMatch(/server has stopped|No such container|No such file/);
  expect(containers()).toEqual([]);
});

test("a Docker that fails once, before the first launch, fails nothing else", async () => {
  writeFileSync(join(home, "down"), "");
  const { launch, close } = launcher();
  await expect(launch(spec("none"))).rejects.toThrow(/./);
  rmSync(join(home, "down"));
  await expect.poll(() => launch(spec("some")).then(() => "launched", String)).toBe("launched");
  await close();
});

test("a container ends with its server, and the next server removes what one that was killed has left", async () => {
  const killed = launcher();
  const left = await killed.launch(spec("two"));
  expect(containers()).toEqual(["slipway-two"]);
  const next = launcher();
  await left.exited;
  const container = await next.launch(spec("three"));
  expect(containers()).toEqual(["slipway-three"]);
  await next.close();
  expect((await container.exited).code).toBe(137);
  expect(containers()).toEqual([]);
  await killed.close();
});
