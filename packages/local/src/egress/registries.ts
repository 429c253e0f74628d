import { execFile } from "node:child_process";
import { delimiter, isAbsolute } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { foldersLinkedFrom } from "./file-index.ts";

/** The package registries that npm and pip are configured with on this machine, which its sandboxes may use. */
export interface Registries {
  /** `host:port` of each. */
  readonly hosts: ReadonlySet<string>;
  /** Folders that pip finds packages in, its constraints, and files of certificates. */
  readonly folders: readonly string[];
  /** Lines of npm's and pip's configuration by which both use the same inside. They hold no credentials. */
  readonly npmrc: string;
  readonly pipConf: string;
}

const run = promisify(execFile);
const limits = { timeout: 20_000, maxBuffer: 4 * 1024 * 1024 };

/** Reads the effective configuration of both. What is not installed adds nothing. */
export async function readRegistries(own: NodeJS.ProcessEnv): Promise<Registries> {
  // The person's npm, started by their Node: with the project's, it would read another global configuration.
  const path = own.PATH?.split(delimiter).filter((each) => !/[/]node_modules[/]/.test(`${each}/`));
  const environment = { ...own, ...(path ? { PATH: path.join(delimiter) } : {}) };
  const [npm, pip] = await Promise.all([
    run("npm", ["config", "ls", "--long", "--json"], { ...limits, env: environment }).then(
      ({ stdout }) => registriesOfNpm(stdout),
      () => new Map<string, string>(),
    ),
    run("python3", ["-m", "pip", "config", "list"], { ...limits, env: environment }).then(
      ({ stdout }) => settingsOfPip(stdout),
      () => new Map<string, readonly string[]>(),
    ),
  ]);
  const registries = combine(npm, pip);
  const linked = registries.folders.flatMap((folder) => foldersLinkedFrom(folder));
  return { ...registries, folders: [...new Set([...registries.folders, ...linked])] };
}

/**
 * The registries in `npm config ls --json`, by setting, and whose certificates it trusts. The setting of a scope is
 * `@scope:registry`.
 */
export function registriesOfNpm(json: string): Map<string, string> {
  const settings = z.record(z.string(), z.unknown()).parse(JSON.parse(json));
  return new Map(
    Object.entries(settings).flatMap(([name, value]) => {
      if (typeof value !== "string") return [];
      const isRegistry = (name === "registry" || /^@[^:]+:registry$/.test(name)) && URL.canParse(value);
      return isRegistry || (name === "cafile" && isAbsolute(value)) ? [[name, value] as const] : [];
    }),
  );
}

const pipSettings = ["index-url", "extra-index-url", "find-links", "constraint"];

/** The sources of packages, and what limits their versions, in `pip config list`; a setting may list several. The environment's come after the files'. */
export function settingsOfPip(list: string): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const line of list.split("\n")) {
    const [, name = "", value = ""] = /^[\w:]*\.([\w-]+)='(.*)'$/.exec(line.trim()) ?? [];
    if (pipSettings.includes(name)) found.set(name, value.split(/(?:\s|\\n)+/).filter(Boolean));
  }
  return found;
}

export function combine(npm: ReadonlyMap<string, string>, pip: ReadonlyMap<string, readonly string[]>): Registries {
  const sources = [...npm.values(), ...[...pip.values()].flat()];
  const urls = sources.filter((source) => URL.canParse(source)).map((source) => new URL(source));
  const folders = [
    ...urls.filter(({ protocol }) => protocol === "file:").map(({ pathname }) => decodeURIComponent(pathname)),
    ...sources.filter((source) => isAbsolute(source)),
  ];
  return {
    hosts: new Set(
      urls
        .filter(({ protocol }) => protocol === "https:" || protocol === "http:")
        .map(({ hostname, port, protocol }) => `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`),
    ),
    folders: [...new Set(folders)],
    npmrc: [...npm].map(([name, url]) => `${name}=${withoutCredentials(url)}\n`).join(""),
    pipConf: [...pip].map(([name, found]) => `${name} = ${found.map(withoutCredentials).join(" ")}\n`).join(""),
  };
}

function withoutCredentials(source: string): string {
  if (!URL.canParse(source)) return source;
  const url = new URL(source);
  url.username = "";
  url.password = "";
  return url.href;
}
