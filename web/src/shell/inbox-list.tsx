import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import type { PendingApproval } from "@slipway/contract/approval";
import { answerApproval } from "@slipway/contract/routes/approval";
import { text } from "#text/shell.ts";
import ApprovalCard from "../agent/approval-card.tsx";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { relativeTime } from "../components/relative-time.ts";
import { toast } from "../components/toasts.tsx";
import { approvals, forgetApproval, pendingCount, planRequests, refreshInbox } from "../stores/inbox.ts";

/** Everything that waits for the person. Approvals are answered in place. */
export default function InboxList(props: { onLeave(): void }) {
  async function answer(
    { runId, id }: PendingApproval,
    reply: "allow" | "deny",
    scope: "once" | "conversation" | "project",
  ): Promise<boolean> {
    try {
      await call(answerApproval, { params: { id: runId, approvalId: id }, body: { answer: reply, scope } });
      forgetApproval(id);
      return true;
    } catch (error) {
      toast(messageOf(error));
      await refreshInbox(false).catch(() => undefined);
      return false;
    }
  }
  return (
    <div class="flex flex-col gap-4">
      <Show when={pendingCount() === 0}>
        <p class="text-sm text-quiet">{text.caughtUp}</p>
      </Show>
      <Show when={approvals().length > 0}>
        <section class="flex flex-col gap-2">
          <h2 class="text-xs font-semibold text-quiet">{text.approvals}</h2>
          <ul class="flex flex-col gap-3">
            <For each={approvals()}>
              {(approval) => (
                <li>
                  <p class="mb-1 flex justify-between gap-2 text-xs text-quiet">
                    <A
                      href={`/projects/${approval.projectId}?conversation=${approval.conversationId}`}
                      class="truncate font-medium text-accent underline"
                      onClick={() => props.onLeave()}
                    >
                      {approval.projectName}
                    </A>
                    <span class="shrink-0">{relativeTime(approval.createdAt)}</span>
                  </p>
                  <ApprovalCard approval={approval} onAnswer={(reply, scope) => answer(approval, reply, scope)} />
                </li>
              )}
            </For>
          </ul>
        </section>
      </Show>
      <Show when={planRequests().length > 0}>
        <section class="flex flex-col gap-2">
          <h2 class="text-xs font-semibold text-quiet">{text.requests}</h2>
          <ul class="flex flex-col gap-2">
            <For each={planRequests()}>
              {(request) => (
                <li class="flex items-center gap-3 text-sm">
                  <span class="grow">
                    {request.plan === "free" ? text.asksForPro(request.name) : text.asksForMore(request.name)}{" "}
                    <span class="text-xs text-quiet">{relativeTime(request.at)}</span>
                  </span>
                  <A href="/admin" class="button button-small" onClick={() => props.onLeave()}>
                    {text.answerRequest}
                  </A>
                </li>
              )}
            </For>
          </ul>
        </section>
      </Show>
    </div>
  );
}
