import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { startApi, type Api, type ApiReply, type ApiRequest } from "../support/api.ts";
import { contractRoutes, requestsTo, type Ids, type Made, type Route } from "../support/requests.ts";

/**
 * Thousands of requests made from the contract, in one process: never a 500, a refused request changes nothing, and what
 * belongs to another person does not exist. A failure names its seed: `FUZZ_SEED=… npx vitest run …` runs that one.
 */

/** More of them search further: `FUZZ_ROUNDS=50`. */
const rounds = Number(process.env.FUZZ_ROUNDS ?? 6);
const requestsARound = 900;
const minutes = 60_000;

let api: Api;
let routes: Route[];
let foreign: Ids;

/** What the API logs of its own faults. */
const logged: string[] = [];

beforeAll(async () => {
  vi.spyOn(process.stdout, "write").mockImplementation((line) => {
    if (String(line).startsWith('{"level":"error"')) logged.push(String(line).trim());
    return true;
  });
  api = await startApi({ planLimits: { free: 100_000, pro: 100_000 } });
  routes = await contractRoutes();
  foreign = (await world("Eve")).ids;
});
afterAll(async () => {
  await api.close();
  vi.restoreAllMocks();
});

interface World {
  cookies: string[];
  ids: Ids;
}

/** A person with one of each thing. */
async function world(name: string): Promise<World> {
  const cookies = await api.signIn(name, "admin");
  const send = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const reply = await api.call({
      method,
      path,
      cookies,
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
    return JSON.parse(reply.text) as Record<string, unknown>;
  };
  // An earlier request may have changed the limits.
  const me = await send("GET", "/api/me");
  await send("PATCH", "/api/admin/limits", { free: 100_000, pro: 100_000 });
  await send("PATCH", `/api/admin/people/${String(me.id)}`, { limit: null, resetMonth: true });
  const made = await send("POST", "/api/projects/create-with-prompt", { prompt: "a page" });
  const project = String(made.projectId);
  for (const path of ["src/a.txt", "README.md"])
    await send("PUT", `/api/projects/${project}/files/${path}`, { content: "one\ntwo\n" });
  await send("POST", `/api/projects/${project}/checkpoints`, { label: "first" });
  const upload = await send("POST", "/api/uploads", { projectId: project, size: 3 });
  const archive = await send("POST", `/api/projects/${project}/archives`);
  return {
    cookies,
    ids: {
      prj: [project],
      cnv: [String(made.conversationId)],
      msg: [String(made.messageId)],
      run: [String(made.runId)],
      upl: [String(upload.id)],
      arc: [String(archive.id)],
      usr: [String(me.id)],
    },
  };
}

const ErrorReply = z.object({
  error: z.looseObject({ code: z.string(), message: z.string() }),
  requestID: z.string(),
});

function shown({ method, path, query, headers, body }: ApiRequest): string {
  return JSON.stringify({ method, path, query, headers, body: body?.toString().slice(0, 2000) }).slice(0, 4000);
}

/** What is wrong with a reply, whatever was asked. */
function faultOf(reply: ApiReply): string | undefined {
  if (reply.status >= 500) return `${reply.status} ${reply.text.slice(0, 300)} ${logged.at(-1)}`;
  if (reply.status < 400) return undefined;
  try {
    return ErrorReply.safeParse(JSON.parse(reply.text)).success
      ? undefined
      : `not an error: ${reply.text.slice(0, 300)}`;
  } catch {
    return `not JSON: ${reply.status} ${reply.text.slice(0, 300)}`;
  }
}

const only = process.env.FUZZ_SEED;
const seeds = only === undefined ? Array.from({ length: rounds }, (_, at) => 20_261_126 + at) : [Number(only)];

test.each(seeds)(
  "no request ends in a 500, and a refused one changes nothing (seed %i)",
  async (seed) => {
    const tally: Tally = { statuses: new Map(), faults: new Map() };
    for (let part = 0; part < requestsARound / 100; part++) {
      const ada = await world("Ada");
      const ids = mixed(ada.ids);
      const made = fc.sample(
        fc.oneof(...routes.flatMap((route) => [requestsTo(route, ids, 6), requestsTo(route, ids, 0)])),
        { seed: seed * 100 + part, numRuns: 100 },
      );
      await run(made, ada.cookies, tally);
    }
    expect([...tally.faults].map(([route, fault]) => `${route}: ${fault}`)).toEqual([]);
    // Both kinds are among them: a fuzz test that only meets refusals tests nothing.
    expect(tally.statuses.get(200)).toBeGreaterThan(requestsARound / 20);
    expect(tally.statuses.get(422)).toBeGreaterThan(requestsARound / 20);
  },
  10 * minutes,
);

interface Tally {
  statuses: Map<number, number>;
  /** The first fault of each route. */
  faults: Map<string, string>;
}

async function run(made: readonly Made[], cookies: readonly string[], { statuses, faults }: Tally): Promise<void> {
  let [rows, writes] = [await api.rows(), await api.writes()];
  for (const [at, { route, request }] of made.entries()) {
    if (route === "signOutEverywhere") continue;
    const reply = await api.call({ ...request, ...(at % 20 === 19 ? {} : { cookies }) });
    statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
    const fault = faultOf(reply);
    if (fault !== undefined && !faults.has(route)) faults.set(route, `${fault} for ${shown(request)}`);
    const after = await api.writes();
    if (after === writes) continue;
    const changed = await api.rows();
    if (reply.status >= 400 && changed !== rows && !faults.has(route))
      faults.set(route, `${reply.status} ${reply.text.slice(0, 200)} and yet a change for ${shown(request)}`);
    [rows, writes] = [changed, after];
  }
}

/** Mostly one's own, some of another person, some of nobody. */
function mixed(own: Ids): Ids {
  return Object.fromEntries(
    Object.entries(own).map(([prefix, mine]) => [
      prefix,
      [...mine, ...mine, ...mine, ...(foreign[prefix] ?? []), `${prefix}_01ARZ3NDEKTSV4RRFFQ69G5FAV`],
    ]),
  );
}

describe("a resource of another person", () => {
  test(
    "answers like a missing one on every route",
    async () => {
      const { cookies, ids } = await world("Mallory");
      const nobody: Ids = Object.fromEntries(
        Object.keys(foreign).map((prefix) => [prefix, [`${prefix}_01ARZ3NDEKTSV4RRFFQ69G5FAV`]]),
      );
      let tried = 0;
      for (const route of routes.filter(
        ({ path }) => !path.startsWith("/api/admin") && !path.startsWith("/api/assist"),
      )) {
        const options = { seed: 7, numRuns: 8 };
        const theirs = fc.sample(requestsTo(route, { ...ids, ...foreign }, 0), options);
        const nobodys = fc.sample(requestsTo(route, { ...ids, ...nobody }, 0), options);
        for (const [at, { request }] of theirs.entries()) {
          const other = nobodys[at]?.request;
          if (other === undefined || JSON.stringify(other) === JSON.stringify(request)) continue;
          const [reply, expected] = [await api.call({ ...request, cookies }), await api.call({ ...other, cookies })];
          const same = (text: string) => text.replaceAll(/[a-z]{3}_[0-9A-Z]{26}/g, "id");
          expect([reply.status, same(reply.text)], shown(request)).toEqual([expected.status, same(expected.text)]);
          expect(reply.status, shown(request)).toBeGreaterThanOrEqual(400);
          tried++;
        }
      }
      expect(tried).toBeGreaterThan(200);
    },
    5 * minutes,
  );
});
