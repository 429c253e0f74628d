import { createSignal, For, Show } from "solid-js";
import { text as ask } from "#text/answer.ts";
import { text } from "#text/agent.ts";
import type { Approval } from "@slipway/contract/approval";
import { subjectOf } from "./tools.ts";

type Reply = ["allow" | "deny", "once" | "conversation" | "project"];

/** A pending approval: the call, the reason, and the scope of the answer. `onAnswer` says whether it was taken. */
export default function ApprovalCard(props: { approval: Approval; onAnswer(...reply: Reply): Promise<boolean> }) {
  // Until the card goes, a second click answers nothing.
  const [isAnswered, setAnswered] = createSignal(false);
  async function answer(...reply: Reply): Promise<void> {
    setAnswered(true);
    setAnswered(await props.onAnswer(...reply));
  }
  /** Of the run itself, not of a call. */
  const isPause = () => props.approval.tool === "go_on";
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
        <button
          class="button button-small button-main"
          disabled={isAnswered()}
          onClick={() => void answer("allow", "once")}
        >
          {isPause() ? ask.goOn : text.allowOnce}
        </button>
        <Show when={props.approval.patterns?.length !== 0}>
          <button
            class="button button-small"
            disabled={isAnswered()}
            onClick={() => void answer("allow", "conversation")}
          >
            {text.allowInConversation}
          </button>
          <button class="button button-small" disabled={isAnswered()} onClick={() => void answer("allow", "project")}>
            {text.allowInProject}
          </button>
        </Show>
        <button
          class="button button-small button-bad"
          disabled={isAnswered()}
          onClick={() => void answer("deny", "once")}
        >
          {isPause() ? ask.stopHere : text.deny}
        </button>
      </div>
    </section>
  );
}
