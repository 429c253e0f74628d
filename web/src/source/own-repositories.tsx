import Lock from "lucide-solid/icons/lock";
import { createResource, For, Show } from "solid-js";
import { text } from "#text/source.ts";
import { listRepositories } from "@slipway/contract/routes/github";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { latest } from "../components/latest.ts";

const maxShown = 50;

/** The person's repositories on GitHub, filtered by what is typed, latest push first. */
export function OwnRepositories(props: { words: string; disabled: boolean; onChoose(repository: string): void }) {
  const [list] = createResource(() => call(listRepositories));
  const known = () => latest(list);
  /** An address that names none of them is not a search. */
  const matching = () => {
    const words = props.words.trim().toLowerCase();
    return (known()?.repositories ?? []).filter(
      ({ repository, description }) =>
        repository.toLowerCase().includes(words) || description.toLowerCase().includes(words),
    );
  };
  const isEmpty = () => known()?.repositories.length === 0;
  const isAddress = () => /[/:]/.test(props.words);
  return (
    <section aria-label={text.import.own} class="flex min-h-0 flex-col gap-1">
      <h3 class="text-xs font-semibold text-quiet">{text.import.own}</h3>
      <Show when={list.error}>
        <p role="alert" class="text-xs text-bad">
          {messageOf(list.error)}
        </p>
      </Show>
      <Show
        when={known()}
        fallback={
          <Show when={!list.error}>
            <div class="skeleton h-24" aria-label={text.import.ownLoading} />
          </Show>
        }
      >
        <ul class="max-h-64 overflow-y-auto rounded-sm border border-line empty:hidden">
          <For each={matching().slice(0, maxShown)}>
            {(each) => (
              <li>
                <button
                  type="button"
                  class="flex w-full flex-col px-2 py-1.5 text-left text-sm hover:bg-raised disabled:opacity-60 pointer-coarse:min-h-11"
                  disabled={props.disabled}
                  aria-current={each.repository === props.words.trim() ? "true" : undefined}
                  onClick={() => props.onChoose(each.repository)}
                >
                  <span class="flex min-w-0 items-center gap-1.5">
                    <span class="min-w-0 truncate">{each.repository}</span>
                    <Show when={each.isPrivate}>
                      <Lock size={12} class="shrink-0 text-quiet" aria-label={text.import.private} />
                    </Show>
                  </span>
                  <Show when={each.description}>
                    <span class="w-full truncate text-xs text-quiet">{each.description}</span>
                  </Show>
                </button>
              </li>
            )}
          </For>
        </ul>
        <Show when={matching().length === 0 && !isAddress()}>
          <p class="text-xs text-quiet">{isEmpty() ? text.import.none : text.import.noneMatch(props.words.trim())}</p>
        </Show>
        <Show when={known()?.isComplete === false}>
          <p class="text-xs text-quiet">{text.import.partial}</p>
        </Show>
      </Show>
    </section>
  );
}
