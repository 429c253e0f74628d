import type { ComputeProvider } from "./compute.ts";

/** Where this deployment's sandboxes run. Loaded on first use: the SDK's clients are large, and most requests need none. */
export async function provider(): Promise<ComputeProvider> {
  return (await import("./fargate.ts")).fargate;
}
