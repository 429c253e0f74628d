import { A } from "@solidjs/router";
import ChevronDown from "lucide-solid/icons/chevron-down";
import History from "lucide-solid/icons/messages-square";
import Plus from "lucide-solid/icons/plus";
import { createEffect, createMemo, createSignal, For, lazy, on, Show, Suspense } from "solid-js";
import type { Message } from "@slipway/contract/conversation";
import { ApiError, messageOf } from "../api/api-error.ts";
import { toast } from "../components/toasts.tsx";
import { useCommands } from "../stores/commands.ts";
import type { Workspace } from "../stores/workspace.ts";
import { Answer } from "./answer.tsx";
import { Composer, type Sending } from "./composer.tsx";

const ConversationsDialog = lazy(() => import("./conversations-dialog.tsx"));

/** Pixels from the end within which the panel follows; pixels from the top within which older messages load. */
const followWithin = 60;
const olderWithin = 300;

/** The conversation with the agent, and the composer. */
export function AgentPanel(props: {
  workspace: Workspace;
  draft: string | undefined;
  onOpen(path: string): void;
  onReview(runID: string, title: string): void;
}) {
  const { workspace } = props;
  const messages = () => workspace.conversations.messages();
  const running = createMemo(() => messages()?.some(isRunning) ?? false);
  const lastAnswer = createMemo(() =>
    messages()?.findLast(({ role, status }) => role === "assistant" && status === "completed"),
  );
  const title = () =>
    workspace.conversations.all.find(({ id }) => id === workspace.conversations.currentID())?.title ||
    "New conversation";
  const [failure, setFailure] = createSignal<unknown>();
  const [dialog, setDialog] = createSignal(false);
  const [follows, setFollows] = createSignal(true);
  let scroller!: HTMLDivElement;
  let loadingOlder = false;

  useCommands(() => [
    {
      id: "new-conversation",
      title: "New conversation",
      group: "Agent",
      keys: ["Alt+N"],
      run: () => void begin(),
    },
    { id: "conversations", title: "Past conversations", group: "Agent", keys: ["Alt+H"], run: () => setDialog(true) },
    ...(running()
      ? [
          {
            id: "stop",
            title: "Stop the agent",
            group: "Agent",
            run: () => void workspace.conversations.stop().catch(tell),
          },
        ]
      : []),
  ]);
  const tell = (error: unknown) => toast(messageOf(error));
  async function begin(): Promise<void> {
    await workspace.conversations.create().catch(tell);
  }

  function isRunning(message: Message): boolean {
    if (message.status !== "processing" || !message.runId) return false;
    const transcript = workspace.runs.transcripts[message.runId];
    return !transcript || transcript.status === "running" || transcript.status === "waiting";
  }

  const toEnd = () => scroller?.scrollTo({ top: scroller.scrollHeight });
  // Follows new text unless the reader has scrolled up.
  createEffect(
    on(
      () => {
        const open = (messages() ?? []).filter(({ status }) => status === "processing");
        const live = open.map(({ runId }) => workspace.runs.transcripts[runId ?? ""]);
        return `${messages()?.at(-1)?.id} ${live.map((each) => `${each?.seq} ${each?.open?.text.length}`).join()}`;
      },
      () => {
        if (follows()) requestAnimationFrame(toEnd);
      },
    ),
  );
  createEffect(on(workspace.conversations.currentID, () => setFollows(true)));

  async function onScroll(): Promise<void> {
    setFollows(scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < followWithin);
    if (scroller.scrollTop > olderWithin || loadingOlder || workspace.conversations.older() === undefined) return;
    loadingOlder = true;
    const fromEnd = scroller.scrollHeight - scroller.scrollTop;
    await workspace.conversations.loadOlder();
    // Keep the scroll position of what is being read.
    requestAnimationFrame(() => {
      scroller.scrollTop = scroller.scrollHeight - fromEnd;
      loadingOlder = false;
    });
  }

  async function send({ text, mode, attachments }: Sending): Promise<boolean> {
    setFailure(undefined);
    setFollows(true);
    try {
      await workspace.send(text, mode, attachments);
      return true;
    } catch (error) {
      setFailure(error);
      return false;
    }
  }

  /** The prompt of an answer. */
  function askedBy(message: Message): Message | undefined {
    const all = messages() ?? [];
    const at = all.findIndex(({ id }) => id === message.id);
    return all.slice(0, at).findLast(({ role }) => role === "user");
  }

  function retry(message: Message): void {
    const asked = askedBy(message);
    if (asked) void send({ text: asked.text, mode: "replace", attachments: [] });
  }

  return (
    <section class="flex h-full min-h-0 flex-col bg-panel" aria-label="Agent">
      <div class="flex h-9 shrink-0 items-center gap-1 border-b border-line pr-1 pl-3">
        <h2 class="min-w-0 grow truncate text-xs font-semibold text-quiet" title={title()}>
          {title()}
        </h2>
        <button
          class="icon-button"
          aria-label="Past conversations"
          title="Past conversations"
          onClick={() => setDialog(true)}
        >
          <History size={15} />
        </button>
        <button class="icon-button" aria-label="New conversation" title="New conversation" onClick={() => void begin()}>
          <Plus size={15} />
        </button>
      </div>
      <div class="relative min-h-0 grow">
        <div
          ref={scroller}
          role="log"
          aria-live="off"
          aria-label="Conversation"
          tabindex="0"
          class="h-full overflow-y-auto px-3 py-4"
          onScroll={() => void onScroll()}
        >
          <Show when={messages()} fallback={<div class="skeleton h-16" aria-busy="true" />}>
            {(all) => (
              <Show
                when={all().length > 0}
                fallback={
                  <p class="text-sm text-quiet">
                    Say what to change, or ask about the code. You see every step, can stop at any time, and can take
                    back any part of what is changed.
                  </p>
                }
              >
                <Show when={workspace.conversations.older()}>
                  <button
                    class="button button-small mx-auto mb-4 flex"
                    onClick={() => void workspace.conversations.loadOlder()}
                  >
                    Show older messages
                  </button>
                </Show>
                <ol class="flex flex-col gap-4">
                  <For each={all()}>
                    {(message) => (
                      <li class="message">
                        <Show when={message.role === "assistant"} fallback={<Asked message={message} />}>
                          <Answer
                            message={message}
                            running={isRunning(message)}
                            workspace={workspace}
                            onOpen={props.onOpen}
                            onReview={(runID) => props.onReview(runID, askedBy(message)?.text ?? "")}
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
        <Show when={!follows() && (messages()?.length ?? 0) > 0}>
          <button
            class="button button-small absolute bottom-2 left-1/2 -translate-x-1/2 rounded-full shadow-md"
            onClick={() => (setFollows(true), toEnd())}
          >
            <ChevronDown size={13} /> Newest
          </button>
        </Show>
      </div>
      <Show when={failure()}>
        {(error) => (
          <p role="alert" class="mx-3 mb-2 rounded-sm bg-bad-soft px-3 py-2 text-sm">
            {messageOf(error())}{" "}
            <Show when={isOverLimit(error())}>
              <A href="/settings" class="text-accent underline">
                Ask for more
              </A>
            </Show>
          </p>
        )}
      </Show>
      <Composer workspace={workspace} running={running()} draft={props.draft} onSend={send} />
      <Suspense>
        <Show when={dialog()}>
          <ConversationsDialog workspace={workspace} onClose={() => setDialog(false)} />
        </Show>
      </Suspense>
    </section>
  );
}

function isOverLimit(error: unknown): boolean {
  return error instanceof ApiError && error.code === "usage_limit_exceeded";
}

/** A prompt and its attachments. */
function Asked(props: { message: Message }) {
  return (
    <div class="card ml-6 px-3 py-2">
      <p class="break-words whitespace-pre-wrap">{props.message.text}</p>
      <Show when={props.message.attachments?.length}>
        <ul class="mt-2 flex flex-wrap gap-2">
          <For each={props.message.attachments}>
            {(file) => (
              <li>
                <a href={file.url} target="_blank" rel="noopener noreferrer" class="text-xs text-accent underline">
                  <Show when={file.kind === "image"} fallback={file.name}>
                    <img src={file.url} alt={file.name} class="max-h-32 rounded-sm border border-line" loading="lazy" />
                  </Show>
                </a>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </div>
  );
}
