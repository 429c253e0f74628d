/**
 * What AWS would have charged for, counted as the local cloud serves it: the product's cost in units, for the bench.
 */
export interface Meter {
  /** Requests to DynamoDB by operation, and the capacity units they took. */
  dynamodb: Record<string, { requests: number; units: number }>;
  /** Requests to S3 by method. */
  s3: Record<string, number>;
  /** By function. Milliseconds are this machine's, from the event to the answer. */
  lambda: Record<string, { invocations: number; milliseconds: number }>;
  /** States that executions have entered. */
  transitions: number;
  /** Messages over sockets, either way. */
  messages: number;
  /** Bytes that functions have logged. */
  logBytes: number;
}

/** The part that is counted outside of the storage thread. */
export type ComputeMeter = Omit<Meter, "dynamodb" | "s3">;

export const newMeter = (): ComputeMeter => ({ lambda: {}, transitions: 0, messages: 0, logBytes: 0 });
