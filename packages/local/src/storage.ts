import { Worker } from "node:worker_threads";
import type { tableSpec } from "@slipway/manifest";
import type { Faults } from "./dynamodb/engine.ts";
import type { DynamoStats } from "./dynamodb/server.ts";
import type { Principal } from "./principal.ts";
import { threadURL } from "./threads.ts";

export interface StorageOptions {
  directory: string;
  principals: readonly Principal[];
  table: typeof tableSpec & { name: string };
  bucket: string;
  /** Origins of pages that may use presigned URLs. */
  origins: readonly string[];
}

export interface StorageStats {
  dynamodb: DynamoStats;
  /** Requests. */
  s3: number;
}

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

/** DynamoDB and S3 over one folder; the table and the bucket are made when they are missing. */
export async function startStorage(options: StorageOptions): Promise<Storage> {
  const worker = new Worker(threadURL("storage"), { workerData: options });
  const waiting = new Map<number, (result: unknown) => void>();
  let lastID = 0;
  const urls = await new Promise<{ dynamodbURL: string; s3URL: string }>((resolve, reject) => {
    worker.once("error", reject);
    worker.on(
      "message",
      (message: { ready?: { dynamodbURL: string; s3URL: string }; id?: number; result?: unknown }) => {
        if (message.ready) resolve(message.ready);
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
  return {
    ...urls,
    stats: async () => (await call("stats")) as StorageStats,
    setFaults: async (faults) => void (await call("setFaults", faults)),
    close: async () => void (await call("close")),
  };
}
