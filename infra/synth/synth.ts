import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { childEnvironment } from "../stage.ts";

/** One AWS resource as it would be created. */
export interface Resource {
  /** Pulumi's type, such as `aws:lambda/function:Function`. */
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/** A function's code and the links that SST encrypts into it. */
export interface Build {
  function: string;
  handler: string;
  /** Folder, relative to the repository. */
  bundle: string;
  links: Record<string, Record<string, unknown>>;
}

export interface Synth {
  app: { name: string; stage: string; removal: string; protect: boolean };
  resources: Resource[];
  builds: Build[];
}

const root = join(import.meta.dirname, "../..");

/** Stand-ins for the team's secrets. None may appear in a resource. */
export const plantedSecrets = {
  AuthSecret: "planted-auth-secret-0123456789abcdef",
  DataKey: Buffer.from("planted-data-key-0123456789abcde").toString("base64"),
  SandboxKey: `k1.${Buffer.from("planted-sandbox-seed-0123456789a").toString("base64url")}.${Buffer.from("planted-sandbox-mac-0123456789ab").toString("base64url")}`,
  AuthProviders: JSON.stringify([{ type: "github", clientId: "planted-id", clientSecret: "planted-client-secret" }]),
};

/** An image of sandboxes, by digest. */
export const plantedImage = `123456789012.dkr.ecr.us-east-1.amazonaws.com/slipway-sandbox@sha256:${"a".repeat(64)}`;

/** Evaluates the deployment of a stage. @throws Error with the evaluation's output */
export function synthesise(
  stage: string,
  environment: Readonly<Record<string, string>> = {},
  { mode = "deploy", partition = "aws" }: { mode?: "deploy" | "dev"; partition?: string } = {},
): Synth {
  const folder = mkdtempSync(join(tmpdir(), "slipway-synth-"));
  const file = join(folder, "synth.json");
  try {
    const secrets = Object.fromEntries(
      Object.entries(plantedSecrets).map(([name, value]) => [`SST_SECRET_${name}`, value]),
    );
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, "evaluate.ts"), stage, file, mode, partition],
      {
        cwd: root,
        encoding: "utf8",
        maxBuffer: 64 * 1024 * 1024,
        env: childEnvironment({
          AWS_REGION: "us-east-1",
          SLIPWAY_MEMBERS: "@example.com",
          SLIPWAY_SANDBOX_IMAGE: plantedImage,
          ...secrets,
          ...environment,
        }),
      },
    );
    if (status !== 0) throw new Error(`The stage "${stage}" could not be synthesised:\n${stdout}${stderr}`);
    return JSON.parse(readFileSync(file, "utf8")) as Synth;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
