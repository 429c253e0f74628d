import type { Run } from "@slipway/contract/run";
import type { ConverseRequest, ModelEvent } from "@slipway/local/bedrock/converse";
import { inputTokens } from "@slipway/local/bedrock/prompt";
import { servedModel, type ServedModel } from "@slipway/local/bedrock/served-models";
import type { Client } from "../../support/client.ts";
import { speak, type Said } from "../../support/cloud.ts";
import type { RecordFigure } from "./record.ts";
import { contentOf, growthOf, isSummary, openPlace, openWorld, send, spentIn, type Place } from "./world.ts";

/**
 * A long session: 133 tickets in a project of 3,000 files, three steps each, with a window of 32k. The student knows what
 * its request holds and nothing else: what a compaction drops, it has forgotten.
 */

const model = "global.anthropic.claude-session-32k";
const tickets = 133;
const count = 3000;
const goal = `#session: do tickets 1 to ${tickets}. Search for each one's number, and do what it says.`;

const pathOf = (at: number) => `src/part-${Math.floor(at / 40)}/file-${at}.ts`;
/** Where a ticket is. */
const fileOf = (ticket: number) => (ticket * 7919) % count;
const asked = (ticket: number) =>
  `// TICKET ${ticket}: call the next value total${ticket}.\nexport const sum${ticket} = 0;`;
const wanted = (ticket: number) => `export const total${ticket} = 0;`;

function fileAt(at: number, ticket: number | undefined): string {
  const lines = Array.from({ length: 40 }, (_, line) => `export const value${at}_${line} = compute("${at}", ${line});`);
  if (ticket !== undefined) lines.splice(20, 0, asked(ticket));
  return `${lines.join("\n")}\n`;
}

function project(): Record<string, string> {
  const byFile = new Map(Array.from({ length: tickets }, (_, at) => [fileOf(at + 1), at + 1]));
  if (byFile.size < tickets) throw new Error("two tickets are in one file");
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [pathOf(at), fileAt(at, byFile.get(at))]));
}

export async function sessionBench(record: RecordFigure): Promise<void> {
  const terms = servedModel("global.anthropic.claude-sonnet-5-5");
  if (terms === undefined) throw new Error("Sonnet is not served");
  const served: ServedModel = { ...terms, context: 32_000, output: 4096 };
  const world = await openWorld({ [model]: served }, answer);
  const place = await openPlace(world, project());
  const run = await send(place, goal);
  const { status, error } = await endOf(place.client, run, () => world.asked.length);
  const spent = await spentIn(world.cloud, new Set([place.project]));
  const requests = world.asked.map(({ request }) => request).filter((request) => !isSummary(request));
  const growth = growthOf(requests);
  const done = await ticketsDone(place);
  console.table({
    "a session of 400 steps": {
      ended: error?.message ?? status,
      tickets: `${done} of ${tickets}`,
      requests: spent.requests,
      "largest request": Math.max(0, ...requests.map(inputTokens)),
      "input tokens": spent.input,
      "cache hits": `${(spent.hits * 100).toFixed(1)} %`,
      dollars: spent.dollars.toFixed(4),
      compactions: world.asked.length - requests.length,
      rewrites: growth.of - growth.grown,
    },
  });
  record("session of 400 steps, tickets done", done, "tickets", tickets);
  record("session of 400 steps, rewritten prefixes", growth.of - growth.grown, "requests", 20);
  record("session of 400 steps", spent.dollars, "dollars", growth.floor);
  await world.remove();
}

/** Milliseconds without a request, after which a run is stuck. */
const stuck = 180_000;

/** Waits for the end of a run for as long as it makes requests. */
async function endOf({ get }: Client, runID: string, asked: () => number): Promise<Run> {
  let [count, since] = [asked(), Date.now()];
  for (;;) {
    const run = (await get(`/api/runs/${runID}`)).json() as unknown as Run;
    if (["completed", "cancelled", "failed"].includes(run.status)) return run;
    if (asked() > count) [count, since] = [asked(), Date.now()];
    if (Date.now() - since > stuck) throw new Error(`the run made no request for ${stuck / 1000} s, after ${count}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function ticketsDone(place: Place): Promise<number> {
  let done = 0;
  for (let ticket = 1; ticket <= tickets; ticket++) {
    const before = fileAt(fileOf(ticket), ticket);
    if ((await contentOf(place, pathOf(fileOf(ticket)))) === before.replace(asked(ticket), wanted(ticket))) done++;
  }
  return done;
}

function answer(request: ConverseRequest): AsyncIterable<ModelEvent> {
  return speak(isSummary(request) ? { text: summaryOf(request) } : nextOf(request));
}

function summaryOf(request: ConverseRequest): string {
  const { from, to, next } = whereItStands(request);
  return `The person's words: "#session: do tickets ${from} to ${to}. Search for each one's number, and do what it says." Next ticket: ${next}. Those before it are done.`;
}

function nextOf(request: ConverseRequest): Said {
  const { to, next, last } = whereItStands(request);
  const say = (name: string, input: object): Said => ({
    thinking: `Ticket ${next} is next. What is known of it?`,
    text: `On ticket ${next}.`,
    tools: [{ name, input }],
  });
  if (next > to) return { text: `All tickets are done, up to ${to}.` };
  const search = say("search_files", { pattern: `TICKET ${next}:` });
  switch (last?.name) {
    case "search_files": {
      const path = /^(.+?):\d+: .*TICKET/m.exec(last.output)?.[1];
      return path === undefined ? search : say("read_file", { path });
    }
    case "read_file":
      if (!last.output.includes(`TICKET ${next}:`)) return search;
      return say("edit_file", { path: last.path, edits: [{ oldText: asked(next), newText: wanted(next) }] });
    default:
      return search;
  }
}

interface Standing {
  from: number;
  to: number;
  /** The first ticket that is not known to be done. */
  next: number;
  last: { name: string; path: string; output: string } | undefined;
}

/** All that the student knows, by what its request holds. */
function whereItStands(request: ConverseRequest): Standing {
  const said = textsIn(request.messages).join("\n");
  const [, from = "1", to = "0"] = /#session: do tickets (\d+) to (\d+)/.exec(said) ?? [];
  let next = Number(/.*Next ticket: (\d+)/s.exec(said)?.[1] ?? from);
  let last: Standing["last"];
  const inputs = new Map<string, { name: string; input: string; path: string }>();
  for (const { content } of request.messages) {
    for (const block of content) {
      if ("toolUse" in block) {
        const { toolUseId, name, input } = block.toolUse;
        const path = typeof input === "object" && input !== null && "path" in input ? String(input.path) : "";
        inputs.set(toolUseId, { name, input: JSON.stringify(input), path });
      }
      if (!("toolResult" in block)) continue;
      const call = inputs.get(block.toolResult.toolUseId);
      const output = block.toolResult.content.map((part) => ("text" in part ? part.text : "")).join("\n");
      if (call === undefined) continue;
      last = { name: call.name, path: call.path, output };
      const ticket = Number(/TICKET (\d+):/.exec(call.input)?.[1]);
      // An edit that was made, or a search that finds nothing: this one is done.
      const isDone = call.name === "edit_file" ? output.startsWith("Edited") : output.startsWith("Nothing matches");
      if (isDone && ticket >= next) next = ticket + 1;
      else if (call.name === "search_files" && ticket > next) next = ticket;
    }
  }
  return { from: Number(from), to: Number(to), next, last };
}

function textsIn(messages: ConverseRequest["messages"]): string[] {
  return messages.flatMap(({ content }) => content.flatMap((block) => ("text" in block ? [block.text] : [])));
}
