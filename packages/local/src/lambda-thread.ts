import { parentPort, workerData } from "node:worker_threads";
import { payloadLimit, type Invocation, type WorkerReply, type WorkerSetup } from "./lambda/runtime.ts";

/** Runs a function's bundle: loads it once, then handles one event at a time. */

const setup = workerData as WorkerSetup;
type Handler = (event: unknown, context: Record<string, unknown>) => unknown;
let loading: Promise<Handler> | undefined;

async function load(): Promise<Handler> {
  const module = (await import(setup.bundle)) as { handler?: Handler };
  if (typeof module.handler !== "function") throw new Error(`${setup.name} exports no handler`);
  return module.handler;
}

async function answer(invocation: Invocation): Promise<WorkerReply> {
  const { id, deadline } = invocation;
  try {
    const handler = await (loading ??= load());
    const context = {
      awsRequestId: id,
      functionName: setup.name,
      functionVersion: "$LATEST",
      invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${setup.name}`,
      memoryLimitInMB: String(setup.memory),
      callbackWaitsForEmptyEventLoop: false,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    };
    const value = JSON.stringify((await handler(JSON.parse(invocation.event), context)) ?? null);
    if (Buffer.byteLength(value) > payloadLimit) {
      const message = "Response payload size exceeded maximum allowed payload size (6291556 bytes).";
      return { type: "error", id, errorType: "Function.ResponseSizeTooLarge", message };
    }
    return { type: "result", id, value };
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error));
    process.stderr.write(`${known.stack ?? known.message}\n`);
    return { type: "error", id, errorType: known.name, message: known.message };
  }
}

parentPort?.on("message", (invocation: Invocation) => {
  void answer(invocation).then((reply) => parentPort?.postMessage(reply));
});
