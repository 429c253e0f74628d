import Brain from "lucide-solid/icons/brain";
import ChevronRight from "lucide-solid/icons/chevron-right";
import { For, lazy, Match, Show, Suspense, Switch } from "solid-js";
import type { Block, ToolChange } from "@slipway/contract/run";
import type { OpenBlock } from "../live/transcript.ts";
import { subjectOf } from "./tools.ts";

const Markdown = lazy(() => import("./markdown.tsx"));

export function BlockView(props: {
  block: Block;
  /** The latest progress line of an unfinished tool call. */
  progress: string | undefined;
  running: boolean;
  onOpen(path: string): void;
}) {
  return (
    <Switch>
      <Match when={props.block.type === "text" && props.block}>
        {(block) => (
          <Suspense fallback={<p class="whitespace-pre-wrap">{block().text}</p>}>
            <Markdown text={block().text} />
          </Suspense>
        )}
      </Match>
      <Match when={props.block.type === "thinking" && props.block}>
        {(block) => <Thinking text={block().text} open={false} />}
      </Match>
      <Match when={props.block.type === "steer" && props.block}>
        {(block) => <p class="card self-end px-3 py-2 whitespace-pre-wrap">{block().text}</p>}
      </Match>
      <Match when={props.block.type === "notice" && props.block}>
        {(block) => <p class="text-sm text-quiet">{block().text}</p>}
      </Match>
      <Match when={props.block.type === "tool" && props.block}>
        {(block) => (
          <ToolCard block={block()} progress={props.progress} running={props.running} onOpen={props.onOpen} />
        )}
      </Match>
    </Switch>
  );
}

export function OpenBlockView(props: { open: OpenBlock }) {
  return (
    <Switch>
      <Match when={props.open.kind === "text"}>
        <Suspense fallback={<p class="whitespace-pre-wrap">{props.open.text}</p>}>
          <Markdown text={props.open.text} isOpen />
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
              {/"path"\s*:\s*"([^"]*)"/.exec(props.open.text)?.[1]}
            </span>
            <span class="ml-auto shrink-0 text-xs text-quiet">
              {props.open.text.length.toLocaleString("en")} characters
            </span>
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
        <Brain size={14} /> Thinking
      </summary>
      <p class="mt-1 border-l border-line pl-3 whitespace-pre-wrap">{props.text}</p>
    </details>
  );
}

const states = {
  running: ["bg-accent animate-pulse", "running"],
  completed: ["bg-good", "done"],
  failed: ["bg-bad", "failed"],
  denied: ["bg-warn", "denied"],
  unknown: ["bg-warn", "unknown"],
  stopped: ["bg-quiet", "stopped"],
} as const;

function Dot(props: { state: keyof typeof states }) {
  return (
    <span
      class={`size-2 shrink-0 rounded-full ${states[props.state][0]}`}
      role="img"
      aria-label={states[props.state][1]}
    />
  );
}

function ToolCard(props: {
  block: Extract<Block, { type: "tool" }>;
  progress: string | undefined;
  running: boolean;
  onOpen(path: string): void;
}) {
  const result = () => props.block.result;
  const state = () => result()?.state ?? (props.running ? "running" : "stopped");
  const changes = () => result()?.changes ?? [];
  return (
    <details class="card group overflow-hidden text-sm" open={state() === "failed" && props.running}>
      <summary class="flex items-center gap-2 px-3 py-1.5">
        <Dot state={state()} />
        <span class="shrink-0 font-medium">{props.block.title ?? props.block.tool}</span>
        <span class="truncate font-mono text-xs text-quiet">{subjectOf(props.block.input)}</span>
        <span class="ml-auto shrink-0 text-xs text-quiet">
          <Show when={result()} fallback={(state() === "running" && props.progress) || states[state()][1]}>
            {(done) => (done().state === "completed" ? `${done().milliseconds} ms` : states[done().state][1])}
          </Show>
        </span>
        <ChevronRight size={14} class="shrink-0 text-quiet transition-transform group-open:rotate-90" />
      </summary>
      <div class="border-t border-line">
        <For each={changes()}>{(change) => <ChangeView change={change} onOpen={props.onOpen} />}</For>
        <Show when={changes().length === 0}>
          <pre class="max-h-64 overflow-auto bg-code p-3 font-mono text-xs whitespace-pre-wrap">
            {result()?.output ?? JSON.stringify(props.block.input, null, 2)}
          </pre>
        </Show>
      </div>
    </details>
  );
}

function ChangeView(props: { change: ToolChange; onOpen(path: string): void }) {
  return (
    <div>
      <p class="flex items-center gap-2 px-3 py-1 text-xs text-quiet">
        {props.change.op}{" "}
        <Show when={props.change.op !== "deleted"} fallback={<span class="font-mono">{props.change.path}</span>}>
          <button class="font-mono text-accent underline" onClick={() => props.onOpen(props.change.path)}>
            {props.change.path}
          </button>
        </Show>
      </p>
      <Show when={props.change.diff}>{(diff) => <Diff text={diff()} />}</Show>
    </div>
  );
}

function Diff(props: { text: string }) {
  return (
    <pre class="max-h-80 overflow-auto bg-code py-1 font-mono text-xs" aria-label="Changes" role="region" tabindex="0">
      <For each={props.text.split("\n").filter((line) => !/^(?:---|\+\+\+|===)/.test(line))}>
        {(line) => (
          <div
            class="px-3 whitespace-pre"
            classList={{
              "bg-good-soft": line.startsWith("+"),
              "bg-bad-soft": line.startsWith("-"),
              "text-quiet": line.startsWith("@@"),
            }}
          >
            {line || " "}
          </div>
        )}
      </For>
    </pre>
  );
}
