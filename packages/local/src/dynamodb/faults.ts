/** What a test can make go wrong. Chances are from 0 to 1, times in milliseconds. */
export interface Faults {
  /** ThrottlingException, for any operation. */
  throttle?: number;
  /** TransactionConflict as the reason why a transaction was cancelled. */
  conflict?: number;
  /** TransactionConflictException of a plain write, which the SDK does not try again. */
  writeConflict?: number;
  /** For each member of a batch: handed back undone. */
  unprocessed?: number;
  /** Added to every request. */
  latency?: number;
  /** A read that may be stale (an index, or not `ConsistentRead`) sees the past. */
  stale?: number;
  /** How far back a stale read sees at most; 500 when left out. */
  staleness?: number;
}

export function happens(chance: number | undefined): boolean {
  return chance !== undefined && Math.random() < chance;
}
