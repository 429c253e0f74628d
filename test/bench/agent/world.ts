import type { Run } from "@slipway/contract/run";
import { price, type Tokens } from "@slipway/agent/price";
import { describe } from "@slipway/core/registry";
import type { ConverseRequest, ModelEvent } from "@slipway/local/bedrock/converse";
import { divergence, inputTokens } from "@slipway/local/bedrock/prompt";
import type { ServedModel } from "@slipway/local/bedrock/served-models";
import { ended, signIn, until, type Client } from "../../support/client.ts";
import { cloudWith, isTitle, speak, type Cloud } from "../../support/cloud.ts";
import { rows } from "../../support/table.ts";

/** The built product on a local cloud whose models are scripts, and every request that they were sent. */

/** By it everything is priced: a model of a bench has no price of its own. */
const priced = { info: describe("global.anthropic.claude-sonnet-5-5"), paidBy: "team" } as const;

export interface Asked {
  request: ConverseRequest;
  modelID: string;
}

export interface World {
  cloud: Cloud;
  client: Client;
  /** In the order in which they came; titles are left out. */
  asked: Asked[];
  remove(): Promise<void>;
}

export async function openWorld(
  models: Readonly<Record<string, ServedModel>>,
  script: (request: ConverseRequest, modelID: string) => AsyncIterable<ModelEvent>,
): Promise<World> {
  const asked: Asked[] = [];
  const cloud = await cloudWith({
    models,
    planLimits: { free: 1000, pro: 1000 },
    script(request, modelID) {
      if (isTitle(request)) return speak({ text: "A title" });
      asked.push({ request, modelID });
      return script(request, modelID);
    },
  });
  const client = await signIn(cloud.url, { name: "Bench", plan: "pro" });
  return { cloud, client, asked, remove: () => cloud.remove() };
}

/** One project, with a conversation. */
export interface Place {
  client: Client;
  project: string;
  conversation: string;
}

export async function openPlace(
  { client }: World,
  files: Readonly<Record<string, string>> = {},
  model = "",
): Promise<Place> {
  const project = String((await client.post("/api/projects", {})).json().id);
  if (model !== "") await client.request("PATCH", `/api/projects/${project}`, { body: { settings: { model } } });
  await writeFiles({ client, project }, files);
  return { client, project, conversation: await openConversation({ client, project }) };
}

export async function openConversation({ client, project }: Pick<Place, "client" | "project">): Promise<string> {
  return String((await client.post(`/api/projects/${project}/conversations`)).json().id);
}

/** Changes of one commit. */
const batch = 90;

export async function writeFiles(
  { client, project }: Pick<Place, "client" | "project">,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const changes = Object.entries(files).map(([path, content]) => ({ op: "put", path, content }));
  for (let at = 0; at < changes.length; at += batch) {
    const reply = await client.post(`/api/projects/${project}/changes`, { changes: changes.slice(at, at + batch) });
    if (reply.status !== 200) throw new Error(`the files were not written: ${reply.text}`);
  }
}

/** Paths of a project's files, without its folders. */
export async function pathsIn({ client, project }: Place): Promise<string[]> {
  const { files } = (await client.get(`/api/projects/${project}/files`)).json() as unknown as {
    files: { path: string; kind: string }[];
  };
  return files.flatMap(({ path, kind }) => (kind === "folder" ? [] : [path]));
}

/** The content of a file; undefined if it is not there. */
export async function contentOf({ client, project }: Place, path: string): Promise<string | undefined> {
  const reply = await client.get(`/api/projects/${project}/files/${path.split("/").map(encodeURIComponent).join("/")}`);
  return reply.status === 200 ? String(reply.json().content) : undefined;
}

/** Sends a message. Resolves to its run's id. */
export async function send(
  { client, conversation }: Place,
  message: string,
  mode?: "queue" | "steer",
): Promise<string> {
  const body = { conversationId: conversation, message, ...(mode ? { mode } : {}) };
  const reply = await client.post("/api/messages", body);
  if (reply.status !== 200) throw new Error(`the message was not taken: ${reply.text}`);
  return String(reply.json().runId);
}

/** Sends a message and waits for the end of its run. */
export async function ask(place: Place, message: string): Promise<Run> {
  return ended(place.client, await send(place, message));
}

/** Answers what a run asks for, once it asks. */
export async function answerNext(place: Place, run: string, answer: "allow" | "deny"): Promise<void> {
  await until(async () => ((await answerOpen(place, run, answer)) > 0 ? true : undefined), "a question");
}

/** Answers what a run asks for now. Resolves to how much that was. */
export async function answerOpen({ client }: Place, run: string, answer: "allow" | "deny"): Promise<number> {
  const { approvals } = (await client.get("/api/approvals")).json() as unknown as {
    approvals: { id: string; runId: string }[];
  };
  const own = approvals.filter(({ runId }) => runId === run);
  for (const { id } of own) await client.post(`/api/runs/${run}/approvals/${id}`, { answer });
  return own.length;
}

/** Whether a request asks what is to be remembered, rather than for the next step: it offers no tools. */
export function isSummary({ toolConfig }: ConverseRequest): boolean {
  return toolConfig === undefined;
}

export interface Spent {
  requests: number;
  /** Of all prompts, cached or not. */
  input: number;
  /** Share of them that was read from the cache. */
  hits: number;
  output: number;
  dollars: number;
}

/** What the runs of projects took, as the ledger has it. */
export async function spentIn(cloud: Cloud, projects: ReadonlySet<string>): Promise<Spent> {
  const calls = await rows(
    cloud,
    "ledger",
    ({ projectID, call }) => projects.has(String(projectID)) && call !== "title",
  );
  const tokens = calls.map((row): Tokens => ({
    input: Number(row.inputTokens),
    output: Number(row.outputTokens),
    cacheRead: Number(row.cacheReadTokens),
    cacheWrite: Number(row.cacheWriteTokens),
  }));
  const sum = (of: (each: Tokens) => number) => tokens.reduce((total, each) => total + of(each), 0);
  const input = sum((each) => each.input + each.cacheRead + each.cacheWrite);
  return {
    requests: calls.length,
    input,
    hits: input === 0 ? 0 : sum(({ cacheRead }) => cacheRead) / input,
    output: sum(({ output }) => output),
    dollars: sum((each) => price(priced, each).dollars),
  };
}

export interface Growth {
  /** Requests that are the one before plus more. */
  grown: number;
  of: number;
  /** Where the first that is not begins to differ. */
  breaks: string | undefined;
  /** Dollars of the prompts if each read all of the one before from the cache and wrote the rest. */
  floor: number;
}

/** Whether each request of a conversation is the one before plus more. */
export function growthOf(requests: readonly ConverseRequest[]): Growth {
  const growth: Growth = { grown: 0, of: Math.max(0, requests.length - 1), breaks: undefined, floor: 0 };
  for (const [at, request] of requests.entries()) {
    const before = requests[at - 1];
    const whole = inputTokens(request);
    const read = before ? Math.min(whole, inputTokens(before)) : 0;
    growth.floor += price(priced, { input: 0, output: 0, cacheRead: read, cacheWrite: whole - read }).dollars;
    if (before === undefined) continue;
    const from = divergence(before, request);
    if (from === undefined) growth.grown++;
    else growth.breaks ??= `${from} of request ${at + 1}`;
  }
  return growth;
}
