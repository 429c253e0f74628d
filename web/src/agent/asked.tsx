import { For, Show } from "solid-js";
import type { Message } from "@slipway/contract/conversation";

/** What a person wrote, and its attachments. */
export function Asked(props: { text: string; attachments?: Message["attachments"]; note?: string | undefined }) {
  return (
    <div class="card ml-6 self-end px-3 py-2">
      <p class="break-words whitespace-pre-wrap">{props.text}</p>
      <Show when={props.attachments?.length}>
        <ul class="mt-2 flex flex-wrap gap-2">
          <For each={props.attachments}>
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
      <Show when={props.note}>
        <p class="mt-1 text-xs text-quiet">{props.note}</p>
      </Show>
    </div>
  );
}
