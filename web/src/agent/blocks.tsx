import Brain from "lucide-solid/icons/brain";
import ChevronRight from "lucide-solid/icons/chevron-right";
import { For, Index, Match, Show, Suspense, Switch } from "solid-js";
import type { Message } from "@slipway/contract/conversation";
import type { Block } from "@slipway/contract/run";
import { text } from "#text/agent.ts";
import { text as loading } from "#text/loading.ts";
import { lazyPart } from "../components/lazy-part.tsx";
import type { OpenBlock } from "../live/transcript.ts";
import { Asked } from "./asked.tsx";
import { ChangeView } from "./change-view.tsx";
import CommandCard from "./command-card.tsx";
import { Dot, type ToolState } from "./dot.tsx";
import TodoCard from "./todo-card.tsx";
import { commandTool, outcomeOf, subjectOf, summaryOf, todoTool, type ToolBlock } from "./tools.ts";

const Markdown = lazyPart(loading.answer, () => import("./markdown.tsx"), plain);
const GrowingMarkdown = lazyPart(loading.answer, () => import("./growing-markdown.tsx"), plain);

/** The text as it was written, where the code to lay it out is not there. */
function PlainText(props: { text: string }) {
  return <p class="break-words whitespace-pre-wrap">{props.text}</p>;
}
function plain(_: unknown, props: { text: string }) {
  return <PlainText text={props.text} />;
}

interface Surroundings {
  runID: string | undefined;
  /** The latest progress line of each unfinished tool call, and the end of what its command has written. */
  progress: Readonly<Record<string, string>>;
  outputs: Readonly<Record<string, string>>;
  running: boolean;
  /** Calls that wait for an approval. */
  waiting: readonly string[];
  /** The newest list of what is to be done. */
  todo: string | undefined;
  steering(id: string): Message | undefined;
  onOpen(path: string): void;
}

/** One block, or the calls of tools that follow one another. */
export function PartView(props: { blocks: readonly Block[] } & Surroundings) {
  const first = () => props.blocks[0];
  const tools = () => props.blocks.filter((block) => block.type === "tool");
  const ofType = <T extends Block["type"]>(type: T): Extract<Block, { type: T }> | undefined => {
    const block = first();
    return block?.type === type ? (block as Extract<Block, { type: T }>) : undefined;
  };
  return (
    <Switch>
      <Match when={ofType("text")}>
        {(block) => (
          <Suspense fallback={<PlainText text={block().text} />}>
            <Markdown text={block().text} />
          </Suspense>
        )}
      </Match>
      <Match when={ofType("thinking")}>{(block) => <Thinking text={block().text} open={false} />}</Match>
      <Match when={ofType("steer")}>
        {(block) => <Asked text={block().text} attachments={props.steering(block().id)?.attachments} />}
      </Match>
      <Match when={ofType("notice")}>{(block) => <p class="text-sm text-quiet">{block().text}</p>}</Match>
      <Match when={tools().find(({ tool }) => tool === commandTool)}>
        {(block) => (
          <CommandCard
            block={block()}
            runID={props.runID}
            progress={props.progress[block().id]}
            output={props.outputs[block().id]}
            running={props.running}
            waiting={props.waiting.includes(block().id)}
            onOpen={props.onOpen}
          />
        )}
      </Match>
      <Match when={tools().find(({ tool, result }) => tool === todoTool && result)}>
        {(block) => <TodoCard block={block()} open={block().id === props.todo} />}
      </Match>
      <Match when={tools().length > 0}>
        <Tools {...props} blocks={tools()} />
      </Match>
    </Switch>
  );
}

/** Finished calls fold into one line; a call that runs or waits stays in view. */
function Tools(props: { blocks: readonly ToolBlock[] } & Surroundings) {
  const finished = () => props.blocks.filter(({ result }) => result !== undefined);
  const open = () => props.blocks.filter(({ result }) => result === undefined);
  const card = (block: () => ToolBlock) => (
    <ToolCard
      block={block()}
      progress={props.progress[block().id]}
      running={props.running}
      waiting={props.waiting.includes(block().id)}
      onOpen={props.onOpen}
    />
  );
  const worst = () => (finished().some(({ result }) => result?.state === "failed") ? "failed" : "completed");
  return (
    <>
      <Show when={finished().length > 1} fallback={<Index each={finished()}>{card}</Index>}>
        <details class="card group/tools overflow-hidden text-sm">
          <summary class="flex items-center gap-2 px-3 py-1.5">
            <Dot state={worst()} />
            <span class="min-w-0 grow truncate font-medium">{summaryOf(finished())}</span>
            <ChevronRight
              size={14}
              class="shrink-0 text-quiet transition-transform group-open/tools:rotate-90"
              aria-hidden="true"
            />
          </summary>
          <div class="flex flex-col gap-1 border-t border-line p-1">
            <Index each={finished()}>{card}</Index>
          </div>
        </details>
      </Show>
      <Index each={open()}>{card}</Index>
    </>
  );
}

export function OpenBlockView(props: { open: OpenBlock }) {
  return (
    <Switch>
      <Match when={props.open.kind === "text"}>
        <Suspense fallback={<PlainText text={props.open.text} />}>
          <GrowingMarkdown text={props.open.text} />
        </Suspense>
      </Match>
      <Match when={props.open.kind === "thinking"}>
        <Thinking text={props.open.text} open />
      </Match>
      <Match when={props.open.kind === "tool"}>
        <div class="card overflow-hidden text-sm">
          <p class="flex items-center gap-2 px-3 py-1.5">
            <Dot state="running" />
            <span class="font-medium">{props.open.title ?? props.open.tool}</span>
            <span class="truncate font-mono text-xs text-quiet">
              {/"(?:path|command)"\s*:\s*"((?:[^"\\]|\\.)*)/.exec(props.open.text)?.[1]}
            </span>
            <span class="ml-auto shrink-0 text-xs text-quiet">{text.written(props.open.text.length)}</span>
          </p>
        </div>
      </Match>
    </Switch>
  );
}

function Thinking(props: { text: string; open: boolean }) {
  return (
    <details open={props.open} class="text-sm text-quiet">
      <summary class="flex items-center gap-2">
        <Brain size={14} aria-hidden="true" /> {text.thinking}
      </summary>
      <p class="mt-1 border-l border-line pl-3 break-words whitespace-pre-wrap">{props.text}</p>
    </details>
  );
}

/** Milliseconds past which the duration of a call is worth telling. */
const slow = 1000;

function ToolCard(props: {
  block: ToolBlock;
  progress: string | undefined;
  running: boolean;
  waiting: boolean;
  onOpen(path: string): void;
}) {
  const result = () => props.block.result;
  const state = (): ToolState => {
    const finished = result();
    if (finished) return finished.state;
    return props.waiting ? "waiting" : props.running ? "running" : "stopped";
  };
  const told = () => {
    const finished = result();
    if (finished?.state !== "completed") return (state() === "running" && props.progress) || text.states[state()];
    return finished.milliseconds >= slow ? text.seconds(finished.milliseconds / 1000) : "";
  };
  const changes = () => result()?.changes ?? [];
  const body = () => {
    const finished = result();
    return finished ? outcomeOf(finished) : JSON.stringify(props.block.input, null, 2);
  };
  return (
    <details class="card group/tool overflow-hidden text-sm" open={state() === "failed" && props.running}>
      <summary class="flex items-center gap-2 px-3 py-1.5">
        <Dot state={state()} />
        <span class="shrink-0 font-medium">{props.block.title ?? props.block.tool}</span>
        <span class="truncate font-mono text-xs text-quiet">{subjectOf(props.block.input)}</span>
        <span class="ml-auto shrink-0 text-xs text-quiet">{told()}</span>
        <ChevronRight
          size={14}
          class="shrink-0 text-quiet transition-transform group-open/tool:rotate-90"
          aria-hidden="true"
        />
      </summary>
      <div class="border-t border-line">
        <For each={changes()}>{(change) => <ChangeView change={change} onOpen={props.onOpen} />}</For>
        <Show when={changes().length === 0}>
          <pre class="max-h-64 overflow-auto bg-code p-3 font-mono text-xs whitespace-pre-wrap">{body()}</pre>
        </Show>
      </div>
    </details>
  );
}
