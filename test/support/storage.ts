import { randomBytes } from "node:crypto";
import { tableSpec } from "@slipway/manifest";
import type { Principal } from "@slipway/local/principal";
import { startStorage, type Storage } from "@slipway/local/storage";
import { temporaryFolder } from "./stack.ts";

export const root: Principal = {
  name: "root",
  accessKeyID: "AKIALOCALROOT",
  secretAccessKey: "local-root-secret",
  allows: "everything",
};

/**
 * DynamoDB and S3 endpoints on a new folder, and the environment by which `@slipway/core` finds them. Call it before core
 * is imported (`const { … } = await import("@slipway/core/…")`).
 */
export async function storageForCore(): Promise<Storage & { remove(): Promise<void> }> {
  const folder = temporaryFolder();
  const storage = await startStorage({
    directory: folder.path,
    principals: [root],
    table: { ...tableSpec, name: "slipway" },
    bucket: "blobs",
    origins: ["http://localhost:3000"],
  });
  const links = {
    Table: { name: "slipway" },
    Blobs: { name: "blobs" },
    AgentRun: { arn: "arn:aws:states:us-east-1:000000000000:stateMachine:agent-run" },
    // Nothing listens there; pushes may be lost.
    Socket: { url: "ws://127.0.0.1:1/socket", managementEndpoint: "http://127.0.0.1:1" },
    Settings: {
      url: "http://localhost:3000",
      stage: "test",
      adminEmails: ["admin@example.com"],
      planLimits: { free: 5, pro: 15 },
      defaultModel: "demo",
    },
    Previews: { origin: "http://*.localhost:1" },
    AuthSecret: { value: "a-secret-for-tests" },
    DataKey: { value: randomBytes(32).toString("base64") },
    AuthProviders: { value: "[]" },
  };
  Object.assign(process.env, {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: root.accessKeyID,
    AWS_SECRET_ACCESS_KEY: root.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: storage.dynamodbURL,
    AWS_ENDPOINT_URL_S3: storage.s3URL,
    AWS_ENDPOINT_URL_SFN: "http://127.0.0.1:1",
    SST_RESOURCE_App: JSON.stringify({ name: "slipway", stage: "test" }),
  });
  for (const [name, value] of Object.entries(links)) process.env[`SST_RESOURCE_${name}`] = JSON.stringify(value);
  return {
    ...storage,
    async remove() {
      await storage.close();
      folder.remove();
    },
  };
}
