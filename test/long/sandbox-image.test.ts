import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "@slipway/sandbox/client";
import { signToken, publicKeyText } from "@slipway/sandbox/token";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect, key, projectID, sandbox } from "../support/runner.ts";

/**
 * Builds the image of a sandbox and runs it. buildah needs no daemon; the base is made with debootstrap, so that no registry
 * of images is needed either.
 */

const root = join(import.meta.dirname, "../..");
const missing = ["buildah", "debootstrap"].filter((name) => spawnSync("which", [name]).status !== 0);
const reason =
  process.getuid?.() !== 0 ? "it needs root" : missing.length > 0 ? `${missing.join(" and ")} missing` : undefined;

describe.skipIf(reason !== undefined)(
  `the image of a sandbox${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  () => {
    let folder: string;
    let container: string;
    let running: ChildProcess | undefined;
    const env = { ...process.env, BUILDAH_ISOLATION: "chroot", STORAGE_DRIVER: "vfs" };
    const buildah = (...args: string[]) =>
      execFileSync("buildah", ["--root", join(folder, "storage"), "--runroot", join(folder, "run"), ...args], {
        env,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "inherit"],
        maxBuffer: 256 * 1024 * 1024,
      }).trim();

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), "slipway-image-"));
      const base = join(folder, "base");
      execFileSync("debootstrap", ["--variant=minbase", "bookworm", base], { stdio: "ignore" });
      // What the official image of Node adds to Debian.
      execFileSync("cp", [process.execPath, join(base, "usr/local/bin/node")]);
      const scratch = buildah("from", "scratch");
      buildah("add", "--quiet", scratch, base, "/");
      buildah("commit", "--quiet", scratch, "base");
      const file = join(root, "packages/sandbox/Dockerfile");
      buildah(
        "build",
        "--quiet",
        "--build-arg",
        "BASE=localhost/base",
        "--file",
        file,
        "--tag",
        "sandbox",
        join(root, ".build/sandbox"),
      );
      container = buildah("from", "localhost/sandbox");
    });
    afterAll(() => {
      running?.kill("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    });

    test("has the tools, runs as nobody special, and its runner answers", async () => {
      const port = await freePort();
      const variables = {
        SLIPWAY_PUBLIC_KEYS: publicKeyText(key),
        SLIPWAY_SANDBOX_ID: sandbox,
        SLIPWAY_EPOCH: "1",
        SLIPWAY_PORT: String(port),
      };
      const options = Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
      const entry = ["/usr/bin/tini", "-s", "--", "node", "/opt/slipway/runner.mjs"];
      const place = ["--root", join(folder, "storage"), "--runroot", join(folder, "run")];
      running = spawn("buildah", [...place, "run", ...options, container, "--", ...entry], { env, stdio: "inherit" });
      await expect
        .poll(() =>
          fetch(`http://127.0.0.1:${port}/health`).then(
            ({ status }) => status,
            () => 0,
          ),
        )
        .toBe(200);

      const control = connect({
        url: `http://127.0.0.1:${port}`,
        token: (scope, project) =>
          signToken(key, {
            sandbox,
            epoch: 1,
            scope,
            project,
            origin: `127.0.0.1:${port}`,
            exp: Math.ceil(Date.now() / 1000) + 60,
          }),
      });
      const session = control.project(projectID);
      await session.open({});
      const tools =
        "id -un; for tool in node git rg jq curl python3 gcc make perl tini zstd; do command -v $tool > /dev/null || echo no $tool; done";
      const more =
        "python3 -m venv v && v/bin/python -c 'print(6*7)'; touch /opt/slipway/x 2>&1 | grep -c 'Permission denied'; sudo -n true 2>&1 | grep -c 'not found'";
      const { text } = await collect(session.exec({ call: "a", command: `${tools}; ${more}` }));
      expect(text).toBe("sandbox\n42\n1\n1\n");
      await session.openTerminal({ id: "t" });
      await expect.poll(async () => (await session.terminals()).map(({ title }) => title)).toEqual(["bash"]);
    });
  },
);

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
