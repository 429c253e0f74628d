export interface Timers {
  /** Calls back at a time in milliseconds since 1970, or earlier when that is more than 24 days away. */
  at(time: number, act: () => void): void;
  clear(): void;
}

/** The longest delay that `setTimeout` takes. */
const longest = 2 ** 31 - 1;

export function createTimers(): Timers {
  const timers = new Set<NodeJS.Timeout>();
  return {
    at(time, act) {
      const delay = Math.min(longest, Math.max(0, time - Date.now()));
      const timer = setTimeout(() => {
        timers.delete(timer);
        act();
      }, delay);
      timers.add(timer);
    },
    clear() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
