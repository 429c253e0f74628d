import { For, Show, type JSX } from "solid-js";
import { text } from "#text/agent.ts";
import type { Message } from "@slipway/contract/conversation";

/** How a message begins that asks for a plan. */
export const planned = "/plan ";

/** What a person wrote, and its attachments. */
export function Asked(props: {
  text: string;
  attachments?: Message["attachments"];
  note?: string | undefined;
  menu?: JSX.Element;
}) {
  const isPlan = () => props.text.startsWith(planned);
  return (
    <div class="flex max-w-full self-end">
      <div class="min-w-8 shrink-0 pointer-coarse:min-w-12">{props.menu}</div>
      <div class="card min-w-0 px-3 py-2">
        <p class="break-words whitespace-pre-wrap">
          <Show when={isPlan()}>
            <span class="mr-2 rounded-sm bg-accent-soft px-1.5 py-0.5 text-xs text-accent">{text.plan}</span>
          </Show>
          {isPlan() ? props.text.slice(planned.length) : props.text}
        </p>
        <Show when={props.attachments?.length}>
          <ul class="mt-2 flex flex-wrap gap-2">
            <For each={props.attachments}>
              {(file) => (
                <li>
                  <a href={file.url} target="_blank" rel="noopener noreferrer" class="text-xs text-accent underline">
                    <Show when={file.kind === "image"} fallback={file.name}>
                      <img
                        src={file.url}
                        alt={file.name}
                        class="max-h-32 rounded-sm border border-line"
                        loading="lazy"
                      />
                    </Show>
                  </a>
                </li>
              )}
            </For>
          </ul>
        </Show>
        <Show when={props.note}>
          <p class="mt-1 text-xs text-quiet">{props.note}</p>
        </Show>
      </div>
    </div>
  );
}
