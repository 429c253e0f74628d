import { For, Show } from "solid-js";
import { text } from "#text/agent.ts";
import type { Approval } from "@slipway/contract/approval";
import { subjectOf } from "./tools.ts";

/** A pending approval: the call, the reason, and the scope of the answer. */
export default function ApprovalCard(props: {
  approval: Approval;
  onAnswer(answer: "allow" | "deny", scope: "once" | "conversation" | "project"): void;
}) {
  return (
    <section aria-label={text.approvalCard} class="rounded-md border border-warn bg-warn-soft p-3 text-sm">
      <p class="font-medium break-words">
        {props.approval.title ?? props.approval.tool}{" "}
        <span class="font-mono text-xs break-all whitespace-pre-wrap">{subjectOf(props.approval.input)}</span>
      </p>
      <p class="mt-1">{props.approval.reason}</p>
      <Show when={props.approval.patterns?.length}>
        <p class="mt-1 text-quiet">
          {text.alwaysCovers}{" "}
          <For each={props.approval.patterns}>
            {(pattern, at) => (
              <>
                {at() > 0 ? ", " : ""}
                <code class="font-mono text-xs break-all">{pattern}</code>
              </>
            )}
          </For>
        </p>
      </Show>
      <p class="text-quiet">{text.untilAnswered}</p>
      <div class="mt-3 flex flex-wrap gap-2">
        <button class="button button-small button-main" onClick={() => props.onAnswer("allow", "once")}>
          {text.allowOnce}
        </button>
        <Show when={props.approval.patterns?.length !== 0}>
          <button class="button button-small" onClick={() => props.onAnswer("allow", "conversation")}>
            {text.allowInConversation}
          </button>
          <button class="button button-small" onClick={() => props.onAnswer("allow", "project")}>
            {text.allowInProject}
          </button>
        </Show>
        <button class="button button-small button-bad" onClick={() => props.onAnswer("deny", "once")}>
          {text.deny}
        </button>
      </div>
    </section>
  );
}
