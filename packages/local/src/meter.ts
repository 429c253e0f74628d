/**
 * Billable units as AWS would count them, for the bench.
 */
export interface Meter {
  /** DynamoDB requests and capacity units by operation. */
  dynamodb: Record<string, { requests: number; units: number }>;
  /** S3 requests by method. */
  s3: Record<string, number>;
  /** By function. Milliseconds are this machine's, from event to reply. */
  lambda: Record<string, { invocations: number; milliseconds: number }>;
  /** States entered by executions. */
  transitions: number;
  /** Socket messages in both directions. */
  messages: number;
  /** Bytes logged by functions. */
  logBytes: number;
}

/** The part counted outside the storage thread. */
export type ComputeMeter = Omit<Meter, "dynamodb" | "s3">;

export const newMeter = (): ComputeMeter => ({ lambda: {}, transitions: 0, messages: 0, logBytes: 0 });
