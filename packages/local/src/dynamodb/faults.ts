/** Faults that a test injects. Probabilities are from 0 to 1, times in milliseconds. */
export interface Faults {
  /** ThrottlingException, for any operation. */
  throttle?: number;
  /** A transaction is cancelled with reason TransactionConflict. */
  conflict?: number;
  /** TransactionConflictException on a plain write, which the SDK does not retry. */
  writeConflict?: number;
  /** For each member of a batch: returned as unprocessed. */
  unprocessed?: number;
  /** Added to every request. */
  latency?: number;
  /** A read that may be stale (of an index, or without `ConsistentRead`) sees old data. */
  stale?: number;
  /** Greatest age of a stale read; 500 by default. */
  staleness?: number;
}

export function happens(chance: number | undefined): boolean {
  return chance !== undefined && Math.random() < chance;
}
