import type { ConverseRequest, ModelEvent } from "@slipway/local/bedrock/converse";
import { divergence } from "@slipway/local/bedrock/prompt";
import { servedModel } from "@slipway/local/bedrock/served-models";
import { ended } from "../../support/client.ts";
import { speak, type Said } from "../../support/cloud.ts";
import type { RecordFigure } from "./record.ts";
import { answerNext, isSummary, openPlace, openWorld, send, type Place } from "./world.ts";

/**
 * Twenty facts that must outlive a compaction: the goal, what the person decided, what they refused, and what was changed.
 * The model's summary holds none of them, so what is found in the next request is the product's own doing.
 */

const model = "global.anthropic.claude-probed-32k";

const goal = "Build the harbour timetable, and keep to what I decide on the way.";
const decisions = [
  "Times are in UTC, never local.",
  "Ferries are sorted by pier, then by departure.",
  "No dependency but the standard library.",
  "The accent colour is #0b7285.",
  "Cancelled ferries stay visible, struck through.",
  "The table prints on one page of A4.",
];
const paths = Array.from({ length: 9 }, (_, at) => `src/pier-${at + 1}/timetable-${at * 7 + 3}.ts`);
const refused = ["archive/2019", "archive/2020", "archive/2021", "archive/2022"];
const facts = [goal, ...decisions, ...paths, ...refused];

/** Long enough that a few of them fill the window. */
const long = (at: number) =>
  Array.from({ length: 150 }, (_, line) => `export const row${at}_${line} = ${line};\n`).join("");
const readings = 40;
/** Unlike results of tools, it cannot be asked for again, so it has to be summarised. */
const talk = "The rows of this file are as long as those of the one before it, and say nothing of ferries. ".repeat(30);

/** So many that deleting them asks first. */
function filesIn(folder: string): string[] {
  return Array.from({ length: 12 }, (_, at) => `${folder}/old-${at}.txt`);
}

export async function probesBench(record: RecordFigure): Promise<void> {
  const terms = servedModel("global.anthropic.claude-sonnet-5-5");
  if (terms === undefined) throw new Error("Sonnet is not served");
  const plays = new Map<string, Said[]>();
  const world = await openWorld({ [model]: { ...terms, context: 32_000, output: 4096 } }, (request) =>
    play(request, plays),
  );
  const place = await openPlace(world, {
    ...Object.fromEntries(refused.flatMap((folder) => filesIn(folder).map((path) => [path, "old\n"]))),
    ...Object.fromEntries(Array.from({ length: readings }, (_, at) => [`long/${at}.ts`, long(at)])),
  });
  plays.set(
    goal,
    paths.slice(0, 3).map((path) => call("create_file", { path, content: "export {};\n" })),
  );
  await finish(place, goal);
  for (const [at, decision] of decisions.entries()) {
    const path = paths[at + 3] ?? "";
    plays.set(decision, [call("create_file", { path, content: "export {};\n" })]);
    await finish(place, decision);
  }
  const cleanUp = "Clean up what is old.";
  plays.set(
    cleanUp,
    refused.map((folder) => call("delete_files", { paths: [folder] })),
  );
  await finish(place, cleanUp, refused.length);
  const look = "Look through the long files.";
  plays.set(
    look,
    Array.from({ length: readings }, (_, at) => ({ ...call("read_file", { path: `long/${at}.ts` }), text: talk })),
  );
  const { status, error } = await finish(place, look);

  const all = world.asked.map(({ request }) => request);
  const steps = all.filter((request) => !isSummary(request));
  const shortened = steps.filter(
    (request, at) => at > 0 && divergence(steps[at - 1] ?? request, request) !== undefined,
  );
  const [first, last] = [shortened[0], steps.at(-1)].map((request) => (request ? foundIn(request) : []));
  console.table({
    "facts after a compaction": {
      ended: error?.message ?? status,
      compactions: shortened.length,
      summaries: all.length - steps.length,
      "after the first": `${first?.length ?? 0} of ${facts.length}`,
      "at the end": `${last?.length ?? 0} of ${facts.length}`,
      lost: facts.filter((fact) => !last?.includes(fact)).join("; "),
    },
  });
  record("facts after compactions", shortened.length === 0 ? 0 : (last?.length ?? 0), "facts", facts.length);
  await world.remove();
}

function foundIn({ messages }: ConverseRequest): string[] {
  const text = JSON.stringify(messages);
  return facts.filter((fact) => text.includes(fact));
}

/** Sends a message, refuses what its run asks for, and waits for its end. */
async function finish(place: Place, message: string, questions = 0) {
  const run = await send(place, message);
  for (let count = 0; count < questions; count++) await answerNext(place, run, "deny");
  return ended(place.client, run);
}

function call(name: string, input: object): Said {
  return { thinking: "One after the other.", tools: [{ name, input }] };
}

/** Every message's calls in order; each is made once. */
function play(request: ConverseRequest, plays: ReadonlyMap<string, Said[]>): AsyncIterable<ModelEvent> {
  if (isSummary(request)) return speak({ text: "Some work was done, and some is left." });
  const message = request.messages
    .flatMap(({ role, content }) =>
      role === "user" ? content.flatMap((block) => ("text" in block ? [block.text] : [])) : [],
    )
    .findLast((text) => plays.has(text));
  return speak(plays.get(message ?? "")?.shift() ?? { text: "Done." });
}
