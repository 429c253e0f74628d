import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { tableSpec } from "@slipway/manifest";
import type { Faults } from "./dynamodb/faults.ts";
import type { Meter } from "./meter.ts";
import type { Principal } from "./principal.ts";
import type { Service } from "./service.ts";
import { threadURL } from "./threads.ts";

export interface StorageOptions {
  directory: string;
  principals: readonly Principal[];
  table: typeof tableSpec & { name: string };
  bucket: string;
  /** Origins of pages that may use presigned URLs. */
  origins: readonly string[];
}

export type StorageStats = Pick<Meter, "dynamodb" | "s3">;

export interface Storage {
  readonly dynamodbURL: string;
  readonly s3URL: string;
  stats(): Promise<StorageStats>;
  setFaults(faults: Faults): Promise<void>;
  close(): Promise<void>;
}

export interface StorageCall {
  id: number;
  method: "stats" | "setFaults" | "close";
  argument?: unknown;
}

export type StorageControls = Pick<Storage, "setFaults">;

/** The one table and the one bucket, as the manifest describes them. */
export const storage: Service<StorageControls> = {
  async start({ options, principals, origin }) {
    const [table, bucket] = ["slipway", "blobs"];
    const { dynamodbURL, s3URL, stats, setFaults, close } = await startStorage({
      directory: join(options.data, "storage"),
      principals: Object.values(principals),
      table: { ...tableSpec, name: table },
      bucket,
      origins: [origin.origin],
    });
    return {
      endpoints: { AWS_ENDPOINT_URL_DYNAMODB: dynamodbURL, AWS_ENDPOINT_URL_S3: s3URL },
      links: { Table: { name: table }, Blobs: { name: bucket, origin: new URL(s3URL).origin } },
      controls: { setFaults },
      stats,
      close,
    };
  },
};

/** DynamoDB and S3 over one folder; creates the table and the bucket if they are missing. */
export async function startStorage(options: StorageOptions): Promise<Storage> {
  const worker = new Worker(threadURL("storage"), { workerData: options });
  const waiting = new Map<number, (result: unknown) => void>();
  let lastID = 0;
  const urls = await new Promise<{ dynamodbURL: string; s3URL: string }>((resolve, reject) => {
    let isReady = false;
    worker.on("error", (error) => {
      reject(error);
      // Nothing works without storage: end with the reason instead of hanging.
      if (isReady)
        process.nextTick(() => {
          throw error;
        });
    });
    worker.on(
      "message",
      (message: { ready?: { dynamodbURL: string; s3URL: string }; id?: number; result?: unknown }) => {
        if (message.ready) {
          isReady = true;
          resolve(message.ready);
        }
        if (message.id !== undefined) waiting.get(message.id)?.(message.result);
      },
    );
  });
  function call(method: StorageCall["method"], argument?: unknown): Promise<unknown> {
    const id = ++lastID;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      worker.postMessage({ id, method, argument } satisfies StorageCall);
    });
  }
  let closed: Promise<unknown> | undefined;
  async function close(): Promise<void> {
    const exit = once(worker, "exit");
    await call("close");
    await exit;
  }
  return {
    ...urls,
    stats: async () => (await call("stats")) as StorageStats,
    setFaults: async (faults) => void (await call("setFaults", faults)),
    close: async () => void (await (closed ??= close())),
  };
}
