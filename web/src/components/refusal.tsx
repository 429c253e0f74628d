import { Show } from "solid-js";
import { text } from "#text/common.ts";
import { ApiError, messageOf } from "../api/api-error.ts";

/** Why something was refused; at a limit, with the way to more. */
export function Refusal(props: { error: unknown; class?: string }) {
  return (
    <p role="alert" class={`rounded-sm bg-bad-soft px-3 py-2 text-sm ${props.class ?? ""}`}>
      {messageOf(props.error)}{" "}
      <Show when={props.error instanceof ApiError && props.error.code === "usage_limit_exceeded"}>
        <a href="/settings#plan" class="text-accent underline">
          {text.askForMore}
        </a>
      </Show>
    </p>
  );
}
