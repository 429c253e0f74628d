import X from "lucide-solid/icons/x";
import { For, Show } from "solid-js";
import { text } from "#text/explorer.ts";
import type { Transfer } from "./transfers.ts";

/** Transfers in progress, each with a cancel button. */
export default function TransferStrip(props: { transfers: readonly Transfer[] }) {
  return (
    <ul class="shrink-0" aria-label={text.transfers}>
      <For each={props.transfers}>
        {(transfer) => (
          <li class="border-t border-line px-3 py-2 text-xs">
            <div class="flex items-center gap-2">
              <span class="min-w-0 grow truncate" role="status">
                {transfer.label}
              </span>
              <Show when={transfer.cancel}>
                {(cancel) => (
                  <button class="icon-button size-6" aria-label={text.stop(transfer.label)} onClick={() => cancel()()}>
                    <X size={13} />
                  </button>
                )}
              </Show>
            </div>
            <progress
              class="progress"
              aria-label={transfer.label}
              max={1}
              {...(transfer.progress === undefined ? {} : { value: transfer.progress })}
            />
          </li>
        )}
      </For>
    </ul>
  );
}
