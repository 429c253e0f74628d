/** A key of the table for ElectroDB. Keeps case: by default README.md and readme.md would be one key. */
export function key<const P extends readonly string[], const S extends readonly string[]>(pk: P, sk: S) {
  return {
    pk: { field: "pk", composite: [...pk] as [...P], casing: "none" },
    sk: { field: "sk", composite: [...sk] as [...S], casing: "none" },
  } as const;
}

/** A key of one of the two indexes. */
export function indexKey<
  const N extends "gsi1" | "gsi2",
  const P extends readonly string[],
  const S extends readonly string[],
>(index: N, pk: P, sk: S) {
  return {
    index,
    pk: { field: `${index}pk`, composite: [...pk] as [...P], casing: "none" },
    sk: { field: `${index}sk`, composite: [...sk] as [...S], casing: "none" },
  } as const;
}

export const service = "slipway";

/** A number that sorts as text: revisions, sequence numbers. */
export const ordered = { type: "number", required: true, padding: { length: 15, char: "0" } } as const;

const count = { type: "number", required: true } as const;

/** `TokenCounts` and `ContextSize` of the contract, as maps of a row. */
export const tokenCounts = {
  type: "map",
  properties: { input: count, output: count, cacheRead: count, cacheWrite: count },
} as const;
export const contextSize = { type: "map", properties: { tokens: count, limit: count, window: count } } as const;
