import { createResource, createSignal, For, Show } from "solid-js";
import { text } from "#text/source.ts";
import { listBranches } from "@slipway/contract/routes/github";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { Dialog } from "../components/dialog.tsx";
import { latest } from "../components/latest.ts";

const maxShown = 100;

/** Chooses the branch that a project follows. */
export default function BranchDialog(props: {
  projectID: string;
  current: string;
  onChoose(branch: string): void;
  onClose(): void;
}) {
  const [words, setWords] = createSignal("");
  const [list] = createResource(() => call(listBranches, { params: { id: props.projectID } }));
  const known = () => latest(list);
  const matching = () => {
    const wanted = words().trim().toLowerCase();
    return (known()?.branches ?? []).filter((name) => name.toLowerCase().includes(wanted));
  };
  const typed = () => words().trim();
  const isOther = () => known()?.isComplete === false && typed() !== "" && !known()?.branches.includes(typed());
  const choose = (branch: string) => {
    // Closing disposes of what the properties read.
    if (branch !== props.current) props.onChoose(branch);
    props.onClose();
  };
  return (
    <Dialog open title={text.branch.title} onClose={props.onClose}>
      <form
        class="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          const [first] = matching();
          if (first !== undefined) choose(first);
          else if (isOther()) choose(typed());
        }}
      >
        <p class="text-sm text-quiet">{text.branch.about}</p>
        <input
          class="field"
          type="search"
          autofocus
          autocomplete="off"
          spellcheck={false}
          aria-label={text.branch.find}
          placeholder={text.branch.find}
          value={words()}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
        <Show when={list.error}>
          <p role="alert" class="text-sm text-bad">
            {messageOf(list.error)}
          </p>
        </Show>
        <Show
          when={known()}
          fallback={
            <Show when={!list.error}>
              <div class="skeleton h-24" aria-label={text.branch.loading} />
            </Show>
          }
        >
          <ul class="max-h-72 overflow-y-auto">
            <For
              each={matching().slice(0, maxShown)}
              fallback={
                <Show when={!isOther()}>
                  <li class="text-sm text-quiet">{text.branch.noneMatch(words())}</li>
                </Show>
              }
            >
              {(name) => (
                <li>
                  <button
                    type="button"
                    class="flex w-full items-center justify-between gap-3 rounded-sm px-2 py-1.5 text-left text-sm hover:bg-raised pointer-coarse:min-h-11"
                    aria-current={name === props.current ? "true" : undefined}
                    onClick={() => choose(name)}
                  >
                    <span class="min-w-0 break-all">{name}</span>
                    <Show when={name === props.current}>
                      <span class="shrink-0 text-xs text-quiet">{text.branch.current}</span>
                    </Show>
                  </button>
                </li>
              )}
            </For>
          </ul>
          <Show when={isOther()}>
            <button type="button" class="button button-small self-start" onClick={() => choose(typed())}>
              {text.branch.other(typed())}
            </button>
          </Show>
          <Show when={known()?.isComplete === false}>
            <p class="text-xs text-quiet">{text.branch.partial}</p>
          </Show>
        </Show>
      </form>
    </Dialog>
  );
}
