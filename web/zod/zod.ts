/**
 * zod for the browser. No bundler can shake zod's methods, so `z.string().optional()` costs each page 27 KB of compressed
 * script, zod/mini's functions 10. The build of the pages resolves `zod` to this file instead: what the contract and the
 * pages use of it, in 1.5 KB. The types are zod's. It accepts and returns what zod does, without messages, and
 * `zod.test.ts` compares both on every schema of the contract.
 */

const invalid = Symbol("invalid");

/** The parsed value, or `invalid`. */
type Read = (value: unknown) => unknown;
type Shape = Record<string, Schema>;
type Keys = Record<string, true>;

class Schema {
  readonly read: Read;
  readonly shape: Shape;
  constructor(read: Read, shape: Shape = {}) {
    this.read = read;
    this.shape = shape;
  }

  safeParse(value: unknown) {
    const data = this.read(value);
    return data === invalid ? { success: false, data: undefined } : { success: true, data };
  }
  parse(value: unknown) {
    const data = this.read(value);
    if (data === invalid) throw new Error("The value does not fit its schema.");
    return data;
  }

  min = (least: number) => this.refine((value) => sizeOf(value) >= least);
  max = (most: number) => this.refine((value) => sizeOf(value) <= most);
  length = (exactly: number) => this.refine((value) => sizeOf(value) === exactly);
  int = () => this.refine(Number.isSafeInteger);
  positive = () => this.refine((value) => Number(value) > 0);
  nonnegative = () => this.min(0);
  regex = (pattern: RegExp) => this.refine((value) => String(value).search(pattern) >= 0);
  startsWith = (prefix: string) => this.refine((value) => String(value).startsWith(prefix));
  pipe = (next: Schema) => this.transform(next.read);
  trim = () => this.transform((value) => String(value).trim());
  toLowerCase = () => this.transform((value) => String(value).toLowerCase());

  refine(accepts: (value: unknown) => boolean) {
    return this.transform((value) => (accepts(value) ? value : invalid));
  }
  transform(change: Read) {
    const read = (value: unknown) => {
      const own = this.read(value);
      return own === invalid ? invalid : change(own);
    };
    return new Schema(read, this.shape);
  }

  meta = () => this;
  // `undefined` may have a default within.
  optional = () => this.or(only((value) => value === undefined));
  nullable = () => new Schema((value) => (value === null ? null : this.read(value)));
  default = (instead: unknown) => new Schema((value) => (value === undefined ? instead : this.read(value)));
  catch = (instead: unknown) => this.or(new Schema(() => instead));
  or = (other: Schema) => z.union([this, other]);

  extend = (shape: Shape) => z.object({ ...this.shape, ...shape });
  pick = (keys: Keys) => z.object(filter(this.shape, (key) => key in keys));
  omit = (keys: Keys) => z.object(filter(this.shape, (key) => !(key in keys)));
  partial = () => z.object(map(this.shape, (schema) => schema.optional()));
}

const sizeOf = (value: unknown) => (typeof value === "string" || Array.isArray(value) ? value.length : Number(value));
const map = <T, U>(record: Record<string, T>, to: (value: T, key: string) => U) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value, key)]));
const filter = <T>(record: Record<string, T>, keep: (key: string) => boolean) =>
  Object.fromEntries(Object.entries(record).filter(([key]) => keep(key)));

const only = (accepts: (value: unknown) => boolean) => new Schema((value) => (accepts(value) ? value : invalid));
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function list(value: unknown, at: (index: number) => Schema): unknown {
  if (!Array.isArray(value)) return invalid;
  const items = value.map((item, index) => at(index).read(item));
  return items.includes(invalid) ? invalid : items;
}

function fields(value: unknown, shape: Shape, rest: Record<string, unknown>): unknown {
  if (!isRecord(value)) return invalid;
  const found = rest;
  for (const key in shape) {
    const field = shape[key]?.read(value[key]);
    if (field === invalid) return invalid;
    if (field !== undefined || key in value) found[key] = field;
  }
  return found;
}

export const z = {
  string: () => only((value) => typeof value === "string"),
  url: () => only((value) => typeof value === "string" && URL.canParse(value)),
  number: () => only(Number.isFinite),
  int: () => only(Number.isSafeInteger),
  boolean: () => only((value) => typeof value === "boolean"),
  unknown: () => only(() => true),
  literal: (wanted: unknown) => only((value) => value === wanted),
  enum: (values: unknown[]) => only((value) => values.includes(value)),
  array: (of: Schema) => new Schema((value) => list(value, () => of)),
  tuple: (of: Schema[]) =>
    new Schema((value) =>
      Array.isArray(value) && value.length === of.length ? list(value, (index) => of[index] ?? z.unknown()) : invalid,
    ),
  object: (shape: Shape) => new Schema((value) => fields(value, shape, {}), shape),
  looseObject: (shape: Shape) =>
    new Schema((value) => fields(value, shape, isRecord(value) ? { ...value } : {}), shape),
  record: (_keys: Schema, of: Schema) =>
    new Schema((value) => {
      if (!isRecord(value)) return invalid;
      const { __proto__: _, ...found } = map(value, of.read);
      return Object.values(found).includes(invalid) ? invalid : found;
    }),
  union: (of: Schema[]) =>
    new Schema((value) => {
      for (const schema of of) {
        const read = schema.read(value);
        if (read !== invalid) return read;
      }
      return invalid;
    }),
  discriminatedUnion: (_by: string, of: Schema[]) => z.union(of),
  // In parameters of requests alone, which the page sends and never parses.
  coerce: { number: () => z.number() },
  stringbool: () => z.boolean(),
};
