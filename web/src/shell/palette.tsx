import fuzzysort from "fuzzysort";
import { createEffect, createMemo, createResource, createSignal, For, on, onMount, Show } from "solid-js";
import { latest } from "../components/latest.ts";
import { commands, shownKeys, sources, type Item } from "../stores/commands.ts";
import { Keys } from "../components/keys.tsx";
import { closePalette, paletteText } from "../stores/dialogs.ts";

interface Entry extends Item {
  group: string;
  keys?: string | undefined;
}

const maxShown = 60;

/** Finds projects, files and commands by name; "@" a symbol of the open file, ":" a line, ">" only commands. */
export default function Palette() {
  const [text, setText] = createSignal(paletteText());
  const [at, setAt] = createSignal(0);
  let element!: HTMLDialogElement;
  let list!: HTMLDivElement;
  onMount(() => element.showModal());
  const prefix = createMemo(() => /^[>@:]/.exec(text())?.[0] ?? "");
  const words = () => text().slice(prefix().length).trim();
  const [found] = createResource(prefix, async (wanted): Promise<Entry[]> => {
    const own = commands().flatMap(({ title, group, keys, hidden, run }): Entry[] =>
      hidden || !run ? [] : [{ title, group, run, keys: keys?.[0] }],
    );
    if (wanted === ">") return own;
    const asked = sources().filter((source) => source.prefix === wanted);
    const others = await Promise.all(
      asked.map(async ({ group, items }) => (await items()).map((item): Entry => ({ ...item, group }))),
    );
    return wanted === "" ? [...others.flat(), ...own] : others.flat();
  });
  const entries = createMemo((): Entry[] => {
    const all = latest(found) ?? [];
    if (prefix() === ":") {
      const line = Number(words());
      return all.flatMap((entry) =>
        Number.isInteger(line) && line > 0
          ? [
              {
                ...entry,
                title: `Go to line ${line}`,
                run: () => document.dispatchEvent(new CustomEvent("go-to-line", { detail: line })),
              },
            ]
          : [{ ...entry, title: "Type the number of a line", run: () => {} }],
      );
    }
    if (words() === "") {
      // Without a query: a few entries of each group.
      const seen = new Map<string, number>();
      return all.filter(({ group }) => {
        const count = (seen.get(group) ?? 0) + 1;
        seen.set(group, count);
        return count <= (prefix() === "" ? 6 : maxShown);
      });
    }
    return fuzzysort
      .go(words(), all as Entry[], { keys: ["title", "detail"], limit: maxShown, threshold: 0.2 })
      .map(({ obj }) => obj);
  });
  createEffect(on(entries, () => setAt(0)));
  createEffect(() => {
    list?.querySelector(`[data-at="${at()}"]`)?.scrollIntoView({ block: "nearest" });
  });

  function choose(entry: Entry | undefined): void {
    if (!entry) return;
    closePalette();
    // After the dialog has restored the focus.
    setTimeout(() => entry.run());
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const count = entries().length;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
    const step = steps[event.key];
    if (step !== undefined && count > 0) {
      event.preventDefault();
      const wrapped = Math.abs(step) === 1 ? (at() + step + count) % count : at() + step;
      setAt(Math.max(0, Math.min(count - 1, wrapped)));
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(entries()[at()]);
    }
  }

  return (
    <dialog
      ref={element}
      aria-label="Go to anything"
      class="card mt-[12vh] mb-auto w-[min(600px,calc(100vw-24px))] overflow-hidden p-0 shadow-xl"
      onClose={() => element.isConnected && closePalette()}
      onCancel={(event) => {
        // At once, so that reopening it right away does not meet this one closing.
        event.preventDefault();
        element.close();
        closePalette();
      }}
      onPointerDown={(event) => event.target === event.currentTarget && closePalette()}
    >
      <input
        class="w-full border-b border-line bg-raised px-4 py-3 text-base outline-none"
        role="combobox"
        aria-label="Search projects, files and commands"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={entries().length > 0 ? `palette-${at()}` : undefined}
        placeholder="A file, a project or a command.  @ symbol  : line  > command"
        autocomplete="off"
        spellcheck={false}
        autofocus
        value={text()}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div ref={list} id="palette-list" role="listbox" aria-label="Found" class="max-h-[50vh] overflow-y-auto py-1">
        <For each={entries()}>
          {(entry, index) => (
            <div
              id={`palette-${index()}`}
              data-at={index()}
              role="option"
              aria-selected={index() === at()}
              class="mx-1 flex cursor-pointer items-center gap-3 rounded-sm px-3 py-1.5 text-sm"
              classList={{ "bg-accent-soft": index() === at() }}
              onPointerMove={() => setAt(index())}
              onClick={() => choose(entry)}
            >
              <span class="min-w-0 truncate">{entry.title}</span>
              <Show when={entry.detail}>
                <span class="min-w-0 truncate text-xs text-quiet">{entry.detail}</span>
              </Show>
              <span class="ml-auto shrink-0 text-xs text-quiet">
                <Show when={entry.keys} fallback={entry.group}>
                  {(keys) => <Keys keys={shownKeys(keys())} />}
                </Show>
              </span>
            </div>
          )}
        </For>
      </div>
      <Show when={entries().length === 0}>
        <p class="px-4 pb-3 text-sm text-quiet" role="status">
          {found.loading ? "Looking…" : `Nothing is called “${words()}”.`}
        </p>
      </Show>
    </dialog>
  );
}
