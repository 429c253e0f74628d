import FilesIcon from "lucide-solid/icons/files";
import GitBranch from "lucide-solid/icons/git-branch";
import SearchIcon from "lucide-solid/icons/search";
import {
  createEffect,
  createMemo,
  createResource,
  createSignal,
  ErrorBoundary,
  Match,
  on,
  Show,
  Suspense,
  Switch,
  type JSX,
} from "solid-js";
import { text } from "#text/workspace.ts";
import { text as loading } from "#text/loading.ts";
import { lazyPart, type Missing } from "../components/lazy-part.tsx";
import { loadCode } from "../api/code.ts";
import { Failure } from "../components/failure.tsx";
import { latest } from "../components/latest.ts";
import { HeldKeyboard } from "../components/lazy-dialog.tsx";
import { Outline } from "../editor/outline.tsx";
import { Explorer } from "../explorer/explorer.tsx";
import type { Documents } from "../stores/documents.ts";
import { isNarrow, isPhone, layout, setLayout, type Side } from "../stores/layout.ts";
import type { Place, Tabs } from "../stores/tabs.ts";
import type { Workspace } from "../stores/workspace.ts";
import { Separator } from "./separator.tsx";

const SearchPanel = lazyPart(
  loading.search,
  () => import("../search/search-panel.tsx"),
  (missing, props) => <MissingSearch missing={missing} isAsked={props.focusAt > 0} />,
);
const SourcePanel = lazyPart(loading.source, () => import("../source/source-panel.tsx"));

/** The bar of side panels and the one that is shown: beside the editors, or over them where there is no room. */
export function SidePanels(props: {
  workspace: Workspace;
  documents: Documents;
  tabs: Tabs;
  isShown: boolean;
  /** Counts requests to focus the shown panel. */
  focusAt: number;
  revealed: string | undefined;
  onToggle(side: Side): void;
  onHide(): void;
  onGo(place: Place): void;
}) {
  const [hasSearched, setSearched] = createSignal(layout().side === "search");
  createEffect(() => layout().side === "search" && setSearched(true));
  const [hasSource, setSource] = createSignal(layout().side === "source");
  createEffect(() => layout().side === "source" && setSource(true));
  const [sourceStore, { refetch: loadSource }] = createResource(hasSource, () =>
    loadCode(loading.source, () => import("../source/source-store.ts")),
  );
  createEffect(
    on(
      () => layout().side,
      (side) => side === "source" && sourceStore.state === "errored" && void loadSource(),
    ),
  );
  /** Outlives the panel: a written message is kept while another panel is shown. */
  const source = createMemo(() => latest(sourceStore)?.createSource(props.workspace));
  let panel!: HTMLDivElement;
  createEffect(
    on(
      () => props.focusAt,
      // The other panels focus what is theirs.
      () => layout().side === "source" && queueMicrotask(() => panel.focus()),
      { defer: true },
    ),
  );
  const focusOf = (side: Side) => (layout().side === side ? props.focusAt : 0);
  function open(path: string, pinned: boolean): void {
    void props.tabs.open(path, pinned);
    if (isNarrow() && !isPhone()) props.onHide();
  }

  return (
    <>
      <nav
        aria-label={text.sidePanels}
        class="flex w-10 shrink-0 flex-col items-center gap-1 border-r border-line bg-panel py-1"
      >
        <SideButton side="files" label={text.files} isShown={props.isShown} onToggle={props.onToggle}>
          <FilesIcon size={17} />
        </SideButton>
        <SideButton side="search" label={text.search} isShown={props.isShown} onToggle={props.onToggle}>
          <SearchIcon size={17} />
        </SideButton>
        <SideButton side="source" label={text.sourceControl} isShown={props.isShown} onToggle={props.onToggle}>
          <GitBranch size={17} />
        </SideButton>
      </nav>
      <div
        ref={panel}
        tabindex="-1"
        class="relative min-h-0 min-w-0 border-line outline-none max-md:grow md:border-r md:max-lg:absolute md:max-lg:inset-y-0 md:max-lg:left-10 md:max-lg:z-20 md:max-lg:w-[min(320px,60vw)] md:max-lg:shadow-xl lg:w-[min(var(--left),30vw)] lg:shrink-0"
        classList={{ hidden: !props.isShown }}
        onKeyDown={(event) => event.key === "Escape" && isNarrow() && !isPhone() && props.onHide()}
      >
        <ErrorBoundary fallback={(error, reset) => <Failure what={text.theFileTree} error={error} retry={reset} />}>
          <div class="flex h-full flex-col" classList={{ hidden: layout().side !== "files" }}>
            <div class="min-h-0 grow">
              <Explorer
                workspace={props.workspace}
                active={props.tabs.activeFile()}
                revealed={props.revealed}
                focusAt={focusOf("files")}
                onOpen={open}
                onHistory={props.tabs.history}
              />
            </div>
            <Outline />
          </div>
          <Show when={hasSearched()}>
            <div class="h-full" classList={{ hidden: layout().side !== "search" }}>
              <Suspense
                fallback={
                  <Show when={focusOf("search") > 0} fallback={<div class="skeleton m-3 h-16" />}>
                    <HeldKeyboard onClose={props.onHide} />
                  </Show>
                }
              >
                <SearchPanel
                  workspace={props.workspace}
                  documents={props.documents}
                  focusAt={focusOf("search")}
                  onGo={props.onGo}
                />
              </Suspense>
            </div>
          </Show>
          <Show when={layout().side === "source"}>
            <Suspense fallback={<div class="skeleton m-3 h-16" />}>
              <Switch fallback={<div class="skeleton m-3 h-16" />}>
                <Match when={sourceStore.state === "errored"}>
                  <Failure what={text.sourceControl} error={sourceStore.error} retry={() => void loadSource()} />
                </Match>
                <Match when={source()}>
                  {(store) => (
                    <SourcePanel workspace={props.workspace} store={store()} onCompare={props.tabs.compare} />
                  )}
                </Match>
              </Switch>
            </Suspense>
          </Show>
        </ErrorBoundary>
        <Separator
          label={text.sideWidth}
          value={layout().left}
          min={180}
          max={560}
          side="right"
          onChange={(left) => setLayout({ left })}
        />
      </div>
    </>
  );
}

/** Someone who wants to search is typing already. */
function MissingSearch(props: { missing: Missing; isAsked: boolean }) {
  const [isHeld, setHeld] = createSignal(props.isAsked);
  return (
    <>
      <Failure what={text.search} error={props.missing.error} retry={() => props.missing.retry()} />
      <Show when={isHeld()}>
        <HeldKeyboard missing={props.missing} onClose={() => setHeld(false)} />
      </Show>
    </>
  );
}

function SideButton(props: {
  side: Side;
  label: string;
  isShown: boolean;
  onToggle(side: Side): void;
  children: JSX.Element;
}) {
  const isOn = () => props.isShown && layout().side === props.side;
  return (
    <button
      class="icon-button size-8 pointer-coarse:h-11 pointer-coarse:w-10"
      classList={{ "bg-accent-soft text-accent": isOn() }}
      aria-pressed={isOn()}
      aria-label={props.label}
      title={props.label}
      onClick={() => props.onToggle(props.side)}
    >
      {props.children}
    </button>
  );
}
