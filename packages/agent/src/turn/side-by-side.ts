/** Reading calls that run at once: each may hold a large file. */
const width = 8;

/**
 * Runs calls and yields their results in order. Calls in a row that only read run side by side; every other one begins
 * when all before it have ended. @throws what a call throws, when it is that call's turn
 */
export async function* inOrder<Call, Result>(
  calls: readonly Call[],
  { reads, run }: { reads(call: Call): boolean; run(call: Call): Promise<Result> },
): AsyncGenerator<[Call, Result]> {
  const begun = new Map<Call, Promise<Result>>();
  for (const [index, call] of calls.entries()) {
    const next = calls.slice(index, index + width);
    const other = next.findIndex((each) => !reads(each));
    for (const each of reads(call) ? next.slice(0, other === -1 ? undefined : other) : [call]) {
      if (begun.has(each)) continue;
      const result = run(each);
      result.catch(() => undefined);
      begun.set(each, result);
    }
    const result = begun.get(call);
    begun.delete(call);
    if (result !== undefined) yield [call, await result];
  }
}
