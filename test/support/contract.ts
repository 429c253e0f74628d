import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";

/** Holds every reply that a test gets against the contract: pages parse what they are sent, and refuse anything else. */

const Route = z.object({
  method: z.string(),
  path: z.string(),
  responses: z.record(
    z.string(),
    z.object({ content: z.object({ "application/json": z.object({ schema: z.instanceof(z.ZodType) }) }) }),
  ),
});

const folder = join(import.meta.dirname, "../../packages/contract/src/routes");

/** Every route of the contract, by `noun.name`. */
export const routes = new Map<string, z.infer<typeof Route>>();
for (const file of readdirSync(folder)) {
  const noun = basename(file, ".ts");
  // For runners, not for pages: replies are lines, which the store's and the runner's tests parse.
  if (noun === "sandbox-sync") continue;
  const module: unknown = await import(`@slipway/contract/routes/${noun}`);
  for (const [name, route] of Object.entries(z.record(z.string(), Route).parse({ ...z.looseObject({}).parse(module) })))
    routes.set(`${noun}.${name}`, route);
}

const patterns = [...routes].map(([name, route]) => ({
  name,
  route,
  pattern: new RegExp(
    `^${route.path.replace(/\{\w+(\{[^}]+\})?\}/g, (_, isPath?: string) => (isPath ? "[^]+" : "[^/]+"))}$`,
  ),
}));

/** @throws an Error that says what of the reply is not as the contract has it */
export function expectContract(method: string, path: string, status: number, text: string): void {
  if (status >= 300) return;
  const { pathname } = new URL(path, "http://test");
  const found = patterns.filter(
    ({ route, pattern }) => route.method === method.toLowerCase() && pattern.test(pathname),
  );
  if (found.length === 0) return;
  // `/files/a/b` and the like fit one route alone; where two fit, one of them has to take the reply.
  const failures = found.flatMap(({ name, route }) => {
    const schema = route.responses[String(status)]?.content["application/json"].schema;
    if (!schema) return [`${name} has no reply ${status}`];
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? [] : [`${name}: ${z.prettifyError(parsed.error)}`];
  });
  if (failures.length === found.length)
    throw new Error(`${method} ${path} breaks the contract. ${failures.join("; ")}`);
}
