import CaseSensitive from "lucide-solid/icons/case-sensitive";
import Regex from "lucide-solid/icons/regex";
import Replace from "lucide-solid/icons/replace";
import ListTree from "lucide-solid/icons/list-tree";
import WholeWord from "lucide-solid/icons/whole-word";
import { createEffect, createMemo, createSignal, on, onCleanup, Show, type Component } from "solid-js";
import { createStore } from "solid-js/store";
import type { FoundFile } from "@slipway/contract/file";
import { replaceInFiles, searchFiles } from "@slipway/contract/routes/search";
import { text as words } from "#text/search.ts";
import { messageOf } from "../api/api-error.ts";
import { call, onReachable } from "../api/call.ts";
import { toast } from "../components/toasts.tsx";
import { preferences, setPreference } from "../stores/preferences.ts";
import type { Place } from "../stores/tabs.ts";
import type { Documents } from "../stores/documents.ts";
import type { Workspace } from "../stores/workspace.ts";
import { SearchResults } from "./search-results.tsx";

/** Milliseconds to debounce typing; files of one replace request; most lines shown. */
const rest = 250;
const batchSize = 90;
const maxShown = 2000;

interface Found {
  files: FoundFile[];
  searched: number;
  lines: number;
  /** Paths that were not searched to their end. */
  incomplete: string[];
}
const nothing: Found = { files: [], searched: 0, lines: 0, incomplete: [] };

/** Searches all files, page by page. Replaces what it shows, and can undo that. */
export default function SearchPanel(props: {
  workspace: Workspace;
  documents: Documents;
  focusAt: number;
  onGo(place: Place): void;
}) {
  const { projectID } = props.workspace;
  const [query, setQuery] = createSignal("");
  const [replacement, setReplacement] = createSignal("");
  const [replaces, setReplaces] = createSignal(false);
  const [options, setOptions] = createStore({
    isRegex: false,
    caseSensitive: false,
    wholeWord: false,
    include: "",
    exclude: "",
  });
  const [filters, setFilters] = createSignal(false);
  const [found, setFound] = createSignal<Found>(nothing);
  const [state, setState] = createSignal<"idle" | "searching" | "done" | "cut">("idle");
  const [failure, setFailure] = createSignal("");
  const [replacing, setReplacing] = createSignal<AbortController>();
  let input!: HTMLInputElement;
  let running: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  createEffect(
    on(
      () => props.focusAt,
      (asks) => asks > 0 && queueMicrotask(() => (input.select(), input.focus())),
    ),
  );
  const asked = createMemo(() => ({
    query: query(),
    ...options,
    ...(replaces() ? { replacement: replacement() } : {}),
  }));
  createEffect(
    on(asked, () => {
      clearTimeout(timer);
      running?.abort();
      if (query() === "") {
        setFound(nothing);
        setState("idle");
        setFailure("");
      } else {
        setState("searching");
        timer = setTimeout(() => void search(), rest);
      }
    }),
  );
  onCleanup(onReachable(() => failure() !== "" && void search()));
  onCleanup(() => {
    clearTimeout(timer);
    running?.abort();
  });

  function parameters() {
    const { include, exclude, ...rest } = asked();
    return { ...rest, ...(include ? { include } : {}), ...(exclude ? { exclude } : {}) };
  }

  async function search(): Promise<void> {
    running?.abort();
    const { signal } = (running = new AbortController());
    setState("searching");
    setFailure("");
    let all = nothing;
    try {
      // Save first, so that unsaved edits are searched.
      props.documents.saveAll();
      for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
        const page = await call(searchFiles, { params: { id: projectID }, query: { ...parameters(), cursor }, signal });
        all = {
          files: [...all.files, ...page.files],
          searched: all.searched + page.searched,
          lines: all.lines + page.files.reduce((sum, { lines }) => sum + lines.length, 0),
          incomplete: [...all.incomplete, ...page.incomplete.map(({ path }) => path)],
        };
        setFound(all);
        if (all.lines >= maxShown) {
          setState("cut");
          return;
        }
        cursor = page.cursor;
      }
      setState("done");
    } catch (error) {
      if (signal.aborted) return;
      setFound(nothing);
      setFailure(messageOf(error));
      setState("idle");
    }
  }

  async function replaceIn(files: readonly FoundFile[]): Promise<void> {
    const aborted = new AbortController();
    setReplacing(aborted);
    const { query: text, include: _i, exclude: _e, ...rules } = asked();
    const paths: string[] = [];
    let [count, from, to] = [0, Number.MAX_SAFE_INTEGER, 0];
    let stale = 0;
    try {
      for (let at = 0; at < files.length && !aborted.signal.aborted; at += batchSize) {
        const done = await call(replaceInFiles, {
          params: { id: projectID },
          body: {
            ...rules,
            query: text,
            replacement: replacement(),
            files: files.slice(at, at + batchSize).map(({ path, rev }) => ({ path, rev })),
          },
        });
        count += done.replaced;
        stale += done.stale.length;
        paths.push(...done.files);
        if (done.files.length > 0) [from, to] = [Math.min(from, done.undo.from), Math.max(to, done.undo.to)];
      }
    } catch (error) {
      toast(messageOf(error));
    }
    setReplacing(undefined);
    await props.workspace.files.sync();
    if (paths.length > 0)
      toast(words.replaced(count, paths.length) + words.stale(stale), {
        label: words.undo,
        run: () => void props.workspace.files.undo({ from, to, paths: paths.slice(0, 5000) }).then(search),
      });
    else toast(words.nothingReplaced + words.stale(stale));
    await search();
  }

  const summary = () => {
    const { files, lines, searched } = found();
    if (state() === "searching") return lines === 0 ? words.searching : words.soFar(lines);
    if (state() === "cut") return words.cut(lines);
    if (state() !== "done") return "";
    return lines === 0 ? words.none(searched) : words.found(lines, files.length);
  };

  return (
    <section class="flex h-full min-h-0 flex-col bg-panel" aria-label={words.section}>
      <div class="flex flex-col gap-2 border-b border-line p-3">
        <div class="relative">
          <input
            ref={input}
            type="search"
            class="field py-1 pr-24 pl-2 text-sm"
            aria-label={words.searchAll}
            placeholder={words.searchAll}
            spellcheck={false}
            value={query()}
            onInput={(event) => setQuery(event.currentTarget.value)}
            onKeyDown={(event) => event.key === "Enter" && !event.isComposing && void search()}
          />
          <div class="absolute top-0.5 right-1 flex">
            <OptionButton
              label={words.matchCase}
              icon={CaseSensitive}
              on={options.caseSensitive}
              onChange={(on) => setOptions("caseSensitive", on)}
            />
            <OptionButton
              label={words.wholeWords}
              icon={WholeWord}
              on={options.wholeWord}
              onChange={(on) => setOptions("wholeWord", on)}
            />
            <OptionButton
              label={words.regex}
              icon={Regex}
              on={options.isRegex}
              onChange={(on) => setOptions("isRegex", on)}
            />
          </div>
        </div>
        <Show when={replaces()}>
          <input
            class="field px-2 py-1 text-sm"
            aria-label={words.replaceWith}
            placeholder={options.isRegex ? words.replaceWithGroups : words.replaceWith}
            spellcheck={false}
            value={replacement()}
            onInput={(event) => setReplacement(event.currentTarget.value)}
          />
        </Show>
        <Show when={filters()}>
          <input
            class="field px-2 py-1 text-sm"
            aria-label={words.include}
            placeholder={words.includeExample}
            value={options.include}
            onInput={(event) => setOptions("include", event.currentTarget.value)}
          />
          <input
            class="field px-2 py-1 text-sm"
            aria-label={words.exclude}
            placeholder={words.excludeExample}
            value={options.exclude}
            onInput={(event) => setOptions("exclude", event.currentTarget.value)}
          />
        </Show>
        <div class="flex flex-wrap items-center gap-1">
          <button class="button button-small" aria-pressed={replaces()} onClick={() => setReplaces(!replaces())}>
            <Replace size={13} /> {words.replace}
          </button>
          <button class="button button-small" aria-pressed={filters()} onClick={() => setFilters(!filters())}>
            {words.filter}
          </button>
          <OptionButton
            label={words.asTree}
            icon={ListTree}
            on={preferences().searchTree}
            onChange={(on) => setPreference("searchTree", on)}
          />
          <span class="grow" />
          <Show when={replaces() && found().lines > 0 && state() !== "searching"}>
            <Show
              when={!replacing()}
              fallback={
                <button class="button button-small button-bad" onClick={() => replacing()?.abort()}>
                  {words.stop}
                </button>
              }
            >
              <button
                class="button button-small button-main"
                disabled={state() === "cut"}
                title={state() === "cut" ? words.narrowFirst : ""}
                onClick={() => void replaceIn(found().files)}
              >
                {words.replaceAll}
              </button>
            </Show>
          </Show>
        </div>
        <p class="min-h-4 text-xs text-quiet" role="status">
          {summary()}
        </p>
        <Show when={found().incomplete.length > 0}>
          <p class="text-xs text-warn" title={found().incomplete.slice(0, 20).join("\n")}>
            {words.incomplete(found().incomplete.length)}
          </p>
        </Show>
        <Show when={failure()}>
          <p role="alert" class="text-xs text-bad">
            {failure()}
          </p>
        </Show>
      </div>
      <SearchResults
        files={found().files}
        isTree={preferences().searchTree}
        replaces={replaces()}
        onGo={props.onGo}
        onReplace={(file) => void replaceIn([file])}
      />
    </section>
  );
}

function OptionButton(props: {
  label: string;
  icon: Component<{ size: number }>;
  on: boolean;
  onChange(on: boolean): void;
}) {
  return (
    <button
      class="icon-button"
      classList={{ "bg-accent-soft text-accent": props.on }}
      aria-pressed={props.on}
      aria-label={props.label}
      title={props.label}
      onClick={() => props.onChange(!props.on)}
    >
      <props.icon size={15} />
    </button>
  );
}
