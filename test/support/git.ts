import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The git command, which makes the tests' repositories and inspects the results. */
export function git(
  directory: string,
  args: readonly string[],
  options: { input?: string | Buffer; env?: Record<string, string> } = {},
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      "git",
      [...args],
      {
        cwd: directory,
        encoding: "buffer",
        maxBuffer: 1 << 30,
        env: {
          PATH: process.env.PATH,
          HOME: tmpdir(),
          GIT_CONFIG_NOSYSTEM: "1",
          GIT_AUTHOR_NAME: "Seed",
          GIT_AUTHOR_EMAIL: "seed@example.test",
          GIT_COMMITTER_NAME: "Seed",
          GIT_COMMITTER_EMAIL: "seed@example.test",
          ...options.env,
        },
      },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`git ${args.join(" ")}: ${stderr.toString() || error.message}`, { cause: error }));
        else resolve(stdout);
      },
    );
    if (options.input !== undefined) child.stdin?.end(options.input);
  });
}

export async function gitText(directory: string, ...args: string[]): Promise<string> {
  return (await git(directory, args)).toString().trim();
}

export interface SeedFile {
  /** Path as bytes, which need not be UTF-8. */
  path: string | Buffer;
  data?: string | Buffer;
  mode?: "100644" | "100755" | "120000" | "160000";
  /** For a submodule. */
  sha?: string;
}

/** Commits exactly these files to a branch, without a work tree, so that any file name is possible. */
export async function commitTo(
  repository: string,
  branch: string,
  files: readonly SeedFile[],
  options: { message?: string; keep?: boolean; remove?: readonly string[] } = {},
): Promise<string> {
  const index = join(mkdtempSync(join(tmpdir(), "slipway-index-")), "index");
  const env = { GIT_INDEX_FILE: index };
  const ref = `refs/heads/${branch}`;
  const parent = (await gitText(repository, "for-each-ref", "--format=%(objectname)", ref)) || undefined;
  if (parent !== undefined && options.keep) await git(repository, ["read-tree", parent], { env });
  const shas = await hashAll(repository, files);
  const lines = files.map(({ path, mode = "100644", sha }, at) =>
    Buffer.concat([Buffer.from(`${mode} ${sha ?? shas[at] ?? ""}\t`), Buffer.from(path), Buffer.from([0])]),
  );
  const removed = (options.remove ?? []).map((path) => Buffer.from(`0 ${"0".repeat(40)}\t${path}\0`));
  await git(repository, ["update-index", "-z", "--index-info"], { env, input: Buffer.concat([...removed, ...lines]) });
  const tree = (await git(repository, ["write-tree"], { env })).toString().trim();
  const commit = (
    await git(repository, ["commit-tree", tree, ...(parent ? ["-p", parent] : []), "-m", options.message ?? "seed"])
  )
    .toString()
    .trim();
  await git(repository, ["update-ref", ref, commit]);
  rmSync(join(index, ".."), { recursive: true, force: true });
  return commit;
}

/** Writes many blobs with one `git fast-import`. */
async function hashAll(repository: string, files: readonly SeedFile[]): Promise<string[]> {
  const parts: Buffer[] = [];
  const withData = files.filter(({ sha }) => sha === undefined);
  withData.forEach(({ data = "" }, at) => {
    const bytes = Buffer.from(data as Buffer);
    parts.push(Buffer.from(`blob\nmark :${at + 1}\ndata ${bytes.length}\n`), bytes, Buffer.from("\n"));
  });
  const marks = join(mkdtempSync(join(tmpdir(), "slipway-marks-")), "marks");
  await git(repository, ["fast-import", "--quiet", `--export-marks=${marks}`], { input: Buffer.concat(parts) });
  const { readFileSync } = await import("node:fs");
  const byMark = new Map(
    readFileSync(marks, "utf8")
      .split("\n")
      .map((line) => line.split(" "))
      .map(([mark = "", sha = ""]) => [Number(mark.slice(1)), sha]),
  );
  rmSync(join(marks, ".."), { recursive: true, force: true });
  let next = 0;
  return files.map(({ sha }) => (sha === undefined ? (byMark.get(++next) ?? "") : ""));
}

export async function initBare(directory: string, branch: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  await git(directory, ["init", "--bare", "-q", "-b", branch]);
  await git(directory, ["config", "http.receivepack", "true"]);
  await git(directory, ["config", "uploadpack.allowFilter", "true"]);
  await git(directory, ["config", "uploadpack.allowAnySHA1InWant", "true"]);
  await git(directory, ["config", "receive.fsckObjects", "false"]);
}
