import { createResource, For, Show } from "solid-js";
import { text } from "#text/source.ts";
import { getSkipped } from "@slipway/contract/routes/github";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { Dialog } from "../components/dialog.tsx";
import { latest } from "../components/latest.ts";
import { bytesText } from "../components/format.ts";

const maxShown = 500;

/** Entries of the repository that were not imported, and why. */
export default function SkippedDialog(props: { projectID: string; onClose(): void }) {
  const [skipped] = createResource(async () => {
    const reply = await call(getSkipped, { params: { id: props.projectID } });
    return reply.skipped;
  });
  const known = () => latest(skipped);
  return (
    <Dialog open wide title={text.skipped.title} onClose={props.onClose}>
      <p class="text-sm text-quiet">{text.skipped.about}</p>
      <Show when={skipped.error}>
        <p role="alert" class="text-sm text-bad">
          {messageOf(skipped.error)}
        </p>
      </Show>
      <Show when={known()} fallback={<div class="skeleton h-24" />}>
        {(all) => (
          <ul class="divide-y divide-line text-sm">
            <For each={all().slice(0, maxShown)}>
              {(entry) => (
                <li class="flex flex-col gap-0.5 py-2">
                  <span class="flex justify-between gap-3">
                    <span class="min-w-0 font-mono text-xs break-all">{entry.path}</span>
                    <span class="shrink-0 text-xs text-quiet">{entry.size ? bytesText(entry.size) : ""}</span>
                  </span>
                  <span class="text-xs break-words text-quiet">{entry.message}</span>
                </li>
              )}
            </For>
            <Show when={all().length > maxShown}>
              <li class="py-2 text-xs text-quiet">{text.andMore(all().length - maxShown)}</li>
            </Show>
          </ul>
        )}
      </Show>
    </Dialog>
  );
}
