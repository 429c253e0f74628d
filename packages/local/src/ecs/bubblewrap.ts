import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, lstatSync, readlinkSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { Writable } from "node:stream";
import { promisify } from "node:util";
import { createEgress, type EgressRules } from "../egress/proxy.ts";
import type { Registries } from "../egress/registries.ts";
import { foldersIn, isPerson, ownFolders, programs } from "./folders.ts";
import { identities, type Identity } from "./identity.ts";
import { descriptorOf, largestFile, type Container, type ContainerSpec, type Exit, type Launcher } from "./launcher.ts";
import { placeFor, readable } from "./place.ts";
import { settingFiles } from "./settings.ts";
import { processesOfMachine, runnerOf, watch } from "./watchdog.ts";

/**
 * Sandboxes in bubblewrap: namespaces of their own for users, processes, network, files, IPC and host name. The network has
 * nothing but its own loopback: the listener is passed in as a descriptor, and the only way out is a socket to the
 * filtering proxy.
 */
export interface BubblewrapOptions {
  /** The server's data folder. */
  data: string;
  /** The runner's bundle. */
  runner: string;
  registries(): Promise<Registries>;
  rules(registries: Registries): EgressRules;
  /** Variables that name a file of certificates, which programs inside need as well. */
  certificates: Readonly<Record<string, string>>;
}

interface Running {
  owner: string | undefined;
  container: Container;
  /** It was told to end, or has ended and is tidied up. */
  isEnding(): boolean;
}

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

/** Every namespace, no way to make more, no capability. */
const isolation = [
  ...["--unshare-all", "--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL"],
  ...["--hostname", "sandbox", "--die-with-parent", "--new-session", "--clearenv"],
];

/** Why this machine cannot run it, in one sentence; undefined when it can. */
export async function obstacle(): Promise<string | undefined> {
  const needed = ["bwrap", "prlimit", ...(isRoot ? ["setpriv"] : [])];
  const found = await Promise.all(needed.map((name) => run("which", [name]).then(Boolean, () => false)));
  const missing = needed.filter((_, at) => !found[at]);
  if (missing.includes("bwrap"))
    return "Sandboxes need bubblewrap on this machine: install it (apt-get install bubblewrap) and start Slipway again.";
  if (missing.length > 0) return `Sandboxes need ${missing.join(" and ")} from util-linux on this machine.`;
  const { command, args } = as(identities().next(), "bwrap", [...isolation, "--ro-bind", "/", "/", "--", "/bin/true"]);
  return run(command, args, { timeout: 10_000 }).then(
    () => undefined,
    (error: { stderr?: string }) =>
      `Sandboxes need user namespaces, which this machine does not allow (${error.stderr?.trim().split("\n")[0] ?? "no reason given"}).`,
  );
}

/**
 * A program under the identity. Privileges are dropped before bubblewrap starts: as root it would keep nearly all of them. And
 * only the same user may change a process's limits where root has no capability for that, as in many containers.
 */
function as({ uid }: Identity, program: string, args: readonly string[]): { command: string; args: string[] } {
  if (uid === undefined) return { command: program, args: [...args] };
  const drop = [`--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", "--no-new-privs"];
  return { command: "setpriv", args: [...drop, program, ...args] };
}

export function bubblewrap(options: BubblewrapOptions): Launcher {
  const place = placeFor(options.data, isRoot);
  const own = identities();
  const folders = foldersIn(place, own.isOurs);
  const running = new Set<Running>();

  async function launch(spec: ContainerSpec): Promise<Container> {
    // The last one of its owner may still push, and has the folder.
    const ending = [...running].filter(({ owner, isEnding }) => isPerson(owner) && owner === spec.owner && isEnding());
    await Promise.all(ending.map(({ container }) => container.exited));
    const { folder, identity } = folders.open(spec.id, spec.owner, () => own.next(folders.isTaken));
    try {
      return await launchIn(folder, identity, spec);
    } catch (error) {
      folders.close(folder);
      throw error;
    }
  }

  async function launchIn(folder: string, identity: Identity, spec: ContainerSpec): Promise<Container> {
    const registries = await options.registries();
    const egress = createEgress(options.rules(registries));
    await egress.listen(join(folder, "egress/proxy.sock"));
    const listener = createServer();
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    const { port } = listener.address() as AddressInfo;
    const inside = [
      ...isolation,
      ...systemFiles(folder, settingFiles(options.certificates, registries)),
      ...programFiles(options, place),
      ...certificateFiles(options.certificates),
      ...registries.folders.flatMap((path) => ["--ro-bind-try", path, path]),
      // Everything in memory has a bound: what is there counts for no process, so the watchdog would not see it.
      ...["--proc", "/proc", "--dev", "/dev", "--size", String(256 * mebibyte), "--tmpfs", "/dev/shm"],
      ...["--remount-ro", "/dev"],
      ...["--size", String(512 * mebibyte), "--tmpfs", "/tmp", "--size", String(64 * mebibyte), "--tmpfs", "/run"],
      ...Object.entries(ownFolders).flatMap(([name, inside]) => ["--bind", join(folder, name), inside]),
      ...["--ro-bind", join(folder, "egress"), "/run/egress", "--ro-bind", join(folder, "notices"), "/run/notices"],
      ...environment(options, spec),
      ...["--remount-ro", "/", "--chdir", "/workspaces"],
    ];
    // Options travel through a pipe: what is in the arguments, /proc/1/cmdline shows to everything inside.
    const { command, args } = as(identity, "bwrap", ["--args", "4", "--", ...limited(spec), ...runnerCommand]);
    const child = spawn(command, args, {
      stdio: ["ignore", "ignore", "pipe", descriptorOf(listener), "pipe"],
      env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
    });
    const pipe = child.stdio[4];
    if (!(pipe instanceof Writable)) throw new Error("no pipe for the options");
    pipe.on("error", () => undefined);
    pipe.end(`${inside.join("\0")}\0`);
    // The child has a copy and accepts on it.
    listener.close();
    let output = "";
    child.stderr?.on("data", (part) => (output = (output + String(part)).slice(-4096)));
    const ended = new Promise<number | null>((resolve) => {
      child.once("exit", resolve);
      child.once("error", (error) => {
        output += error.message;
        resolve(null);
      });
    });
    const unwatch =
      child.pid === undefined
        ? () => undefined
        : watch({
            pid: child.pid,
            limits: spec.limits,
            folders: Object.keys(ownFolders).map((name) => join(folder, name)),
            notices: join(folder, "notices/notices.jsonl"),
            usage: join(folder, "notices/usage.json"),
            limit(pid, limits) {
              const limiting = as(identity, "prlimit", ["--pid", String(pid), ...limits]);
              return run(limiting.command, limiting.args);
            },
            kill(reason) {
              output += reason;
              child.kill("SIGKILL");
            },
          });
    let isEnding = false;
    async function cleanUp(): Promise<Exit> {
      const code = await ended;
      isEnding = true;
      unwatch();
      await egress.close();
      folders.close(folder);
      running.delete(entry);
      return { code, output: output.trim() };
    }
    const container: Container = {
      port,
      pid: child.pid ?? 0,
      exited: cleanUp(),
      terminate() {
        isEnding = true;
        const runner = runnerOf(child.pid ?? 0, processesOfMachine());
        if (runner !== undefined) process.kill(runner, "SIGTERM");
      },
      kill() {
        isEnding = true;
        child.kill("SIGKILL");
      },
    };
    const entry: Running = { owner: spec.owner, container, isEnding: () => isEnding };
    running.add(entry);
    return container;
  }

  return {
    launch,
    async close() {
      for (const { container } of running) container.kill();
      await Promise.all([...running].map(({ container }) => container.exited));
      rmSync(join(place, programs), { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const mebibyte = 1024 * 1024;

/** What it sees of the system: programs and libraries, and of /etc only what they need. All of it read-only. */
function systemFiles(folder: string, settings: Readonly<Record<string, string>>): string[] {
  const etc = join(folder, "etc");
  const written = {
    ...settings,
    passwd:
      "root:x:0:0:root:/root:/usr/sbin/nologin\nsandbox:x:1000:1000::/home/sandbox:/bin/bash\nnobody:x:65534:65534::/:/usr/sbin/nologin\n",
    group: "root:x:0:\nsandbox:x:1000:\nnogroup:x:65534:\n",
    hosts: "127.0.0.1 localhost sandbox\n::1 localhost\n",
  };
  for (const [name, text] of Object.entries(written)) writeFileSync(join(etc, name), text);
  const links = ["bin", "sbin", "lib", "lib64", "lib32"].flatMap((name) => {
    const path = `/${name}`;
    if (!existsSync(path)) return [];
    return lstatSync(path).isSymbolicLink() ? ["--symlink", readlinkSync(path), path] : ["--ro-bind", path, path];
  });
  return [
    ...["--ro-bind", "/usr", "/usr", ...links],
    ...visibleEtc.flatMap((name) => ["--ro-bind-try", `/etc/${name}`, `/etc/${name}`]),
    ...Object.keys(written).flatMap((name) => ["--ro-bind", join(etc, name), `/etc/${name}`]),
  ];
}

const visibleEtc = [
  ...["alternatives", "ssl/certs", "ssl/openssl.cnf", "ca-certificates", "ld.so.cache", "ld.so.conf", "ld.so.conf.d"],
  ...["nsswitch.conf", "localtime", "profile", "bash.bashrc", "gai.conf", "protocols", "services", "mime.types"],
];

const nodeFolder = "/opt/node";

/** Node of the server, its npm, and the runner. */
function programFiles({ runner }: BubblewrapOptions, place: string): string[] {
  const npm = npmFolder();
  return [
    ...["--ro-bind", readable(process.execPath, place, isRoot), `${nodeFolder}/bin/node`],
    ...(npm === undefined
      ? []
      : [
          ...["--ro-bind", readable(npm, place, isRoot), `${nodeFolder}/lib/node_modules/npm`],
          ...["--symlink", "../lib/node_modules/npm/bin/npm-cli.js", `${nodeFolder}/bin/npm`],
          ...["--symlink", "../lib/node_modules/npm/bin/npx-cli.js", `${nodeFolder}/bin/npx`],
          // Where this npm looks for settings of the system.
          ...["--symlink", "/etc/npmrc", `${nodeFolder}/etc/npmrc`],
        ]),
    ...["--ro-bind", readable(dirname(runner), place, isRoot), "/opt/runner"],
  ];
}

/** Beside this Node, or the system's. */
function npmFolder(): string | undefined {
  const candidates = [
    join(dirname(process.execPath), "../lib/node_modules/npm"),
    "/usr/lib/node_modules/npm",
    "/usr/local/lib/node_modules/npm",
    "/usr/share/nodejs/npm",
  ];
  const found = candidates.find((folder) => existsSync(join(folder, "bin/npm-cli.js")));
  return found === undefined ? undefined : realpathSync(found);
}

/** A file outside of what is visible anyway is bound to the same path. */
function certificateFiles(certificates: Readonly<Record<string, string>>): string[] {
  const paths = [...new Set(Object.values(certificates))].filter((path) => !/^\/(?:etc\/ssl\/certs|usr)\//.test(path));
  return paths.flatMap((path) => ["--ro-bind-try", path, path]);
}

function environment({ certificates }: BubblewrapOptions, spec: ContainerSpec): string[] {
  const variables: Record<string, string> = {
    PATH: `${nodeFolder}/bin:/usr/local/bin:/usr/bin:/bin`,
    HOME: "/home/sandbox",
    USER: "sandbox",
    SHELL: "/bin/bash",
    LANG: "C.UTF-8",
    TMPDIR: "/tmp",
    ...certificates,
    ...spec.environment,
    SLIPWAY_LISTEN_FD: "3",
    SLIPWAY_EGRESS_SOCKET: "/run/egress/proxy.sock",
    SLIPWAY_NOTICES: "/run/notices/notices.jsonl",
    SLIPWAY_USAGE: "/run/notices/usage.json",
    SLIPWAY_STATE: "/var/slipway",
  };
  return Object.entries(variables).flatMap(([name, value]) => ["--setenv", name, value]);
}

/** Limits of each process. They hold only for one that is not root, hence inside. */
function limited({ limits }: ContainerSpec): string[] {
  const each = [`--nproc=${limits.processes}`, "--nofile=16384", `--fsize=${largestFile}`, "--core=0"];
  return ["/usr/bin/prlimit", ...each, "--"];
}

const runnerCommand = [`${nodeFolder}/bin/node`, "--max-old-space-size=256", "/opt/runner/runner.mjs"];
