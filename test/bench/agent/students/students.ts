import type { Run } from "@slipway/contract/run";
import type { ConverseRequest, ModelEvent } from "@slipway/local/bedrock/converse";
import { servedModel, type ServedModel } from "@slipway/local/bedrock/served-models";
import { ended } from "../../../support/client.ts";
import { speak } from "../../../support/cloud.ts";
import type { RecordFigure } from "../record.ts";
import {
  answerOpen,
  contentOf,
  openPlace,
  pathsIn,
  openWorld,
  send,
  spentIn,
  type Place,
  type World,
} from "../world.ts";
import { policies, type Policy } from "./policy.ts";
import { lastTries, messageFor, nextStep } from "./student.ts";
import { verdictOf, type Task, type Verdict } from "./task.ts";
import { tasks } from "./tasks.ts";

/**
 * Students at work with the product's tools: each errs in its own way, and learns only from what tools tell it. They say
 * nothing of a real model; they say what becomes of the mistakes that models make. `wrong` must be 0.
 */

/** Tasks that run at the same time. */
const atOnce = 3;

interface Result {
  task: string;
  verdict: Verdict;
  project: string;
  ended: string;
}

export async function studentsBench(record: RecordFigure): Promise<void> {
  const all = tasks();
  const world = await openWorld(models(), answer);
  const table: Record<string, object> = {};
  let wrong = 0;
  for (const policy of policies) {
    const results = await perform(world, policy, all);
    const spent = await spentIn(world.cloud, new Set(results.map(({ project }) => project)));
    const tries = world.asked
      .filter(({ modelID }) => modelID === modelOf(policy))
      .map(({ request }) => lastTries(request));
    const sum = (of: "edits" | "refused") => tries.reduce((total, each) => total + each[of], 0);
    const count = (verdict: Verdict) => results.filter((result) => result.verdict === verdict).length;
    for (const { task, verdict, ended } of results)
      if (verdict !== "solved") console.log(`${policy.name}: ${verdict}: ${task} (${ended})`);
    wrong += count("wrong");
    table[policy.name] = {
      solved: `${count("solved")} of ${all.length}`,
      wrong: count("wrong"),
      edits: sum("edits"),
      refused: sum("refused"),
      steps: (spent.requests / all.length).toFixed(1),
      tokens: Math.round((spent.input + spent.output) / all.length),
      "cache hits": `${(spent.hits * 100).toFixed(1)} %`,
      dollars: (spent.dollars / all.length).toFixed(4),
    };
    record(`student who is "${policy.name}", solved`, count("solved"), "tasks", all.length);
  }
  console.table(table);
  record("students, files that nobody asked for", wrong, "tasks", 0);
  await world.remove();
}

function modelOf({ name }: Policy): string {
  return `global.anthropic.claude-student-${name.replaceAll(" ", "-")}`;
}

/** Each student is a model of its own, on Sonnet's terms. */
function models(): Record<string, ServedModel> {
  const terms = servedModel("global.anthropic.claude-sonnet-5-5");
  if (terms === undefined) throw new Error("Sonnet is not served");
  return Object.fromEntries(policies.map((policy) => [modelOf(policy), terms]));
}

function answer(request: ConverseRequest, modelID: string): AsyncIterable<ModelEvent> {
  const policy = policies.find((each) => modelOf(each) === modelID);
  if (policy === undefined) throw new Error(`${modelID} is no student`);
  const { text, calls } = nextStep(request, policy);
  return speak({ thinking: "What is there, and what is to be done?", text, tools: calls });
}

async function perform(world: World, policy: Policy, all: readonly Task[]): Promise<Result[]> {
  const results: Result[] = [];
  const queue = [...all];
  const work = async () => {
    for (let task = queue.shift(); task; task = queue.shift()) results.push(await performOne(world, policy, task));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

/** Sends a message and waits for the end of its run. A run that asks whether to go on is told to. */
async function askAlone(place: Place, message: string): Promise<Run> {
  const run = await send(place, message);
  const end = ended(place.client, run);
  let isOver = false;
  void end.catch(() => undefined).finally(() => (isOver = true));
  while (!isOver) {
    await answerOpen(place, run, "allow");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return end;
}

async function performOne(world: World, policy: Policy, task: Task): Promise<Result> {
  const place = await openPlace(world, task.files, modelOf(policy));
  const { status, error } = await askAlone(place, messageFor(task.changes));
  const paths = await pathsIn(place);
  const contents = await Promise.all(paths.map(async (path) => [path, await contentOf(place, path)] as const));
  const verdict = verdictOf(task, new Map(contents));
  return { task: task.name, verdict, project: place.project, ended: error?.message ?? status };
}
