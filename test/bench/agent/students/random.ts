/** Numbers from 0 to 1 that are the same for the same seed, so that a bench repeats. */
export type Random = () => number;

export function randomOf(...seed: readonly (string | number)[]): Random {
  let state = 2_166_136_261;
  for (const character of seed.join("\0")) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(random: Random, from: readonly T[]): T {
  const chosen = from[Math.floor(random() * from.length)];
  if (chosen === undefined) throw new Error("there is nothing to pick from");
  return chosen;
}

/** A whole number from 0 to before `end`. */
export function below(random: Random, end: number): number {
  return Math.floor(random() * end);
}
