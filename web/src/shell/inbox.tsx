import { A } from "@solidjs/router";
import Bell from "lucide-solid/icons/bell";
import { createSignal, For, lazy, onCleanup, onMount, Show, Suspense } from "solid-js";
import type { PendingApproval } from "@slipway/contract/run";
import { answerApproval } from "@slipway/contract/routes/approval";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { Dialog } from "../components/dialog.tsx";
import { relativeTime } from "../components/relative-time.ts";
import { toast } from "../components/toasts.tsx";
import { useCommands } from "../stores/commands.ts";
import { approvals, forgetApproval, refreshInbox } from "../stores/inbox.ts";

const ApprovalCard = lazy(() => import("../agent/approval-card.tsx"));

/** The pending approvals of all runs, to be answered in place. */
export function Inbox() {
  const [open, setOpen] = createSignal(false);
  useCommands(() => [{ id: "inbox", title: "What waits for you", group: "Go", run: () => setOpen(true) }]);
  onMount(() => {
    const look = () => document.visibilityState === "visible" && void refreshInbox().catch(() => undefined);
    // After the page itself has loaded.
    const soon = setTimeout(look, 400);
    document.addEventListener("visibilitychange", look);
    onCleanup(() => {
      clearTimeout(soon);
      document.removeEventListener("visibilitychange", look);
    });
  });

  async function answer(
    { runId, id }: PendingApproval,
    reply: "allow" | "deny",
    scope: "once" | "conversation" | "project",
  ): Promise<void> {
    try {
      await call(answerApproval, { params: { id: runId, approvalId: id }, body: { answer: reply, scope } });
      forgetApproval(id);
    } catch (error) {
      toast(messageOf(error));
      await refreshInbox().catch(() => undefined);
    }
  }

  const label = () =>
    approvals().length === 0
      ? "Nothing waits for you"
      : `${approvals().length} ${approvals().length === 1 ? "question waits" : "questions wait"} for you`;
  return (
    <>
      <button class="icon-button relative" aria-label={label()} title={label()} onClick={() => setOpen(true)}>
        <Bell size={16} />
        <Show when={approvals().length > 0}>
          <span class="absolute -top-0.5 -right-0.5 flex size-4 items-center justify-center rounded-full bg-warn text-[12px] leading-none font-semibold text-paper">
            {approvals().length}
          </span>
        </Show>
      </button>
      <Dialog open={open()} title="Waiting for you" onClose={() => setOpen(false)}>
        <Show
          when={approvals().length > 0}
          fallback={
            <p class="text-sm text-quiet">
              Nothing. When an agent wants to do something risky it asks, here and in its conversation, and waits.
            </p>
          }
        >
          <Suspense fallback={<div class="skeleton h-24" />}>
            <ul class="flex flex-col gap-3">
              <For each={approvals()}>
                {(approval) => (
                  <li>
                    <p class="mb-1 flex justify-between text-xs text-quiet">
                      <A
                        href={`/projects/${approval.projectId}?conversation=${approval.conversationId}`}
                        class="text-accent underline"
                        onClick={() => setOpen(false)}
                      >
                        Go to the conversation
                      </A>
                      {relativeTime(approval.createdAt)}
                    </p>
                    <ApprovalCard
                      approval={approval}
                      onAnswer={(reply, scope) => void answer(approval, reply, scope)}
                    />
                  </li>
                )}
              </For>
            </ul>
          </Suspense>
        </Show>
      </Dialog>
    </>
  );
}
