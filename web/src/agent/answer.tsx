import Copy from "lucide-solid/icons/copy";
import FileDiff from "lucide-solid/icons/file-diff";
import { For, Show } from "solid-js";
import type { Message } from "@slipway/contract/conversation";
import { messageOf } from "../api/api-error.ts";
import { toast } from "../components/toasts.tsx";
import { emptyTranscript } from "../live/transcript.ts";
import { dollars } from "../components/format.ts";
import type { Workspace } from "../stores/workspace.ts";
import ApprovalCard from "./approval-card.tsx";
import { BlockView, OpenBlockView } from "./blocks.tsx";

/** One answer: its blocks in order, pending approvals, and the outcome. */
export function Answer(props: {
  message: Message;
  running: boolean;
  isLast: boolean;
  workspace: Workspace;
  onOpen(path: string): void;
  onReview(runID: string): void;
  onRetry(): void;
}) {
  const live = () =>
    (props.message.runId ? props.workspace.runs.transcripts[props.message.runId] : undefined) ?? emptyTranscript();
  const isStored = () => !["processing", "queued"].includes(props.message.status);
  const blocks = () => (isStored() ? props.message.blocks : live().blocks);
  const question = () => (props.running ? live().approvals.filter(({ answer }) => answer === undefined) : []);
  const changed = () =>
    new Set(
      blocks().flatMap((block) => (block.type === "tool" ? (block.result?.changes ?? []).map(({ path }) => path) : [])),
    ).size;

  async function answer(
    approvalID: string,
    ...[reply, scope]: ["allow" | "deny", "once" | "conversation" | "project"]
  ): Promise<void> {
    try {
      await props.workspace.runs.answer(props.message.runId ?? "", approvalID, reply, scope);
    } catch (error) {
      toast(messageOf(error));
    }
  }

  return (
    <div class="flex flex-col gap-2">
      <For each={blocks()}>
        {(block) => (
          <BlockView block={block} progress={live().progress[block.id]} running={props.running} onOpen={props.onOpen} />
        )}
      </For>
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
          {live().isWaitingForModel ? "The model is busy. Retrying…" : "Thinking…"}
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
      <Show when={isStored()}>
        <div class="flex flex-wrap items-center gap-2 text-xs text-quiet">
          <Show when={changed() > 0 && props.message.runId}>
            {(runID) => (
              <button class="button button-small" onClick={() => props.onReview(runID())}>
                <FileDiff size={13} /> Changed {changed()} {changed() === 1 ? "file" : "files"} · Review
              </button>
            )}
          </Show>
          <Show when={props.isLast}>
            <button
              class="icon-button"
              aria-label="Copy the answer"
              title="Copy the answer"
              onClick={() =>
                void navigator.clipboard.writeText(props.message.text).then(
                  () => toast("Copied"),
                  () => toast("The browser did not allow copying."),
                )
              }
            >
              <Copy size={14} />
            </button>
          </Show>
          <Show when={props.message.cost}>{(cost) => <span title="What the model cost">{dollars(cost())}</span>}</Show>
        </div>
      </Show>
    </div>
  );
}
