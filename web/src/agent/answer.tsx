import Copy from "lucide-solid/icons/copy";
import Eye from "lucide-solid/icons/eye";
import FileDiff from "lucide-solid/icons/file-diff";
import GitFork from "lucide-solid/icons/git-fork";
import Play from "lucide-solid/icons/play";
import { createMemo, For, Show } from "solid-js";
import type { Message } from "@slipway/contract/conversation";
import type { Block } from "@slipway/contract/run";
import { text as common } from "#text/common.ts";
import { text } from "#text/agent.ts";
import { text as words } from "#text/answer.ts";
import { messageOf } from "../api/api-error.ts";
import { dollars } from "../components/format.ts";
import { toast } from "../components/toasts.tsx";
import { emptyTranscript } from "../live/transcript.ts";
import { pageToPreview } from "../stores/site.ts";
import type { Workspace } from "../stores/workspace.ts";
import ApprovalCard from "./approval-card.tsx";
import { OpenBlockView, PartView } from "./blocks.tsx";
import { ContextMeter, tokensText } from "./context-meter.tsx";
import { partsOf, todoTool } from "./tools.ts";

/** One answer: its blocks in order, pending approvals, and the outcome. */
export default function Answer(props: {
  message: Message;
  running: boolean;
  /** The newest finished answer, which is copied as a whole. */
  isLast: boolean;
  /** Nothing follows it, so that it can continue. */
  isNewest: boolean;
  workspace: Workspace;
  /** The message of a person that joined the run, by its block. */
  steering(id: string): Message | undefined;
  onOpen(path: string): void;
  onReview(runID: string): void;
  /** Shows a page of the project. */
  onPreview(path: string): void;
  onRetry(): void;
  onContinue(): void;
  /** It only planned. */
  isPlan: boolean;
  onCarryOut(): void;
}) {
  const live = () =>
    (props.message.runId ? props.workspace.runs.transcripts[props.message.runId] : undefined) ?? emptyTranscript();
  const isStored = () => !["processing", "queued"].includes(props.message.status);
  const blocks = (): readonly Block[] => (isStored() ? props.message.blocks : live().blocks);
  const question = () => (props.running ? live().approvals.filter(({ answer }) => answer === undefined) : []);
  // Rendered by key: an answer that ends is the same answer, and its parts stay as they are.
  const parts = createMemo(() => new Map(partsOf(blocks()).map((part) => [part.key, part])));
  const keys = createMemo(() => [...parts().keys()], [], { equals: isSame });
  const changed = () =>
    new Set(
      blocks().flatMap((block) => (block.type === "tool" ? (block.result?.changes ?? []).map(({ path }) => path) : [])),
    );
  const page = () => (props.isLast ? pageToPreview(changed(), props.workspace.files.list() ?? []) : undefined);
  const todo = () => blocks().findLast((block) => block.type === "tool" && block.tool === todoTool && block.result)?.id;
  /** The stored text is bounded, the blocks are not. */
  const whole = () =>
    blocks()
      .flatMap((block) => (block.type === "text" ? [block.text] : []))
      .join("\n\n");

  async function answer(
    approvalID: string,
    ...[reply, scope]: ["allow" | "deny", "once" | "conversation" | "project"]
  ): Promise<boolean> {
    try {
      await props.workspace.runs.answer(props.message.runId ?? "", approvalID, reply, scope);
      return true;
    } catch (error) {
      toast(messageOf(error));
      return false;
    }
  }

  return (
    <div class="flex flex-col gap-2">
      <For each={keys()}>
        {(key) => (
          <PartView
            blocks={parts().get(key)?.blocks ?? []}
            runID={props.message.runId}
            progress={live().progress}
            outputs={live().outputs}
            running={props.running}
            waiting={question().map(({ toolCallId }) => toolCallId)}
            todo={todo()}
            steering={props.steering}
            onOpen={props.onOpen}
          />
        )}
      </For>
      <Show when={!isStored() && live().open}>{(open) => <OpenBlockView open={open()} />}</Show>
      <For each={question()}>
        {(approval) => (
          <ApprovalCard approval={approval} onAnswer={(reply, scope) => answer(approval.id, reply, scope)} />
        )}
      </For>
      <Show when={props.message.status === "queued"}>
        <p class="text-sm text-quiet">{text.queued}</p>
      </Show>
      <Show when={props.running && !live().open && question().length === 0}>
        <p class="animate-pulse text-sm text-quiet">{live().isWaitingForModel ? text.modelBusy : text.working}</p>
      </Show>
      <Show when={props.running && live().context}>
        {(size) => (
          <p class="flex text-xs text-quiet">
            <ContextMeter size={size()} />
          </p>
        )}
      </Show>
      <Show when={props.message.status === "cancelled"}>
        <p class="flex items-center gap-2 text-xs text-quiet">
          {text.stopped}
          <Show when={props.isNewest}>
            <button class="button button-small" onClick={() => props.onContinue()}>
              <Play size={12} /> {text.continue}
            </button>
          </Show>
        </p>
      </Show>
      <Show when={props.message.status === "failed"}>
        <div class="flex items-center gap-3 rounded-sm bg-bad-soft px-3 py-2 text-sm">
          <span class="grow">{props.message.error?.message ?? text.runFailed}</span>
          <button class="button button-small" onClick={() => props.onRetry()}>
            {common.tryAgain}
          </button>
        </div>
      </Show>
      <Show when={isStored()}>
        <div class="flex flex-wrap items-center gap-2 text-xs text-quiet">
          <Show when={props.isPlan && props.isNewest && props.message.status === "completed"}>
            <button class="button button-small button-main" onClick={() => props.onCarryOut()}>
              <Play size={12} /> {text.carryOut}
            </button>
          </Show>
          <Show when={changed().size > 0 && props.message.runId}>
            {(runID) => (
              <button class="button button-small" onClick={() => props.onReview(runID())}>
                <FileDiff size={13} /> {text.changedFiles(changed().size)}
              </button>
            )}
          </Show>
          <Show when={page()}>
            {(path) => (
              <button class="button button-small" onClick={() => props.onPreview(path())}>
                <Eye size={13} /> {text.preview}
              </button>
            )}
          </Show>
          <button
            class="icon-button"
            aria-label={words.fork}
            title={words.fork}
            onClick={() =>
              void import("./fork.ts")
                .then(({ forkAt }) => forkAt(props.workspace, props.message, { includes: true }))
                .catch((error: unknown) => toast(messageOf(error)))
            }
          >
            <GitFork size={14} />
          </button>
          <Show when={props.isLast}>
            <button
              class="icon-button"
              aria-label={text.copyAnswer}
              title={text.copyAnswer}
              onClick={() =>
                void navigator.clipboard.writeText(whole()).then(
                  () => toast(common.copied),
                  () => toast(common.copyRefused),
                )
              }
            >
              <Copy size={14} />
            </button>
          </Show>
          <Show when={props.message.modelName}>{(name) => <span title={text.answeredBy}>{name()}</span>}</Show>
          <Show when={props.message.cost ?? (props.message.tokens && 0)}>
            {(cost) => (
              <span title={props.message.tokens ? tokensText(props.message.tokens) : text.modelCost}>
                {dollars(cost())}
              </span>
            )}
          </Show>
          <Show when={props.isNewest && props.message.context}>{(size) => <ContextMeter size={size()} />}</Show>
        </div>
      </Show>
    </div>
  );
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((key, at) => key === other[at]);
}
