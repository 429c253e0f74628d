import ChevronRight from "lucide-solid/icons/chevron-right";
import Copy from "lucide-solid/icons/copy";
import Square from "lucide-solid/icons/square";
import { createMemo, createSignal, createUniqueId, For, onCleanup, onMount, Show } from "solid-js";
import { readCommandOutput, stopCommand } from "@slipway/contract/routes/command";
import { text } from "#text/agent.ts";
import { call } from "../api/call.ts";
import { messageOf } from "../api/api-error.ts";
import { toast } from "../components/toasts.tsx";
import { canOpenPorts, openPort } from "../stores/open-port.ts";
import { runningCommands } from "../stores/running-commands.ts";
import { partsOf, plainText } from "./ansi.ts";
import { ChangeView } from "./change-view.tsx";
import { Dot, type ToolState } from "./dot.tsx";
import { createFollowing } from "./following.ts";
import { outcomeOf, subjectOf, type ToolBlock } from "./tools.ts";

/** Most characters of an output that "Show all" puts on the page. */
const maxShown = 1024 * 1024;

/** A command: what it is, how it goes, and what it writes. */
export default function CommandCard(props: {
  block: ToolBlock;
  runID: string | undefined;
  progress: string | undefined;
  output: string | undefined;
  running: boolean;
  waiting: boolean;
  onOpen(path: string): void;
}) {
  const id = createUniqueId();
  const [toggled, setToggled] = createSignal<boolean>();
  const [whole, setWhole] = createSignal<string>();
  const [busy, setBusy] = createSignal(false);
  const result = () => props.block.result;
  const command = () => result()?.command;
  const written = () => subjectOf(props.block.input);
  /** It ran on after its call, and does no more: the sandbox tells. */
  const hasEnded = () => runningCommands()?.has(`${props.runID}.${props.block.id}`) === false;
  const state = (): ToolState => {
    const finished = result();
    if (!finished) return props.waiting ? "waiting" : props.running ? "running" : "stopped";
    if (finished.state !== "completed") return finished.state;
    const { state: how, code } = command() ?? { state: "exited", code: 0 };
    if (how === "background") return hasEnded() ? "stopped" : "background";
    if (how === "killed") return "stopped";
    return code === 0 ? "completed" : "failed";
  };
  const isGoing = () => state() === "running";
  const isOpen = () => toggled() ?? (isGoing() || state() === "failed" || state() === "unknown");
  const output = () => {
    const finished = result();
    return finished ? (whole() ?? outcomeOf(finished)) : (props.output ?? "");
  };
  const told = () => {
    const finished = result();
    if (!finished) return (isGoing() && props.progress) || text.states[state()];
    const how = command();
    if (how === undefined) return text.states[state()];
    const time = text.seconds(finished.milliseconds / 1000);
    if (how.state === "background") return hasEnded() ? text.command.ended : text.command.background;
    if (how.state === "timeout") return `${text.command.timeout} · ${time}`;
    if (how.state === "killed") return `${text.states.stopped} · ${time}`;
    return `${how.signal ?? text.command.exit(how.code)} · ${time}`;
  };
  const hasMore = () => {
    const bytes = command()?.bytes ?? 0;
    // Its last line feed is not shown.
    const isCut = bytes > new TextEncoder().encode(output()).length + 2;
    return whole() === undefined && command()?.state !== "background" && isCut;
  };

  async function stop(): Promise<void> {
    const { runID } = props;
    if (runID === undefined) return;
    setBusy(true);
    try {
      await call(stopCommand, { params: { id: runID, callId: props.block.id } });
    } catch (error) {
      toast(messageOf(error));
    } finally {
      setBusy(false);
    }
  }
  async function showAll(): Promise<void> {
    const { runID } = props;
    if (runID === undefined) return;
    setBusy(true);
    try {
      let all = "";
      for (let start = 0; all.length < maxShown;) {
        const part = await call(readCommandOutput, { params: { id: runID, callId: props.block.id }, query: { start } });
        if (part.end === start) break;
        all += part.text;
        start = part.end;
      }
      setWhole(all);
    } catch (error) {
      toast(messageOf(error));
    } finally {
      setBusy(false);
    }
  }
  const copy = () => void navigator.clipboard.writeText(plainText(output())).then(() => toast(text.command.copied));

  return (
    <section class="card overflow-hidden text-sm" aria-label={text.command.label(written().slice(0, 80))}>
      <div class="flex min-h-8 items-center gap-2 pr-1 pl-3">
        <button
          class="touch-target flex min-w-0 grow items-center gap-2 py-1.5 text-left"
          aria-expanded={isOpen()}
          aria-controls={id}
          onClick={() => setToggled(!isOpen())}
        >
          <Dot state={state()} />
          <code class="min-w-0 grow truncate font-mono text-xs" title={written().slice(0, 500)}>
            {written()}
          </code>
          <span class="shrink-0 text-xs text-quiet" classList={{ "text-bad": state() === "failed" }}>
            {told()}
          </span>
          <ChevronRight
            size={14}
            class="shrink-0 text-quiet transition-transform"
            classList={{ "rotate-90": isOpen() }}
            aria-hidden="true"
          />
        </button>
        <Show when={isGoing() || state() === "background"}>
          <For each={command()?.ports}>{(port) => <Port port={port} />}</For>
          <button
            class="icon-button"
            aria-label={text.command.stop}
            title={text.command.stop}
            disabled={busy()}
            onClick={() => void stop()}
          >
            <Square size={12} />
          </button>
        </Show>
      </div>
      <p class="sr-only" role="status">
        {result() ? `${written().slice(0, 80)}: ${told()}` : ""}
      </p>
      <Show when={isOpen()}>
        <div id={id} class="border-t border-line">
          <Show when={written().length > 60 || written().includes("\n")}>
            <pre class="max-h-40 overflow-auto border-b border-line p-3 font-mono text-xs break-words whitespace-pre-wrap">
              {written()}
            </pre>
          </Show>
          <Show when={output() !== ""} fallback={<p class="px-3 py-2 text-xs text-quiet">{text.command.noOutput}</p>}>
            <Output text={output()} label={text.command.output} />
          </Show>
          <div class="flex flex-wrap items-center gap-1 border-t border-line px-2 py-1 empty:hidden">
            <Show when={output() !== ""}>
              <button class="button button-small" onClick={copy}>
                <Copy size={12} /> {text.copy}
              </button>
            </Show>
            <Show when={hasMore()}>
              <button class="button button-small" disabled={busy()} onClick={() => void showAll()}>
                {text.command.showAll}
              </button>
            </Show>
          </div>
          <For each={result()?.changes}>{(change) => <ChangeView change={change} onOpen={props.onOpen} />}</For>
        </div>
      </Show>
    </section>
  );
}

function Port(props: { port: number }) {
  return (
    <Show when={canOpenPorts()} fallback={<span class="shrink-0 font-mono text-xs">:{props.port}</span>}>
      <button
        class="touch-target shrink-0 font-mono text-xs text-accent underline"
        aria-label={text.command.openPort(props.port)}
        onClick={() => openPort(props.port)}
      >
        :{props.port}
      </button>
    </Show>
  );
}

/** Follows the end of what is written, until the reader scrolls up. */
function Output(props: { text: string; label: string }) {
  const parts = createMemo(() => partsOf(props.text));
  const following = createFollowing();
  let scroller!: HTMLDivElement;
  let content!: HTMLPreElement;
  onMount(() => onCleanup(following.attach(scroller, content)));
  return (
    <div
      ref={scroller}
      class="max-h-64 overflow-auto bg-code"
      role="region"
      aria-label={props.label}
      tabindex="0"
      onScroll={() => following.onScroll()}
    >
      <pre ref={content} class="p-3 font-mono text-xs break-words whitespace-pre-wrap">
        <For each={parts()}>{(part) => <span class={part.class}>{part.text}</span>}</For>
      </pre>
    </div>
  );
}
