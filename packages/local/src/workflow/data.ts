/** Paths and templates of the States Language over plain JSON. */

export type Json = unknown;

/** A template names a path at which the data holds nothing. */
export class PathFailure extends Error {}

/** The value at `$.a.b`; undefined where there is none. */
export function read(path: string, from: Json): Json {
  return path
    .split(".")
    .slice(1)
    .reduce<Json>(
      (value, name) =>
        typeof value === "object" && value !== null ? (value as Record<string, Json>)[name] : undefined,
      from,
    );
}

/** A copy of `into` with `value` at `$.a.b`; `$` replaces all of it, null discards the value. */
export function write(path: string | null | undefined, into: Json, value: Json): Json {
  if (path === null) return into;
  const names = (path ?? "$").split(".").slice(1);
  if (names.length === 0) return value;
  const copy = structuredClone(into ?? {}) as Record<string, Json>;
  let at = copy;
  for (const name of names.slice(0, -1)) at = (at[name] ??= {}) as Record<string, Json>;
  at[names.at(-1) ?? ""] = value;
  return copy;
}

/** Fills a template: `"name.$": "$.path"` from the data, `"name.$": "$$.path"` from the context object. @throws PathFailure */
export function fill(template: Json, data: Json, context: Json): Json {
  if (Array.isArray(template)) return template.map((element) => fill(element, data, context));
  if (typeof template !== "object" || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) => {
      if (!name.endsWith(".$")) return [name, fill(value, data, context)];
      const path = String(value);
      const found = path.startsWith("$$") ? read(path.slice(1), context) : read(path, data);
      if (found === undefined) throw new PathFailure(`there is nothing at ${path}`);
      return [name.slice(0, -2), found];
    }),
  );
}
