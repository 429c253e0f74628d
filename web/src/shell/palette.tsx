import fuzzysort from "fuzzysort";
import { createEffect, createMemo, createResource, createSignal, For, on, onMount, Show } from "solid-js";
import { text as words } from "#text/palette.ts";
import { messageOf } from "../api/api-error.ts";
import { latest } from "../components/latest.ts";
import { commands, shownKeys, sources, type Item, type Source } from "../stores/commands.ts";
import { Keys } from "../components/keys.tsx";
import { paletteText } from "../stores/dialogs.ts";

interface Entry extends Item {
  group: string;
  keys?: string | undefined;
}

const maxShown = 60;

/** Asks a source. Some answer at once. */
function ask({ group, items }: Source): { known: readonly Entry[]; reading: Promise<readonly Entry[]> | undefined } {
  const entries = (found: readonly Item[]) => found.map((item): Entry => ({ ...item, group }));
  const found = items();
  return found instanceof Promise
    ? { known: [], reading: found.then(entries) }
    : { known: entries(found), reading: undefined };
}

/** Grouped, in the order that the groups are listed in: files of this project before other projects. */
function byGroup(found: readonly Entry[], all: readonly Entry[]): Entry[] {
  const groups = [...new Set(all.map(({ group }) => group))];
  return groups.flatMap((group) => found.filter((entry) => entry.group === group));
}

/** Finds projects, files and commands by name; "@" a symbol of the open file, ":" a line, ">" only commands. */
export default function Palette(props: { onClose(): void }) {
  const [text, setText] = createSignal(paletteText());
  const [at, setAt] = createSignal(0);
  let element!: HTMLDialogElement;
  let list!: HTMLDivElement;
  onMount(() => element.showModal());
  const prefix = createMemo(() => /^[>@:]/.exec(text())?.[0] ?? "");
  const query = () => text().slice(prefix().length).trim();
  const own = commands().flatMap(({ title, group, keys, hidden, run }): Entry[] =>
    hidden || !run ? [] : [{ title, group, run, keys: keys?.[0] }],
  );
  const asked = createMemo(
    on(prefix, (wanted) =>
      sources()
        .filter((source) => source.prefix === wanted)
        .map(ask),
    ),
  );
  /** What has to be read comes behind what is known, and does not hold it up. */
  const [read] = createResource(asked, async (of) => ({
    of,
    entries: (await Promise.all(of.flatMap(({ reading }) => (reading ? [reading] : [])))).flat(),
  }));
  const late = () => (latest(read)?.of === asked() ? (latest(read)?.entries ?? []) : []);
  const entries = createMemo((): Entry[] => {
    const known = asked().flatMap((each) => each.known);
    const all = [...known, ...(prefix() === "" || prefix() === ">" ? own : []), ...late()];
    if (prefix() === ":") {
      const line = Number(query());
      return all.flatMap((entry) =>
        Number.isInteger(line) && line > 0
          ? [
              {
                ...entry,
                title: words.goToLine(line),
                run: () => document.dispatchEvent(new CustomEvent("go-to-line", { detail: line })),
              },
            ]
          : [{ ...entry, title: words.typeLine, run: () => {} }],
      );
    }
    if (query() === "") {
      // Without a query: a few entries of each group.
      const seen = new Map<string, number>();
      const few = all.filter(({ group }) => {
        const count = (seen.get(group) ?? 0) + 1;
        seen.set(group, count);
        return count <= (prefix() === "" ? 6 : maxShown);
      });
      return byGroup(few, all);
    }
    const hits = fuzzysort.go(query(), all as Entry[], { keys: ["title", "detail"], limit: maxShown, threshold: 0.2 });
    return byGroup(
      hits.map(({ obj }) => obj),
      all,
    );
  });
  createEffect(on(text, () => setAt(0)));
  /** Enter was pressed before the palette was there. */
  let isEntered = false;
  createEffect(() => {
    if (read.loading || !isEntered) return;
    isEntered = false;
    choose(entries()[0]);
  });
  createEffect(() => {
    list?.querySelector(`[data-at="${at()}"]`)?.scrollIntoView({ block: "nearest" });
  });

  function choose(entry: Entry | undefined): void {
    if (!entry) return;
    props.onClose();
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
      if (read.loading && !(event.isTrusted && entries().length > 0)) isEntered = true;
      else choose(entries()[at()]);
    }
  }

  return (
    <dialog
      ref={element}
      aria-label={words.title}
      class="card mt-[12vh] mb-auto w-[min(600px,calc(100vw-24px))] overflow-hidden p-0 shadow-xl"
      onClose={() => element.isConnected && props.onClose()}
      onCancel={(event) => {
        // At once, so that reopening it right away does not meet this one closing.
        event.preventDefault();
        element.close();
        props.onClose();
      }}
      onPointerDown={(event) => event.target === event.currentTarget && props.onClose()}
    >
      <input
        class="w-full border-b border-line bg-raised px-4 py-3 text-base outline-none"
        role="combobox"
        aria-label={words.search}
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={entries().length > 0 ? `palette-${at()}` : undefined}
        placeholder={words.placeholder}
        autocomplete="off"
        spellcheck={false}
        autofocus
        value={text()}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div
        ref={list}
        id="palette-list"
        role="listbox"
        aria-label={words.results}
        class="max-h-[50vh] overflow-y-auto py-1"
      >
        <For each={entries()}>
          {(entry, index) => (
            <>
              <Show when={entries()[index() - 1]?.group !== entry.group}>
                <div role="presentation" class="px-4 pt-2 pb-1 text-xs font-semibold text-quiet">
                  {entry.group}
                </div>
              </Show>
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
                <Show when={entry.detail !== entry.title && entry.detail}>
                  <span class="min-w-0 truncate text-xs text-quiet">{entry.detail}</span>
                </Show>
                <Show when={entry.keys}>
                  {(keys) => (
                    <span class="ml-auto shrink-0">
                      <Keys keys={shownKeys(keys())} />
                    </span>
                  )}
                </Show>
              </div>
            </>
          )}
        </For>
      </div>
      <Show when={entries().length === 0}>
        <p class="px-4 pb-3 text-sm text-quiet" role="status">
          {read.loading ? words.searching : read.error ? messageOf(read.error) : words.none(query())}
        </p>
      </Show>
    </dialog>
  );
}
