import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import fc, { type Arbitrary } from "fast-check";
import { z } from "zod";
import type { ApiRequest } from "./api.ts";

/** Requests made from the contract's route definitions: valid ones, and hostile ones that differ from them in places. */

const Content = z.object({ content: z.record(z.string(), z.object({ schema: z.instanceof(z.ZodType) })) });
const Route = z.object({
  method: z.string(),
  path: z.string(),
  request: z
    .object({
      params: z.instanceof(z.ZodType).optional(),
      query: z.instanceof(z.ZodType).optional(),
      headers: z.instanceof(z.ZodType).optional(),
      body: Content.optional(),
    })
    .default({}),
});
export type Route = z.infer<typeof Route> & { name: string };

export async function contractRoutes(): Promise<Route[]> {
  const folder = join(import.meta.dirname, "../../packages/contract/src/routes");
  const nouns = await Promise.all(
    readdirSync(folder).map((file) => import(`@slipway/contract/routes/${basename(file, ".ts")}`) as Promise<object>),
  );
  return nouns.flatMap((noun) =>
    Object.entries(noun).flatMap(([name, route]) => {
      const parsed = Route.safeParse(route);
      return parsed.success ? [{ ...parsed.data, name }] : [];
    }),
  );
}

/** Ids by prefix (`prj`), from which requests are made. */
export type Ids = Readonly<Record<string, readonly string[]>>;

/** What a JSON schema of the contract says, as far as it is used there. */
const Schema = z.lazy(() =>
  z.looseObject({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    pattern: z.string().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    minItems: z.number().optional(),
    maxItems: z.number().optional(),
    items: z.unknown().optional(),
    properties: z.record(z.string(), z.unknown()).optional(),
    required: z.array(z.string()).optional(),
    anyOf: z.array(z.unknown()).optional(),
    oneOf: z.array(z.unknown()).optional(),
    allOf: z.array(z.unknown()).optional(),
    additionalProperties: z.unknown().optional(),
    $ref: z.string().optional(),
  }),
);

const texts = [
  "",
  " ",
  "a",
  "0",
  "-1",
  "true",
  "null",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "x\udfff y",
  "\u202egnp.exe",
  "é".normalize("NFD"),
  "日本語 🚀",
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "..%2f..%2fetc%2fpasswd",
  ".git/config",
  "src/a.txt",
  "src",
  "C:\\x",
  "\r\nset-cookie: a=b",
  "<script>alert(1)</script>",
  "' OR 1=1 --",
  "${7*7}",
  "(a+)+$",
  "a{0,1000}a{0,1000}a{0,1000}b",
  "[",
  "*a*a*a*a*a*ab",
  "9".repeat(400),
  "a".repeat(5000),
  "é".repeat(600),
  "{".repeat(2000),
  Buffer.from('[1,"projects",{"projectID":"x","activeAt":1}]').toString("base64url"),
  Buffer.from('[1,"messages","msg_01ARZ3NDEKTSV4RRFFQ69G5FAV"]').toString("base64url"),
  Buffer.from('{"pk":"$slipway#userid_x","sk":"$user_1"}').toString("base64url"),
  Buffer.from("not json").toString("base64url"),
  "prj_01ARZ3NDEKTSV4RRFFQ69G5FAV",
  "usr_00000000000000000000000000",
];
const numbers = [0, -0, -1, 1, 0.5, 1e15, 1e16, 2 ** 53, 1e21, 1e308, -1e308, Number.MIN_VALUE, 2147483648];
const deep = (depth: number): unknown => {
  let value: unknown = 1;
  for (let at = 0; at < depth; at++) value = at % 2 === 0 ? [value] : { a: value };
  return value;
};

const hostile: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...texts),
  fc.constantFrom<unknown>(...numbers),
  fc.constantFrom<unknown>(null, true, false, [], {}, [[]], deep(400), Array(3000).fill("x"), { __proto__: 1 }),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.anything({ maxDepth: 3 }),
);

/** Values of a schema; each part is hostile instead with a chance of 1 in `odds`. */
function valuesOf(raw: unknown, ids: Ids, odds: number, definitions: Record<string, unknown> = {}): Arbitrary<unknown> {
  const schema = Schema.parse(raw === true ? {} : raw);
  const inner = (part: unknown) => valuesOf(part, ids, odds, definitions);
  const valid = ((): Arbitrary<unknown> => {
    if (schema.$ref) return inner(definitions[schema.$ref.split("/").at(-1) ?? ""] ?? {});
    const types = Array.isArray(schema.type) ? schema.type.map((type) => ({ ...schema, type })) : undefined;
    const options = schema.anyOf ?? schema.oneOf ?? types;
    if (options) return fc.oneof(...options.map(inner));
    if (schema.enum) return fc.constantFrom(...schema.enum);
    if (schema.const !== undefined) return fc.constant(schema.const);
    if (schema.type === "boolean") return fc.boolean();
    if (schema.type === "null") return fc.constant(null);
    if (schema.type === "integer" || schema.type === "number") {
      const [min, max] = [Math.max(schema.minimum ?? -1e6, -1e15), Math.min(schema.maximum ?? 1e6, 1e15)];
      return fc.oneof(fc.integer({ min: Math.ceil(min), max: Math.min(Math.ceil(min) + 10, max) }), fc.constant(max));
    }
    if (schema.type === "array")
      return fc.array(inner(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, Math.max(4, schema.minItems ?? 0)),
      });
    if (schema.type === "object") {
      const properties = Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, part]) => [name, inner(part)]),
      );
      const known = fc.record(properties, { requiredKeys: schema.required ?? [] });
      if (!schema.additionalProperties || schema.properties) return known;
      return fc.dictionary(fc.constantFrom("src/a.txt", "b", "__proto__"), inner(schema.additionalProperties));
    }
    if (schema.type === "string") return stringsOf(schema, ids);
    return fc.oneof(fc.constantFrom<unknown>("x", 1, "1", true), fc.string({ maxLength: 10 }));
  })();
  if (odds === 0) return valid;
  return fc.oneof({ weight: odds, arbitrary: valid }, { weight: 1, arbitrary: hostile });
}

function stringsOf(schema: z.infer<typeof Schema>, ids: Ids): Arbitrary<string> {
  const prefix = /^\^([a-z]{3})_\[/.exec(schema.pattern ?? "")?.[1];
  if (prefix !== undefined) {
    const known = ids[prefix] ?? [];
    return known.length > 0 ? fc.constantFrom(...known) : fc.constant(`${prefix}_01ARZ3NDEKTSV4RRFFQ69G5FAV`);
  }
  const sample = fc.constantFrom("src/a.txt", "src", "new/b.txt", "README.md", "hello", "rename x to y", "12", '"3"');
  const any = fc.string({ minLength: schema.minLength ?? 0, maxLength: Math.min(schema.maxLength ?? 40, 40) });
  return fc.oneof({ weight: 3, arbitrary: sample }, any);
}

function jsonSchema(
  schema: z.ZodType,
  io: "input" | "output",
): { schema: unknown; definitions: Record<string, unknown> } {
  const made = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Record<string, unknown>;
  return { schema: made, definitions: (made.$defs ?? {}) as Record<string, unknown> };
}

export interface Made {
  route: string;
  request: ApiRequest;
}

/** Requests to a route. With odds of 0 all of their parts are as the contract has them. */
export function requestsTo(route: Route, ids: Ids, odds: number): Arbitrary<Made> {
  const { params, query, headers, body } = route.request;
  const part = (schema: z.ZodType | undefined, io: "input" | "output") => {
    if (schema === undefined) return fc.constant<unknown>({});
    const made = jsonSchema(schema, io);
    return valuesOf(made.schema, ids, odds, made.definitions);
  };
  const bodySchema = body?.content["application/json"]?.schema;
  return fc
    .record({
      params: part(params, "output"),
      query: part(query, "output"),
      headers: part(headers, "output"),
      body: bodySchema === undefined ? fc.constant(undefined) : part(bodySchema, "input"),
      twist: odds === 0 ? fc.constant("none") : fc.constantFrom("none", "none", "none", "none", ...twists),
    })
    .map((made) => ({ route: route.name, request: requestOf(route, made) }));
}

const twists = [
  "type",
  "no-type",
  "no-body",
  "raw-body",
  "cut-body",
  "utf-16",
  "binary",
  "path",
  "origin",
  "query",
  "huge",
];

function requestOf(
  route: Route,
  made: { params: unknown; query: unknown; headers: unknown; body: unknown; twist: string },
): ApiRequest {
  const { twist } = made;
  const fields = (value: unknown) => (value !== null && typeof value === "object" ? Object.entries(value) : []);
  const params = new Map(fields(made.params));
  let path = route.path.replace(/\{(\w+)(?:\{[^}]*\})?\}/g, (_, name: string) =>
    encode(textOf(params.get(name) ?? "x")),
  );
  if (twist === "path") path += "/%zz/%ff%00/..%2f/\u202e";
  let query = fields(made.query)
    .map(([name, value]) => `${encode(name)}=${encode(textOf(value))}`)
    .join("&");
  if (twist === "query") query += "&cursor=%ff%zz&__proto__[a]=1&limit=1&limit=2&%00=";
  const headers: Record<string, string> = Object.fromEntries(
    fields(made.headers)
      .filter(([name]) => /^[\w-]+$/.test(name))
      .map(([name, value]) => [
        name,
        textOf(value)
          .replace(/[^\x20-\x7e]/g, "?")
          .trim(),
      ]),
  );
  const { method } = route;
  const hasBody = made.body !== undefined && twist !== "no-body";
  let body: string | Buffer | undefined = hasBody ? (JSON.stringify(made.body) ?? "") : undefined;
  if (hasBody && twist !== "no-type") headers["content-type"] = "application/json";
  if (twist === "type") headers["content-type"] = 'text/plain;charset="json';
  if (twist === "origin") headers.origin = "null";
  if (typeof body === "string") {
    if (twist === "raw-body") body = '{"__proto__":{"a":1},"a":1e999,"a":"\\ud800"';
    if (twist === "cut-body") body = body.slice(0, body.length / 2);
    if (twist === "utf-16") body = Buffer.from(`\ufeff${body}`, "utf16le");
    if (twist === "binary") body = Buffer.from([0xff, 0xfe, 0, 1, ...Buffer.from(body)]);
    if (twist === "huge") body = `[${"[".repeat(100_000)}`;
  }
  return { method: method.toUpperCase(), path, query, headers, ...(body === undefined ? {} : { body }) };
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return JSON.stringify(value) ?? String(value);
}

/** As browsers encode it; a lone surrogate has no encoding, so it is sent as the bytes that some clients make of it. */
function encode(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : encodeURIComponent(text.toWellFormed()) + "%ed%a0%80";
}
