import type { LanguageModelMiddleware } from "ai";

/** Replaces lone surrogates in all that a model is sent, wherever they come from: strict servers refuse them. */
export const wellFormed: LanguageModelMiddleware = {
  transformParams: ({ params }) => Promise.resolve({ ...params, prompt: repaired(params.prompt) }),
};

/** The value itself when nothing in it is broken. */
export function repaired<T>(value: T): T;
export function repaired(value: unknown): unknown {
  if (typeof value === "string") return value.isWellFormed() ? value : value.toWellFormed();
  if (Array.isArray(value)) return changed(value, value.map(repaired));
  if (!isPlain(value)) return value;
  const entries = Object.entries(value);
  const after = entries.map(([name, each]): [string, unknown] => [name.toWellFormed(), repaired(each)]);
  return after.every(([name, each], at) => name === entries[at]?.[0] && each === entries[at]?.[1])
    ? value
    : Object.fromEntries(after);
}

function changed(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return after.every((each, at) => each === before[at]) ? before : after;
}

/** Bytes of an image are not walked. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
