import Copy from "lucide-solid/icons/copy";
import Plus from "lucide-solid/icons/plus";
import Send from "lucide-solid/icons/arrow-up";
import Square from "lucide-solid/icons/square";
import { createEffect, createMemo, createSignal, For, on, Show } from "solid-js";
import type { Message, SendMode } from "@slipway/contract/conversation";
import { messageOf } from "../api.ts";
import { toast } from "../components/toasts.tsx";
import { emptyTranscript } from "../live/transcript.ts";
import type { Workspace } from "../workspace/store.ts";
import { ApprovalCard, BlockView, OpenBlockView } from "./blocks.tsx";

/** The conversation with the agent: what was said, what it does now, and where one speaks. */
export function AgentPanel(props: { workspace: Workspace; onOpen(path: string): void }) {
  const { workspace } = props;
  const messages = () => workspace.state.messages;
  const running = createMemo(() => messages()?.some(isRunning) ?? false);
  const lastAnswer = createMemo(() =>
    messages()?.findLast(({ role, status }) => role === "assistant" && status === "completed"),
  );
  const [failure, setFailure] = createSignal("");
  let scroller!: HTMLDivElement;
  let follows = true;

  function isRunning(message: Message): boolean {
    if (message.status !== "processing" || !message.runId) return false;
    const transcript = workspace.state.transcripts[message.runId];
    return !transcript || transcript.status === "running" || transcript.status === "waiting";
  }

  // Follows what is written, unless the reader has scrolled up to read.
  createEffect(
    on(
      () => [
        messages()?.length,
        JSON.stringify(Object.values(workspace.state.transcripts).map(({ seq, open }) => [seq, open?.text.length])),
      ],
      () => {
        if (follows) requestAnimationFrame(() => scroller?.scrollTo({ top: scroller.scrollHeight }));
      },
    ),
  );

  async function send(text: string, mode: SendMode): Promise<boolean> {
    setFailure("");
    follows = true;
    try {
      await workspace.send(text, mode);
      return true;
    } catch (error) {
      setFailure(messageOf(error));
      return false;
    }
  }

  function retry(message: Message): void {
    const all = messages() ?? [];
    const asked = all
      .slice(
        0,
        all.findIndex(({ id }) => id === message.id),
      )
      .findLast(({ role }) => role === "user");
    if (asked) void send(asked.text, "replace");
  }

  return (
    <section class="flex h-full min-h-0 flex-col bg-panel" aria-label="Agent">
      <div class="flex h-9 shrink-0 items-center gap-1 border-b border-line pr-1 pl-3">
        <select
          aria-label="Conversation to show"
          class="min-w-0 grow truncate bg-transparent text-xs font-semibold text-quiet"
          value={workspace.conversationID()}
          onChange={(event) => void workspace.openConversation(event.currentTarget.value)}
        >
          <For each={workspace.state.conversations}>
            {(conversation) => (
              <option value={conversation.id} selected={conversation.id === workspace.conversationID()}>
                {conversation.title || "New conversation"}
              </option>
            )}
          </For>
        </select>
        <button
          class="icon-button"
          aria-label="New conversation"
          title="New conversation"
          onClick={() => void workspace.newConversation()}
        >
          <Plus size={15} />
        </button>
      </div>
      <div
        ref={scroller}
        role="region"
        aria-label="Conversation"
        tabindex="0"
        class="min-h-0 grow overflow-y-auto px-3 py-4"
        onScroll={() => (follows = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60)}
      >
        <Show when={messages()} fallback={<div class="skeleton h-16" />}>
          {(all) => (
            <Show
              when={all().length > 0}
              fallback={
                <p class="text-sm text-quiet">
                  Say what to change, or ask about the code. You see every step, and can stop at any time.
                </p>
              }
            >
              <ol class="flex flex-col gap-4">
                <For each={all()}>
                  {(message) => (
                    <li>
                      <Show
                        when={message.role === "assistant"}
                        fallback={<p class="card ml-6 px-3 py-2 break-words whitespace-pre-wrap">{message.text}</p>}
                      >
                        <Answer
                          message={message}
                          running={isRunning(message)}
                          workspace={workspace}
                          onOpen={props.onOpen}
                          onRetry={() => retry(message)}
                          isLast={message.id === lastAnswer()?.id}
                        />
                      </Show>
                    </li>
                  )}
                </For>
              </ol>
            </Show>
          )}
        </Show>
      </div>
      <Show when={failure()}>
        <p role="alert" class="mx-3 mb-2 rounded-sm bg-bad-soft px-3 py-2 text-sm">
          {failure()}
        </p>
      </Show>
      <Composer workspace={workspace} running={running()} onSend={send} />
    </section>
  );
}

function Answer(props: {
  message: Message;
  running: boolean;
  isLast: boolean;
  workspace: Workspace;
  onOpen(path: string): void;
  onRetry(): void;
}) {
  const live = () =>
    (props.message.runId ? props.workspace.state.transcripts[props.message.runId] : undefined) ?? emptyTranscript();
  const isStored = () => !["processing", "queued"].includes(props.message.status);
  const blocks = () => (isStored() ? props.message.blocks : live().blocks);
  const question = () => (props.running ? live().approvals.filter(({ answer }) => answer === undefined) : []);

  async function answer(
    approvalID: string,
    ...[reply, scope]: ["allow" | "deny", "once" | "conversation" | "project"]
  ): Promise<void> {
    try {
      await props.workspace.answer(props.message.runId ?? "", approvalID, reply, scope);
    } catch (error) {
      toast(messageOf(error));
    }
  }

  return (
    <div class="flex flex-col gap-2">
      <For each={blocks()}>{(block) => <BlockView block={block} running={props.running} onOpen={props.onOpen} />}</For>
      <Show when={!isStored() && live().open}>{(open) => <OpenBlockView open={open()} />}</Show>
      <For each={question()}>
        {(approval) => (
          <ApprovalCard approval={approval} onAnswer={(reply, scope) => void answer(approval.id, reply, scope)} />
        )}
      </For>
      <Show when={props.message.status === "queued"}>
        <p class="text-sm text-quiet">Waiting for the run before it.</p>
      </Show>
      <Show when={props.running && !live().open && question().length === 0}>
        <p class="animate-pulse text-sm text-quiet" role="status">
          Thinking…
        </p>
      </Show>
      <Show when={props.message.status === "cancelled"}>
        <p class="text-xs text-quiet">Stopped.</p>
      </Show>
      <Show when={props.message.status === "failed"}>
        <div role="alert" class="flex items-center gap-3 rounded-sm bg-bad-soft px-3 py-2 text-sm">
          <span class="grow">{props.message.error?.message ?? "The run failed."}</span>
          <button class="button button-small" onClick={() => props.onRetry()}>
            Try again
          </button>
        </div>
      </Show>
      <Show when={props.isLast}>
        <div class="flex items-center gap-2 text-xs text-quiet">
          <button
            class="icon-button"
            aria-label="Copy the answer"
            onClick={() => void navigator.clipboard.writeText(props.message.text).then(() => toast("Copied"))}
          >
            <Copy size={14} />
          </button>
          <Show when={props.message.cost}>{(cost) => <span>${cost().toFixed(4)}</span>}</Show>
        </div>
      </Show>
    </div>
  );
}

const modes: readonly { mode: SendMode; label: string }[] = [
  { mode: "replace", label: "Stop and do this" },
  { mode: "queue", label: "Do this next" },
  { mode: "steer", label: "Add to what it does" },
];

function Composer(props: {
  workspace: Workspace;
  running: boolean;
  onSend(text: string, mode: SendMode): Promise<boolean>;
}) {
  const [text, setText] = createSignal("");
  const [mode, setMode] = createSignal<SendMode>("replace");
  const [busy, setBusy] = createSignal(false);
  const usage = () => props.workspace.usage();

  async function send(): Promise<void> {
    if (text().trim() === "" || busy()) return;
    setBusy(true);
    const sent = text();
    if (await props.onSend(sent, props.running ? mode() : "replace")) setText((now) => (now === sent ? "" : now));
    setBusy(false);
  }

  return (
    <form
      class="m-3 mt-0 flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div class="flex items-center justify-between gap-2 text-xs text-quiet">
        <Show when={usage()} fallback={<span>&nbsp;</span>}>
          {(known) => (
            <span
              title="Usage resets on the 1st of each month"
              classList={{ "text-bad": known().used >= known().limit }}
            >
              {known().plan === "pro" ? "Pro" : "Free"} · {known().used}/{known().limit} runs
            </span>
          )}
        </Show>
        <Show when={props.running}>
          <select
            aria-label="What a new message does to the run in progress"
            class="bg-transparent"
            value={mode()}
            onChange={(event) => setMode(event.currentTarget.value as SendMode)}
          >
            <For each={modes}>{(each) => <option value={each.mode}>{each.label}</option>}</For>
          </select>
        </Show>
      </div>
      <div class="card flex items-end gap-1 p-1 focus-within:border-accent">
        <textarea
          aria-label="Message"
          placeholder="Ask, or say what to change"
          rows={Math.min(8, Math.max(2, text().split("\n").length))}
          class="min-w-0 grow resize-none bg-transparent px-2 py-1 outline-none"
          maxlength={100_000}
          value={text()}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            void send();
          }}
        />
        <Show when={props.running}>
          <button
            type="button"
            class="button button-small button-bad"
            aria-label="Stop"
            title="Stop"
            onClick={() => void props.workspace.stop().catch((error: unknown) => toast(messageOf(error)))}
          >
            <Square size={13} /> Stop
          </button>
        </Show>
        <button
          class="button button-small button-main"
          aria-label="Send"
          title="Send"
          disabled={busy() || text().trim() === ""}
        >
          <Send size={14} />
        </button>
      </div>
    </form>
  );
}
