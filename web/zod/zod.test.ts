import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";

/**
 * The contract is loaded twice, with zod and with the pages' small one. Values are generated from zod's JSON schema of each
 * reply, whole and broken; both must agree on every one.
 */
const folder = join(import.meta.dirname, "../../packages/contract/src");
/** What the runner of a sandbox asks for, and no page. */
const foreign = new Set(["sandbox-sync.ts"]);
const routes = readdirSync(join(folder, "routes")).filter((file) => !foreign.has(file));
const files = ["socket", ...routes.map((file) => `routes/${basename(file, ".ts")}`)];

const Parser = z.custom<{ safeParse(value: unknown): { success: boolean; data?: unknown } }>(
  (value) => typeof value === "object" && value !== null && "safeParse" in value,
);
const Route = z.object({
  responses: z.record(
    z.string(),
    z.object({ content: z.object({ "application/json": z.object({ schema: Parser }) }) }),
  ),
});

/** The schemas of all replies and of the socket's messages, by name. */
async function schemas() {
  const found = new Map<string, z.infer<typeof Parser>>();
  for (const file of files) {
    const module = z.looseObject({}).parse({ ...(await import(join(folder, `${file}.ts`))) });
    for (const [name, value] of Object.entries(module)) {
      if (file === "socket") found.set(`${file}.${name}`, Parser.parse(value));
      const route = Route.safeParse(value);
      for (const [status, { content }] of Object.entries(route.data?.responses ?? {}))
        found.set(`${file}.${name}.${status}`, content["application/json"].schema);
    }
  }
  return found;
}

const full = await schemas();
vi.resetModules();
vi.doMock("zod", () => import("./zod.ts"));
const small = await schemas();
const pages = { full: ofPages(z), small: ofPages((await import("zod")).z) };
afterAll(() => vi.doUnmock("zod"));

describe("the pages' small zod", () => {
  test("loads the whole contract", () => {
    expect(full.size).toBeGreaterThan(70);
    expect([...small.keys()]).toEqual([...full.keys()]);
    // Not the same schemas twice.
    for (const schema of full.values()) expect(schema).toBeInstanceOf(z.ZodType);
    for (const schema of small.values()) expect(schema).not.toBeInstanceOf(z.ZodType);
  });

  test.each([...full.keys()])("agrees with zod on %s", (name) => {
    expectAgreement(full.get(name), small.get(name));
  });

  test.each(["pair", "preferences", "record", "choice", "picked", "loose"] as const)(
    "agrees with zod on a schema of the pages: %s",
    (name) => expectAgreement(pages.full[name], pages.small[name]),
  );

  test("throws where zod throws", () => {
    expect(() => pages.full.choice.parse({ a: 1 })).toThrow();
    expect(() => pages.small.choice.parse({ a: 1 })).toThrow();
  });
});

function expectAgreement(one: unknown, other: z.infer<typeof Parser> | undefined): void {
  if (!(one instanceof z.ZodType) || !other) throw new Error("There is no such schema.");
  const whole = valueOf(z.toJSONSchema(one, { io: "input", unrepresentable: "any" }));
  let accepted = 0;
  fc.assert(
    fc.property(fc.oneof({ weight: 3, arbitrary: whole }, { weight: 2, arbitrary: broken(whole) }), (value) => {
      const [expected, actual] = [one.safeParse(value), other.safeParse(value)];
      expect(actual.success).toBe(expected.success);
      if (!expected.success) return;
      accepted += 1;
      expect(actual.data).toEqual(expected.data);
    }),
    { numRuns: 150 },
  );
  expect(accepted).toBeGreaterThan(20);
}

/** What pages use besides: stored drafts, tabs and preferences. */
function ofPages(lib: typeof z) {
  const key = lib.tuple([lib.literal("draft"), lib.string()]);
  return {
    pair: lib.array(key.or(lib.unknown().transform(() => undefined))),
    preferences: lib.object({ size: lib.number().catch(13), wrap: lib.boolean().catch(false) }),
    record: lib.record(
      lib.string(),
      lib.object({ top: lib.number().nonnegative().max(9), name: lib.string().nullable() }),
    ),
    choice: lib.object({ a: lib.string().trim().min(1).toLowerCase(), b: lib.int().positive().default(3) }).partial(),
    picked: lib
      .object({ a: lib.string().startsWith("x"), b: lib.string() })
      .omit({ b: true })
      .extend({ c: lib.enum(["d"]) }),
    loose: lib.looseObject({ code: lib.string().length(2) }).or(lib.string().regex(/^a+$/)),
  };
}

interface Json {
  [key: string]: unknown;
}
const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null;

/** Values that a JSON schema accepts. */
function valueOf(schema: unknown, root: Json = isJson(schema) ? schema : {}): fc.Arbitrary<unknown> {
  if (!isJson(schema)) return fc.constantFrom("text", 1, null, {});
  const inner = (each: unknown) => valueOf(each, root);
  if (typeof schema.$ref === "string") {
    const target = schema.$ref
      .split("/")
      .slice(1)
      .reduce<unknown>((at, key) => (isJson(at) ? at[key] : undefined), root);
    return inner(target);
  }
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return fc.oneof(...choices.map(inner));
  if (Array.isArray(schema.allOf)) return inner(schema.allOf[0]);
  switch (schema.type) {
    case "string":
      if (schema.format === "uri") return fc.webUrl();
      return typeof schema.pattern === "string"
        ? fc.stringMatching(new RegExp(schema.pattern, "u"))
        : fc.string({ minLength: Number(schema.minLength ?? 0), maxLength: Number(schema.minLength ?? 0) + 8 });
    case "integer":
    case "number":
      return fc.integer({ min: Number(schema.minimum ?? (schema.exclusiveMinimum === undefined ? -5 : 1)), max: 1000 });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return Array.isArray(schema.prefixItems)
        ? fc.tuple(...schema.prefixItems.map(inner))
        : fc.array(inner(schema.items), { maxLength: 3 });
    case "object": {
      const properties = isJson(schema.properties) ? schema.properties : {};
      const required = Array.isArray(schema.required) ? schema.required : [];
      const record = fc.record(
        Object.fromEntries(Object.entries(properties).map(([key, each]) => [key, inner(each)])),
        { requiredKeys: required.map(String) },
      );
      return isJson(schema.additionalProperties)
        ? fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }), inner(schema.additionalProperties), { maxKeys: 2 })
        : record;
    }
    default:
      return fc.constantFrom("text", 1, null, { a: 1 });
  }
}

/** The values, with one part somewhere replaced, removed or added. */
function broken(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const other = fc.constantFrom(null, undefined, "", "x", -1, 0.5, 1e21, true, [], {}, Number.NaN);
  return fc.tuple(values, fc.array(fc.nat(), { minLength: 1, maxLength: 5 }), other).map(([value, path, part]) => {
    const copy = structuredClone(value);
    let at = copy;
    for (const [depth, step] of path.entries()) {
      if (!isJson(at)) return part;
      const keys = Object.keys(at);
      const key = keys[step % Math.max(keys.length, 1)] ?? "added";
      const next = at[key];
      if (depth === path.length - 1 || !isJson(next)) {
        at[key] = part;
        return copy;
      }
      at = next;
    }
    return copy;
  });
}
