import { tailOf } from "@slipway/contract/cut";
import CaseSensitive from "lucide-solid/icons/case-sensitive";
import ChevronRight from "lucide-solid/icons/chevron-right";
import Regex from "lucide-solid/icons/regex";
import Replace from "lucide-solid/icons/replace";
import WholeWord from "lucide-solid/icons/whole-word";
import { createEffect, createMemo, createSignal, For, on, onCleanup, Show, type Component } from "solid-js";
import { createStore } from "solid-js/store";
import type { FoundFile, FoundLine } from "@slipway/contract/file";
import { replaceInFiles, searchFiles } from "@slipway/contract/routes/search";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { toast } from "../components/toasts.tsx";
import type { Place } from "../stores/tabs.ts";
import type { Documents } from "../stores/documents.ts";
import type { Workspace } from "../stores/workspace.ts";

/** Milliseconds to debounce typing; files of one replace request; most lines shown. */
const rest = 250;
const batchSize = 90;
const maxShown = 2000;
const maxLead = 14;

interface Found {
  files: FoundFile[];
  searched: number;
  lines: number;
  /** Paths that were not searched to their end. */
  incomplete: string[];
}
const nothing: Found = { files: [], searched: 0, lines: 0, incomplete: [] };

/** Searches all files, page by page. Replaces what it shows, and can undo that. */
export function SearchPanel(props: {
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
  const [closed, setClosed] = createSignal<ReadonlySet<string>>(new Set());
  const [state, setState] = createSignal<"idle" | "searching" | "done" | "cut">("idle");
  const [failure, setFailure] = createSignal("");
  const [replacing, setReplacing] = createSignal<AbortController>();
  let input!: HTMLInputElement;
  let running: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  createEffect(
    on(
      () => props.focusAt,
      () => queueMicrotask(() => (input.focus(), input.select())),
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
    const note = stale > 0 ? ` ${stale} had changed since and were left alone.` : "";
    if (paths.length > 0)
      toast(`Replaced ${count} in ${paths.length} ${paths.length === 1 ? "file" : "files"}.${note}`, {
        label: "Undo",
        run: () => void props.workspace.files.undo({ from, to, paths: paths.slice(0, 5000) }).then(search),
      });
    else toast(`Nothing was replaced.${note}`);
    await search();
  }

  const summary = () => {
    const { files, lines, searched } = found();
    if (state() === "searching") return lines === 0 ? "Searching…" : `${lines} so far, searching…`;
    if (state() === "cut") return `The first ${lines} are shown; narrow the search to see all.`;
    if (state() !== "done") return "";
    if (lines === 0) return `Nothing found in ${searched} files.`;
    return `${lines} in ${files.length} ${files.length === 1 ? "file" : "files"}`;
  };

  return (
    <section class="flex h-full min-h-0 flex-col bg-panel" aria-label="Search">
      <div class="flex flex-col gap-2 border-b border-line p-3">
        <div class="relative">
          <input
            ref={input}
            type="search"
            class="field py-1 pr-24 pl-2 text-sm"
            aria-label="Search in all files"
            placeholder="Search in all files"
            spellcheck={false}
            value={query()}
            onInput={(event) => setQuery(event.currentTarget.value)}
            onKeyDown={(event) => event.key === "Enter" && !event.isComposing && void search()}
          />
          <div class="absolute top-0.5 right-1 flex">
            <OptionButton
              label="Match case"
              icon={CaseSensitive}
              on={options.caseSensitive}
              onChange={(on) => setOptions("caseSensitive", on)}
            />
            <OptionButton
              label="Whole words"
              icon={WholeWord}
              on={options.wholeWord}
              onChange={(on) => setOptions("wholeWord", on)}
            />
            <OptionButton
              label="Regular expression"
              icon={Regex}
              on={options.isRegex}
              onChange={(on) => setOptions("isRegex", on)}
            />
          </div>
        </div>
        <Show when={replaces()}>
          <input
            class="field px-2 py-1 text-sm"
            aria-label="Replace with"
            placeholder={options.isRegex ? "Replace with ($1 for a group)" : "Replace with"}
            spellcheck={false}
            value={replacement()}
            onInput={(event) => setReplacement(event.currentTarget.value)}
          />
        </Show>
        <Show when={filters()}>
          <input
            class="field px-2 py-1 text-sm"
            aria-label="Only in these files"
            placeholder="Only in: src, *.ts"
            value={options.include}
            onInput={(event) => setOptions("include", event.currentTarget.value)}
          />
          <input
            class="field px-2 py-1 text-sm"
            aria-label="Not in these files"
            placeholder="Not in: dist, *.min.js"
            value={options.exclude}
            onInput={(event) => setOptions("exclude", event.currentTarget.value)}
          />
        </Show>
        <div class="flex flex-wrap items-center gap-1">
          <button class="button button-small" aria-pressed={replaces()} onClick={() => setReplaces(!replaces())}>
            <Replace size={13} /> Replace
          </button>
          <button class="button button-small" aria-pressed={filters()} onClick={() => setFilters(!filters())}>
            Filter
          </button>
          <span class="grow" />
          <Show when={replaces() && found().lines > 0 && state() !== "searching"}>
            <Show
              when={!replacing()}
              fallback={
                <button class="button button-small button-bad" onClick={() => replacing()?.abort()}>
                  Stop
                </button>
              }
            >
              <button
                class="button button-small button-main"
                disabled={state() === "cut"}
                title={state() === "cut" ? "Narrow the search first" : ""}
                onClick={() => void replaceIn(found().files)}
              >
                Replace all
              </button>
            </Show>
          </Show>
        </div>
        <p class="min-h-4 text-xs text-quiet" role="status">
          {summary()}
        </p>
        <Show when={found().incomplete.length > 0}>
          <p class="text-xs text-warn" title={found().incomplete.slice(0, 20).join("\n")}>
            Not searched to the end: {found().incomplete.length} {found().incomplete.length === 1 ? "file" : "files"}.
            Narrow the search or simplify the pattern.
          </p>
        </Show>
        <Show when={failure()}>
          <p role="alert" class="text-xs text-bad">
            {failure()}
          </p>
        </Show>
      </div>
      <div class="min-h-0 grow overflow-y-auto py-1" tabindex="0" role="region" aria-label="What was found">
        <For each={found().files}>
          {(file) => (
            <section aria-label={file.path}>
              <div class="flex items-center gap-1 pr-2 pl-1">
                <button
                  class="flex min-w-0 grow items-center gap-1 rounded-sm py-1 text-left text-sm hover:bg-raised"
                  aria-expanded={!closed().has(file.path)}
                  title={file.path}
                  onClick={() =>
                    setClosed((all) => {
                      const next = new Set(all);
                      if (!next.delete(file.path)) next.add(file.path);
                      return next;
                    })
                  }
                >
                  <ChevronRight
                    size={14}
                    class="shrink-0 text-quiet"
                    classList={{ "rotate-90": !closed().has(file.path) }}
                  />
                  <span class="shrink-0">{file.path.slice(file.path.lastIndexOf("/") + 1)}</span>
                  <span class="min-w-0 truncate text-xs text-quiet">
                    {file.path.slice(0, Math.max(0, file.path.lastIndexOf("/")))}
                  </span>
                </button>
                <Show
                  when={replaces()}
                  fallback={<span class="text-xs text-quiet tabular-nums">{file.lines.length}</span>}
                >
                  <button
                    class="icon-button size-6"
                    aria-label={`Replace in ${file.path}`}
                    title="Replace in this file"
                    onClick={() => void replaceIn([file])}
                  >
                    <Replace size={13} />
                  </button>
                </Show>
              </div>
              <Show when={!closed().has(file.path)}>
                <For each={file.lines}>
                  {(line) => (
                    <FoundLineButton
                      line={line}
                      onGo={() =>
                        props.onGo({ path: file.path, line: line.line, column: line.column, length: line.length })
                      }
                    />
                  )}
                </For>
              </Show>
            </section>
          )}
        </For>
      </div>
    </section>
  );
}

function FoundLineButton(props: { line: FoundLine; onGo(): void }) {
  const end = () => props.line.at + props.line.length;
  // Only as much of the line before the match as keeps the match visible.
  const lead = () => {
    const before = props.line.text.slice(0, props.line.at).trimStart();
    return before.length > maxLead ? `…${tailOf(before, maxLead)}` : before;
  };
  return (
    <button
      class="block w-full truncate py-0.5 pr-2 pl-7 text-left font-mono text-xs whitespace-pre hover:bg-raised"
      title={`Line ${props.line.line}`}
      onClick={() => props.onGo()}
    >
      {lead()}
      <Show
        when={props.line.replacement !== undefined}
        fallback={<mark class="hit">{props.line.text.slice(props.line.at, end())}</mark>}
      >
        <del class="bg-bad-soft">{props.line.text.slice(props.line.at, end())}</del>
        <ins class="bg-good-soft no-underline">{props.line.replacement}</ins>
      </Show>
      {props.line.text.slice(end())}
    </button>
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
