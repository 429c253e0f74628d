import ChevronDown from "lucide-solid/icons/chevron-down";
import History from "lucide-solid/icons/messages-square";
import Footprints from "lucide-solid/icons/footprints";
import Pause from "lucide-solid/icons/pause";
import Plus from "lucide-solid/icons/plus";
import { createEffect, createMemo, createSignal, For, on, onCleanup, onMount, Show, Suspense } from "solid-js";
import type { Message } from "@slipway/contract/conversation";
import { text } from "#text/agent.ts";
import { text as loading } from "#text/loading.ts";
import { lazyPart } from "../components/lazy-part.tsx";
import { ApiError, messageOf } from "../api/api-error.ts";
import { onReachable } from "../api/call.ts";
import { lazyDialog } from "../components/lazy-dialog.tsx";
import { Refusal } from "../components/refusal.tsx";
import { toast } from "../components/toasts.tsx";
import { useCommands } from "../stores/commands.ts";
import { createModelChoice, type ModelChoice } from "../stores/model-choice.ts";
import type { Workspace } from "../stores/workspace.ts";
import { Asked, planned } from "./asked.tsx";
import { Composer, type Sending } from "./composer.tsx";
import { createFollowing } from "./following.ts";
import { announcementOf, stateOf, type ConversationState } from "./announcement.ts";

const ConversationsDialog = lazyDialog(loading.conversations, () => import("./conversations-dialog.tsx"));

/** Nothing of it is needed before the first answer. */
const Answer = lazyPart(loading.answer, () => import("./answer.tsx"));

const MessageMenu = lazyPart(
  loading.menu,
  () => import("./message-menu.tsx"),
  () => null,
);

/** Pixels from the top within which older messages load. */
const olderWithin = 300;

/** The conversation with the agent, and the composer. */
export function AgentPanel(props: {
  workspace: Workspace;
  draft: string | undefined;
  follow: { state(): "off" | "on" | "paused"; press(): void };
  onOpen(path: string): void;
  onReview(runID: string, title: string): void;
  onPreview(path: string): void;
}) {
  const { workspace, follow } = props;
  const messages = () => workspace.conversations.messages();
  const transcriptOf = (message: Message) =>
    message.runId === undefined ? undefined : workspace.runs.transcripts[message.runId];
  const running = createMemo(() => messages()?.some(isRunning) ?? false);
  const lastAnswer = createMemo(() =>
    messages()?.findLast(({ role, status }) => role === "assistant" && status === "completed"),
  );
  const title = () =>
    workspace.conversations.all.find(({ id }) => id === workspace.conversations.currentID())?.title ||
    text.newConversation;
  const [failure, setFailure] = createSignal<unknown>();
  const [choice, choose] = createModelChoice(workspace.projectID);
  const [dialog, setDialog] = createSignal(false);
  onCleanup(
    onReachable(() => {
      const error = failure();
      if (error instanceof ApiError && error.code === "offline") setFailure(undefined);
    }),
  );
  let scroller!: HTMLDivElement;
  let content!: HTMLDivElement;
  const following = createFollowing();
  onMount(() => onCleanup(following.attach(scroller, content)));
  let loadingOlder = false;

  useCommands(() => [
    { id: "new-conversation", title: text.newConversation, group: text.panel, keys: ["Alt+N"], run: begin },
    {
      id: "conversations",
      title: text.pastConversations,
      group: text.panel,
      keys: ["Alt+H"],
      run: () => setDialog(true),
    },
    { id: "follow", title: text.followCommand, group: text.panel, run: follow.press },
    ...(running()
      ? [
          {
            id: "stop",
            title: text.stopAgent,
            group: text.panel,
            run: () => void workspace.conversations.stop().catch(tell),
          },
        ]
      : []),
  ]);
  const tell = (error: unknown) => toast(messageOf(error));
  function begin(): void {
    workspace.conversations
      .create()
      .then(() => document.getElementById("message")?.focus())
      .catch(tell);
  }

  function isRunning(message: Message): boolean {
    if (message.status !== "processing" || !message.runId) return false;
    const transcript = transcriptOf(message);
    return !transcript || transcript.status === "running" || transcript.status === "waiting";
  }

  createEffect(on(workspace.conversations.currentID, () => following.follow()));

  // Messages that joined a run are shown where they joined it.
  const joined = createMemo(() => {
    const blocks = (messages() ?? []).flatMap((message) =>
      message.role === "assistant" ? [...message.blocks, ...(transcriptOf(message)?.blocks ?? [])] : [],
    );
    return new Set(blocks.flatMap(({ type, id }) => (type === "steer" ? [id] : [])));
  });
  const shown = createMemo(() => (messages() ?? []).filter(({ id }) => !joined().has(id)));
  const openRuns = createMemo(
    () =>
      new Set(
        (messages() ?? []).flatMap(({ status, runId }) =>
          ["processing", "queued"].includes(status) ? (runId ?? []) : [],
        ),
      ),
  );
  /** Sent to the run in progress, which has not read it yet. */
  const isSteering = ({ isSteer, runId }: Message) =>
    isSteer === true && (messages() ?? []).some((other) => other.runId === runId && isRunning(other));

  const [announcement, setAnnouncement] = createSignal("");
  createEffect(
    on(
      () => ({ of: workspace.conversations.currentID(), state: stateOf(messages(), workspace.runs.transcripts) }),
      ({ of, state }, before: { of: string | undefined; state: ConversationState | undefined } | undefined) => {
        if (of !== before?.of) return;
        setAnnouncement((now) => announcementOf(before?.state, state) ?? now);
        if (document.hidden && state) void tellElsewhere(before?.state, state);
      },
    ),
  );

  async function tellElsewhere(before: ConversationState | undefined, now: ConversationState): Promise<void> {
    const { notify } = await import("./notify.ts");
    notify(workspace.project().name, { before, now });
  }

  async function onScroll(): Promise<void> {
    following.onScroll();
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

  async function send(
    { text: said, mode, attachments }: Sending,
    attachmentsOf?: string,
    wanted: ModelChoice = choice(),
  ): Promise<boolean> {
    setFailure(undefined);
    following.follow();
    const chosen = choice();
    try {
      await workspace.send(said, mode, attachments, attachmentsOf, wanted);
      return true;
    } catch (error) {
      const isGone = error instanceof ApiError && error.details.reason === "model_gone";
      if (isGone) choose({});
      // What is tried again is answered all the same.
      if (isGone && wanted !== chosen) {
        toast(text.modelGone);
        return send({ text: said, mode, attachments }, attachmentsOf, {});
      }
      setFailure(error);
      return false;
    }
  }
  /** With the model of an answer, which it repeats or continues. */
  function again(answer: Message, said: string, attachmentsOf?: string): void {
    void send({ text: said, mode: "replace", attachments: [] }, attachmentsOf, answer);
  }

  function retry(answer: Message): void {
    const message = askedBy(answer);
    if (message) again(answer, message.text, message.id);
  }

  /** The prompt of an answer. */
  function askedBy(message: Message): Message | undefined {
    const all = messages() ?? [];
    const at = all.findIndex(({ id }) => id === message.id);
    return all.slice(0, at).findLast(({ role }) => role === "user");
  }

  return (
    <section class="flex h-full min-h-0 flex-col bg-panel" aria-label={text.panel}>
      <div class="flex min-h-9 shrink-0 items-center gap-1 border-b border-line pr-1 pl-3">
        <h2 class="min-w-0 grow truncate text-xs font-semibold text-quiet" title={title()}>
          {title()}
        </h2>
        <button
          class="button button-small h-6 shrink-0 border-transparent max-md:hidden"
          classList={{
            "bg-transparent text-quiet": follow.state() === "off",
            "bg-accent-soft text-accent": follow.state() === "on",
            "bg-warn-soft text-warn": follow.state() === "paused",
          }}
          aria-pressed={follow.state() === "on"}
          title={text.followAbout[follow.state()]}
          onClick={follow.press}
        >
          <Show when={follow.state() === "paused"} fallback={<Footprints size={14} aria-hidden="true" />}>
            <Pause size={14} aria-hidden="true" />
          </Show>
          {follow.state() === "paused" ? text.resumeFollow : text.follow}
        </button>
        <button
          class="icon-button"
          aria-label={text.pastConversations}
          title={text.pastConversations}
          onClick={() => setDialog(true)}
        >
          <History size={15} />
        </button>
        <button class="icon-button" aria-label={text.newConversation} title={text.newConversation} onClick={begin}>
          <Plus size={15} />
        </button>
      </div>
      <p class="sr-only" role="status">
        {announcement()}
      </p>
      <div class="relative min-h-0 grow">
        <div
          ref={scroller}
          role="log"
          aria-live="off"
          aria-label={text.conversation}
          tabindex="0"
          class="h-full overflow-y-auto"
          onScroll={() => void onScroll()}
        >
          <div ref={content} class="px-3 py-4">
            <Show when={messages()} fallback={<div class="skeleton h-16" aria-busy="true" />}>
              <Show when={shown().length > 0} fallback={<p class="text-sm text-quiet">{text.empty}</p>}>
                <Show when={workspace.conversations.older()}>
                  <button
                    class="button button-small mx-auto mb-4 flex"
                    onClick={() => void workspace.conversations.loadOlder()}
                  >
                    {text.showOlder}
                  </button>
                </Show>
                <ol class="flex flex-col gap-4">
                  <For each={shown()}>
                    {(message) => (
                      <li class="message flex flex-col">
                        <Show
                          when={message.role === "assistant"}
                          fallback={
                            <Asked
                              text={message.text}
                              attachments={message.attachments}
                              note={isSteering(message) ? text.steering : undefined}
                              menu={
                                <Show when={!openRuns().has(message.runId ?? "")}>
                                  <Suspense>
                                    <MessageMenu workspace={workspace} message={message} />
                                  </Suspense>
                                </Show>
                              }
                            />
                          }
                        >
                          <Suspense fallback={<div class="skeleton h-16" />}>
                            <Answer
                              message={message}
                              running={isRunning(message)}
                              workspace={workspace}
                              steering={(id) => messages()?.find((each) => each.id === id)}
                              onOpen={props.onOpen}
                              onPreview={props.onPreview}
                              onReview={(runID) => props.onReview(runID, askedBy(message)?.text ?? "")}
                              onRetry={() => retry(message)}
                              onContinue={() => again(message, text.continuePrompt)}
                              isPlan={askedBy(message)?.text.startsWith(planned) ?? false}
                              onCarryOut={() => again(message, text.carryOutPrompt)}
                              isLast={message.id === lastAnswer()?.id}
                              isNewest={message.id === shown().at(-1)?.id}
                            />
                          </Suspense>
                        </Show>
                      </li>
                    )}
                  </For>
                </ol>
              </Show>
            </Show>
          </div>
        </div>
        <Show when={!following.follows() && shown().length > 0}>
          <button
            class="button button-small absolute bottom-2 left-1/2 -translate-x-1/2 rounded-full shadow-md"
            onClick={() => following.follow()}
          >
            <ChevronDown size={13} /> {text.jumpToLatest}
          </button>
        </Show>
      </div>
      <Show when={failure()}>{(error) => <Refusal error={error()} class="mx-3 mb-2" />}</Show>
      <Composer
        workspace={workspace}
        running={running()}
        draft={props.draft}
        choice={choice()}
        onChoose={choose}
        onSend={send}
      />

      <Show when={dialog()}>
        <ConversationsDialog workspace={workspace} onClose={() => setDialog(false)} />
      </Show>
    </section>
  );
}
