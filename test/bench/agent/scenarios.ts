import type { ConverseRequest, ModelEvent } from "@slipway/local/bedrock/converse";
import { ModelRefusal } from "@slipway/local/bedrock/refusal";
import { servedModel, type ServedModel } from "@slipway/local/bedrock/served-models";
import { ended, until } from "../../support/client.ts";
import { speak, type Said } from "../../support/cloud.ts";
import type { RecordFigure } from "./record.ts";
import {
  answerNext,
  ask,
  growthOf,
  openConversation,
  openPlace,
  openWorld,
  send,
  spentIn,
  type Place,
  type World,
} from "./world.ts";

/**
 * Ten conversations on Sonnet's terms: what their requests cost, how much of them the prompt cache holds, and whether each
 * is the one before plus more. What the model says is scripted; the prompts are the product's.
 */

const sonnet = "global.anthropic.claude-sonnet-5-5";
const haiku = "global.anthropic.claude-haiku-5-5";

/** What the model does with the nth request of a message. */
type Play = (step: number) => Said | "throttled" | "cut";

interface Stage {
  world: World;
  place: Place;
  /** What the model does with a message; its last step ends the answer. */
  plays: Map<string, Play>;
  /** Sends a message, has the model play it, and waits for the end. */
  say(message: string, play: Play): Promise<void>;
}

const done: Said = { text: "Done. It works as you asked; open the preview to see it." };
const thinking = "The file tells how it is done here. I read it first, then decide what has to change. ".repeat(4);
const read = (...paths: string[]): Said => ({
  thinking,
  text: "Reading it.",
  tools: paths.map((path) => ({ name: "read_file", input: { path } })),
});
const edit = (path: string, oldText: string, newText: string): Said => ({
  thinking,
  text: "Changing it.",
  tools: [{ name: "edit_file", input: { path, edits: [{ oldText, newText }] } }],
});
/** Plays these in order, then ends. */
const inOrder =
  (...steps: (Said | "throttled" | "cut")[]): Play =>
  (step) =>
    steps[step] ?? done;

/** About 2,000 tokens each. */
const source = (at: number) =>
  Array.from(
    { length: 120 },
    (_, line) => `export const value${at}_${line} = compute("${at}", ${line}); // line ${line}\n`,
  ).join("");
const pathOf = (at: number) => `src/part-${Math.floor(at / 40)}/file-${at}.ts`;
const files = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [pathOf(at), source(at)]));

const scenarios: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  async "a chat of follow-ups"({ say }) {
    for (let at = 0; at < 8; at++)
      await say(`#follow-up ${at}`, inOrder(read(pathOf(at)), edit(pathOf(at), `value${at}_7 `, `renamed${at}_7 `)));
  },
  async "a long run of many reads"({ say }) {
    await say("#read them all", inOrder(...Array.from({ length: 40 }, (_, at) => read(pathOf(at)))));
  },
  async "approval in the middle"({ say, place }) {
    const remove: Said = {
      text: "Removing them.",
      tools: [{ name: "delete_files", input: { paths: ["src/part-1"] } }],
    };
    const running = say(
      "#clean up",
      inOrder(read(pathOf(0)), read(pathOf(1)), remove, read(pathOf(2)), read(pathOf(3))),
    );
    const run = await until(async () => {
      const { approvals } = (await place.client.get("/api/approvals")).json() as unknown as {
        approvals: { runId: string; projectId: string }[];
      };
      return approvals.find(({ projectId }) => projectId === place.project)?.runId;
    }, "a question");
    await answerNext(place, run, "allow");
    await running;
  },
  async "throttled and cut, then retried"({ say }) {
    await say(
      "#retry",
      inOrder(read(pathOf(0)), read(pathOf(1)), "throttled", "throttled", "cut", read(pathOf(2)), read(pathOf(3))),
    );
  },
  async "hand-over between turns"({ say, world }) {
    let kills = 0;
    await say("#hand over", (step) => {
      // The turn dies while the model answers; another one continues.
      if ((step === 2 || step === 4) && kills < step / 2) {
        kills++;
        setTimeout(() => void world.cloud.kill("turn"), 50);
        return { text: "One word after the other. ".repeat(40), pace: 20 };
      }
      return step < 6 ? read(pathOf(step)) : done;
    });
  },
  async "steered on the way"({ place, plays, world }) {
    plays.set(
      "#steer",
      inOrder(
        read(pathOf(0)),
        { ...read(pathOf(1)), text: "Slowly now. ".repeat(20), pace: 30 },
        read(pathOf(2)),
        read(pathOf(3)),
      ),
    );
    const before = world.asked.length;
    const run = await send(place, "#steer");
    await until(() => Promise.resolve(world.asked.length >= before + 2 || undefined), "the second request");
    await send(place, "and look at the tests as well", "steer");
    await ended(place.client, run);
    plays.set("#after", inOrder(read(pathOf(4))));
    await ask(place, "#after");
  },
  async "cancelled and continued"({ place, plays, world, say }) {
    plays.set("#cancel", inOrder(read(pathOf(0)), { text: "Slowly now. ".repeat(100), pace: 50 }));
    const before = world.asked.length;
    const run = await send(place, "#cancel");
    await until(() => Promise.resolve(world.asked.length >= before + 2 || undefined), "the second request");
    await place.client.post("/api/messages/cancel", { projectId: place.project });
    await ended(place.client, run);
    await say("#continue", inOrder(read(pathOf(1)), read(pathOf(2))));
  },
  async "parallel reads"({ say }) {
    const ten = (from: number) => read(...Array.from({ length: 10 }, (_, at) => pathOf(from + at)));
    await say("#in parallel", inOrder(ten(0), ten(10), ten(20)));
  },
  async "two conversations of one project"({ place, plays, say }) {
    const other: Place = { ...place, conversation: await openConversation(place) };
    for (let at = 0; at < 3; at++) {
      await say(`#first ${at}`, inOrder(read(pathOf(at)), edit(pathOf(at), `value${at}_3 `, `first${at}_3 `)));
      plays.set(
        `#second ${at}`,
        inOrder(read(pathOf(10 + at)), edit(pathOf(10 + at), `value${10 + at}_3 `, `second${at} `)),
      );
      await ask(other, `#second ${at}`);
    }
  },
  async "a project of 3,000 files"({ say }) {
    const find: Said = {
      text: "Where is it?",
      tools: [{ name: "search_files", input: { pattern: "value2999_11\\b" } }],
    };
    const list: Said = { text: "What is there?", tools: [{ name: "list_files", input: {} }] };
    await say("#large", inOrder(list, find, read(pathOf(2999)), edit(pathOf(2999), "value2999_11 ", "found ")));
    await say("#large again", inOrder(read(pathOf(1500)), edit(pathOf(1500), "value1500_1 ", "found ")));
  },
};

export async function scenariosBench(record: RecordFigure): Promise<void> {
  const table: Record<string, object> = {};
  for (const [name, run] of Object.entries(scenarios)) {
    const plays = new Map<string, Play>();
    const played = new Map<string, number>();
    const world = await openWorld(models(), (request) => playNext(request, plays, played));
    const place = await openPlace(world, files(name.includes("3,000") ? 3000 : 60));
    const say = async (message: string, play: Play) => {
      plays.set(message, play);
      const { status, error } = await ask(place, message);
      if (status !== "completed") throw new Error(`"${name}" ended as ${status}: ${error?.message ?? ""}`);
    };
    await run({ world, place, plays, say });
    const spent = await spentIn(world.cloud, new Set([place.project]));
    const growths = conversationsIn(world).map(growthOf);
    const sum = (of: "grown" | "of" | "floor") => growths.reduce((total, growth) => total + growth[of], 0);
    table[name] = {
      requests: spent.requests,
      "input tokens": spent.input,
      "cache hits": `${(spent.hits * 100).toFixed(1)} %`,
      dollars: spent.dollars.toFixed(4),
      "only grew": `${sum("grown")} of ${sum("of")}`,
      "first break": growths.find(({ breaks }) => breaks !== undefined)?.breaks ?? "",
    };
    record(`agent, ${name}`, spent.dollars, "dollars", sum("floor"));
    await world.remove();
  }
  console.table(table);
}

function models(): Record<string, ServedModel> {
  return Object.fromEntries(
    [sonnet, haiku].flatMap((id) => {
      const model = servedModel(id);
      return model === undefined ? [] : [[id, model]];
    }),
  );
}

/** Requests by their conversation, which its first message of ours tells. */
function conversationsIn({ asked }: World): ConverseRequest[][] {
  const conversations = new Map<string, ConverseRequest[]>();
  for (const { request } of asked) {
    const kind = messageOf(request).text.split(" ")[0] ?? "";
    const of = kind === "#second" ? "second" : "first";
    conversations.set(of, [...(conversations.get(of) ?? []), request]);
  }
  return [...conversations.values()];
}

/** The newest of our messages, and where it is. */
function messageOf({ messages }: ConverseRequest): { text: string; index: number } {
  for (const [index, { content }] of [...messages.entries()].toReversed())
    for (const block of content) if ("text" in block && block.text.startsWith("#")) return { text: block.text, index };
  return { text: "", index: 0 };
}

function playNext(
  request: ConverseRequest,
  plays: ReadonlyMap<string, Play>,
  played: Map<string, number>,
): AsyncIterable<ModelEvent> {
  const { text } = messageOf(request);
  const step = played.get(text) ?? 0;
  const said = plays.get(text)?.(step) ?? done;
  played.set(text, step + 1);
  if (said === "throttled") throw new ModelRefusal(429, "ThrottlingException", "Too many requests.", "1");
  return speak(said === "cut" ? { text: "Reading", cut: true } : said);
}
