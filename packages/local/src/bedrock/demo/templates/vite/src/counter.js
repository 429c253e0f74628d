/** A count that never goes below zero. */
export function createCounter(start /*: number */ = 0) {
  let value = start;
  return {
    read: () => value,
    add(step /*: number */ = 1) {
      value = Math.max(0, value + step);
      return value;
    },
    reset() {
      value = start;
      return value;
    },
  };
}
