import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { promisify } from "node:util";
import { join as joinStreams, openingSide, takingSide } from "@slipway/sandbox/tunnel";
import { createEgress, type EgressRules } from "../egress/proxy.ts";
import type { Registries } from "../egress/registries.ts";
import { largestFile, type Container, type ContainerSpec, type Exit, type Launcher } from "./launcher.ts";
import { settingFiles } from "./settings.ts";

/**
 * Sandboxes as containers of Docker, or of what has its command line, where bubblewrap cannot run. They have the image of a
 * deployment, and no network: what reaches the runner, and what leaves for the filtering proxy, passes over the input and
 * output of two `docker exec`, which works the same where Docker has a machine of its own.
 */
export interface DockerOptions {
  /** The server's data folder. */
  data: string;
  /** An image that is here or can be pulled. Without it, one is built. */
  image: string | undefined;
  dockerfile: string;
  /** The folder of the runner's bundle. */
  context: string;
  /** Where the runner listens. */
  port: number;
  registries(): Promise<Registries>;
  rules(registries: Registries): EgressRules;
  /** Variables that name a file of certificates, which programs inside need as well. */
  certificates: Readonly<Record<string, string>>;
}

const mebibyte = 1024 * 1024;
const egressSocket = "/run/egress.sock";
/** What a container may write beside /tmp and /run: volumes, which go with it. */
const ownFolders = ["/workspaces", "/skills", "/home/sandbox", "/var/lib/slipway"];

const run = promisify(execFile);

/** @throws Error with what Docker said */
async function docker(...args: string[]): Promise<string> {
  try {
    return (await run("docker", args, { maxBuffer: 16 * mebibyte })).stdout.trim();
  } catch (error) {
    const said = String(Reflect.get(Object(error), "stderr") ?? "").trim();
    throw new Error(said.split("\n").at(-1) || "Docker does not answer.", { cause: error });
  }
}

/** Why this machine cannot run them, in one sentence; undefined when it can. */
export async function obstacle(): Promise<string | undefined> {
  return run("docker", ["ps", "--quiet"], { timeout: 10_000 }).then(
    () => undefined,
    (error: { code?: unknown }) =>
      error.code === "ENOENT"
        ? "Sandboxes on this system need Docker: install it and start Slipway again."
        : "Sandboxes on this system need Docker, which does not answer: start it, then start Slipway again.",
  );
}

export function dockerContainers(options: DockerOptions): Launcher {
  const digest = createHash("sha256").update(options.data).digest("hex").slice(0, 16);
  const label = `slipway.server=${digest}`;
  const running = new Set<Container>();
  let isClosed = false;
  const image = imageOf(options);
  // A first one is begun before it is asked for.
  void image().catch(() => undefined);
  // What a server that was killed has left. Where Docker does not answer, a launch says so.
  const removal = removeAll(label).catch(() => undefined);

  async function launch(spec: ContainerSpec): Promise<Container> {
    const [tag, registries] = await Promise.all([image(), options.registries(), removal]);
    const name = `slipway-${spec.id}`;
    const folder = join(options.data, "sandboxes", spec.id);
    const remove = async () => {
      await docker("rm", "--force", "--volumes", name).catch(() => undefined);
      rmSync(folder, { recursive: true, force: true });
    };
    try {
      await docker(
        ...["create", "--name", name, "--label", label],
        ...isolation(spec),
        ...visibleFiles(folder, options.certificates, registries),
        ...environment(options, spec),
        tag,
      );
      await docker("start", name);
      if (isClosed) throw new Error("The server has stopped.");
    } catch (error) {
      await remove();
      throw error;
    }
    const egress = createEgress(options.rules(registries));
    const inward = carrier(name, "in", String(options.port));
    const outward = carrier(name, "out", egressSocket);
    takingSide(outward, egress.accept);
    const open = openingSide(inward);
    const server = createServer({ allowHalfOpen: true }, (client) => joinStreams(client, open()));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const kill = () => void docker("kill", name).catch(() => undefined);
    // It can be reached no more.
    for (const each of [inward, outward]) each.once("close", kill);
    const waiting = spawn("docker", ["wait", name], { stdio: ["ignore", "pipe", "ignore"] });
    let printed = "";
    waiting.stdout.on("data", (part) => (printed += String(part)));
    const stopped = new Promise((resolve) => waiting.once("close", resolve).once("error", resolve));

    async function cleanUp(): Promise<Exit> {
      await stopped;
      const output = await run("docker", ["logs", "--tail", "40", name]).then(
        ({ stderr }) => stderr,
        () => "",
      );
      server.close();
      for (const each of [inward, outward]) each.destroy();
      await egress.close();
      await remove();
      running.delete(container);
      return { code: /^\d+$/m.test(printed) ? Number.parseInt(printed, 10) : null, output: output.trim().slice(-4096) };
    }
    const container: Container = {
      port: (server.address() as AddressInfo).port,
      pid: waiting.pid ?? 0,
      exited: cleanUp(),
      terminate: () => void docker("kill", "--signal", "TERM", name).catch(() => undefined),
      kill,
    };
    running.add(container);
    return container;
  }

  return {
    launch,
    async close() {
      isClosed = true;
      for (const container of running) container.kill();
      await Promise.all([...running].map(({ exited }) => exited));
      // What a launch has made meanwhile.
      await removeAll(label).catch(() => undefined);
    },
  };
}

async function removeAll(label: string): Promise<void> {
  const found = (await docker("ps", "--all", "--quiet", "--filter", `label=${label}`)).split(/\s+/).filter(Boolean);
  if (found.length > 0) await docker("rm", "--force", "--volumes", ...found);
}

/** The name of the image. One that is being built is not waited for: that takes minutes. */
function imageOf({ image, dockerfile, context }: DockerOptions): () => Promise<string> {
  if (image !== undefined) return async () => image;
  const hash = createHash("sha256");
  for (const file of [dockerfile, join(context, "runner.mjs"), join(context, "tunnel.mjs")])
    hash.update(readFileSync(file));
  const tag = `slipway-sandbox:${hash.digest("hex").slice(0, 16)}`;
  let failure: string | undefined;
  let building: Promise<void> | undefined;
  let isBuilt = false;
  const exists = () => docker("image", "inspect", "--format", "{{.Id}}", tag).then(Boolean, () => false);
  return async () => {
    if ((isBuilt ||= await exists())) return tag;
    const said = failure;
    failure = undefined;
    building ??= docker("build", "--quiet", "--tag", tag, "--file", dockerfile, context)
      .then(() => undefined)
      .catch((error: Error) => void (failure = error.message))
      .finally(() => (building = undefined));
    throw new Error(
      said === undefined
        ? "Docker builds the image of sandboxes, which takes some minutes the first time. Try again then."
        : `Docker could not build the image of sandboxes (${said}). It tries again.`,
    );
  };
}

function isolation({ limits }: ContainerSpec): string[] {
  const tmpfs = (path: string, size: number) => ["--tmpfs", `${path}:rw,exec,nosuid,nodev,mode=1777,size=${size}m`];
  return [
    ...["--network", "none", "--hostname", "sandbox", "--read-only", "--cap-drop", "ALL"],
    ...["--security-opt", "no-new-privileges"],
    ...["--memory", String(limits.memory), "--memory-swap", String(limits.memory)],
    ...["--pids-limit", String(limits.processes), "--shm-size", String(256 * mebibyte)],
    ...["--ulimit", "nofile=16384:16384", "--ulimit", `fsize=${largestFile}`, "--ulimit", "core=0"],
    ...tmpfs("/tmp", 512),
    ...tmpfs("/run", 64),
    ...ownFolders.flatMap((path) => ["--volume", path]),
  ];
}

/** Settings of programs, certificates, and folders of packages: read-only, each where the program looks for it. */
function visibleFiles(
  folder: string,
  certificates: Readonly<Record<string, string>>,
  registries: Registries,
): string[] {
  mkdirSync(folder, { recursive: true });
  const texts = settingFiles(certificates, registries);
  const settings = (["npmrc", "pip.conf", "gitconfig"] as const).map((name) => {
    writeFileSync(join(folder, name), texts[name]);
    return [join(folder, name), name === "npmrc" ? "/usr/local/etc/npmrc" : `/etc/${name}`] as const;
  });
  const same = [...Object.values(certificates), ...registries.folders].filter((path) => existsSync(path));
  return [...settings, ...[...new Set(same)].map((path) => [path, path] as const)].flatMap(([outside, inside]) => [
    "--volume",
    `${outside}:${inside}:ro`,
  ]);
}

function environment({ certificates, port }: DockerOptions, spec: ContainerSpec): string[] {
  const variables: Record<string, string> = {
    ...certificates,
    ...spec.environment,
    SLIPWAY_PORT: String(port),
    SLIPWAY_EGRESS_SOCKET: egressSocket,
  };
  return Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
}

/** What carries connections into a container or out of it. */
function carrier(name: string, ...way: string[]): Duplex {
  const child = spawn("docker", ["exec", "--interactive", name, "node", "/opt/slipway/tunnel.mjs", ...way], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const duplex = Duplex.from({ readable: child.stdout, writable: child.stdin });
  child.once("error", () => duplex.destroy()).once("close", () => duplex.destroy());
  duplex.on("close", () => child.kill());
  duplex.on("error", () => undefined);
  return duplex;
}
