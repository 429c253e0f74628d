import ChevronRight from "lucide-solid/icons/chevron-right";
import Replace from "lucide-solid/icons/replace";
import { createSignal, For, Show, type JSX } from "solid-js";
import { tailOf } from "@slipway/contract/cut";
import type { FoundFile, FoundLine } from "@slipway/contract/file";
import { text } from "#text/search.ts";
import { FileIcon } from "../code/file-icon.tsx";
import type { Place } from "../stores/tabs.ts";

/** Characters before a match that are shown. */
const maxLead = 14;

const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);
const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** The found lines by file, and the files by folder if wanted. */
export function SearchResults(props: {
  files: readonly FoundFile[];
  isTree: boolean;
  replaces: boolean;
  onGo(place: Place): void;
  onReplace(file: FoundFile): void;
}) {
  /** Folders end with a slash. */
  const [closed, setClosed] = createSignal<ReadonlySet<string>>(new Set());
  const isOpen = (key: string) => !closed().has(key);
  const toggle = (key: string) =>
    setClosed((all) => {
      const next = new Set(all);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  const folders = () =>
    [...Map.groupBy(props.files, ({ path }) => folderOf(path))].sort(([a], [b]) => (a < b ? -1 : 1));

  const file = (each: FoundFile) => (
    <section aria-label={each.path}>
      <div class="flex items-center gap-1 pr-2 pl-1">
        <Toggle isOpen={isOpen(each.path)} title={each.path} onToggle={() => toggle(each.path)}>
          <FileIcon path={each.path} />
          <span class="shrink-0">{nameOf(each.path)}</span>
          <Show when={!props.isTree}>
            <span class="min-w-0 truncate text-xs text-quiet">{folderOf(each.path)}</span>
          </Show>
        </Toggle>
        <Show when={props.replaces} fallback={<span class="text-xs text-quiet tabular-nums">{each.lines.length}</span>}>
          <button
            class="icon-button size-6"
            aria-label={text.replaceIn(each.path)}
            title={text.replaceInFile}
            onClick={() => props.onReplace(each)}
          >
            <Replace size={13} />
          </button>
        </Show>
      </div>
      <Show when={isOpen(each.path)}>
        <For each={each.lines}>
          {(line) => (
            <FoundLineButton
              line={line}
              onGo={() => props.onGo({ path: each.path, line: line.line, column: line.column, length: line.length })}
            />
          )}
        </For>
      </Show>
    </section>
  );

  return (
    <div class="min-h-0 grow overflow-y-auto py-1" tabindex="0" role="region" aria-label={text.results}>
      <Show when={props.isTree} fallback={<For each={props.files}>{file}</For>}>
        <For each={folders()}>
          {([folder, files]) => (
            <>
              <Show when={folder !== ""}>
                <div class="px-1">
                  <Toggle isOpen={isOpen(`${folder}/`)} title={folder} onToggle={() => toggle(`${folder}/`)}>
                    <span class="truncate text-xs font-semibold text-quiet">{folder}</span>
                  </Toggle>
                </div>
              </Show>
              <Show when={folder === "" || isOpen(`${folder}/`)}>
                <div classList={{ "pl-3": folder !== "" }}>
                  <For each={files}>{file}</For>
                </div>
              </Show>
            </>
          )}
        </For>
      </Show>
    </div>
  );
}

function Toggle(props: { isOpen: boolean; title: string; onToggle(): void; children: JSX.Element }) {
  return (
    <button
      class="flex w-full min-w-0 grow items-center gap-1 rounded-sm py-1 text-left text-sm hover:bg-raised"
      aria-expanded={props.isOpen}
      title={props.title}
      onClick={() => props.onToggle()}
    >
      <ChevronRight size={14} class="shrink-0 text-quiet" classList={{ "rotate-90": props.isOpen }} />
      {props.children}
    </button>
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
      class="flex w-full items-baseline gap-2 py-0.5 pr-2 pl-2 text-left font-mono text-xs hover:bg-raised"
      title={text.line(props.line.line)}
      onClick={() => props.onGo()}
    >
      <span class="w-8 shrink-0 text-right text-quiet tabular-nums">{props.line.line}</span>
      <span class="min-w-0 truncate whitespace-pre">
        {lead()}
        <Show
          when={props.line.replacement !== undefined}
          fallback={<mark class="hit">{props.line.text.slice(props.line.at, end())}</mark>}
        >
          <del class="bg-bad-soft">{props.line.text.slice(props.line.at, end())}</del>
          <ins class="bg-good-soft no-underline">{props.line.replacement}</ins>
        </Show>
        {props.line.text.slice(end())}
      </span>
    </button>
  );
}
