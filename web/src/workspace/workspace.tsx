import { headOf } from "@slipway/contract/cut";
import { useSearchParams } from "@solidjs/router";
import PanelRight from "lucide-solid/icons/panel-right-open";
import {
  createEffect,
  createMemo,
  createSignal,
  ErrorBoundary,
  For,
  on,
  onCleanup,
  onMount,
  Show,
  Suspense,
} from "solid-js";
import type { Project } from "@slipway/contract/project";
import { title } from "#text/titles.ts";
import { text as loading } from "#text/loading.ts";
import { text } from "#text/workspace.ts";
import { AgentPanel } from "../agent/agent-panel.tsx";
import { mentionOf } from "../agent/mention.ts";
import { loadCode } from "../api/code.ts";
import { lazyPart } from "../components/lazy-part.tsx";
import { toastError } from "../components/toasts.tsx";
import { Failure } from "../components/failure.tsx";
import { NotFound } from "../components/not-found.tsx";
import { useTitle } from "../components/title.ts";
import type { Selected } from "../editor/selection-menu.ts";
import { isPreviewable } from "../preview/previewable.ts";
import { useCommands, useSource } from "../stores/commands.ts";
import { openPalette } from "../stores/dialogs.ts";
import { createDocuments } from "../stores/documents.ts";
import { pendingCount } from "../stores/inbox.ts";
import { isNarrow, isPhone, layout, setLayout, type Side } from "../stores/layout.ts";
import { preferences, setPreference } from "../stores/preferences.ts";
import { tabLabels } from "../stores/tab-labels.ts";
import { onOpenPort } from "../stores/open-port.ts";
import { createSandbox } from "../stores/sandbox.ts";
import { createTabs, type Place } from "../stores/tabs.ts";
import { createWorkspace } from "../stores/workspace.ts";
import type { InnerLink } from "../terminal/find-links.ts";
import { createFollow } from "./follow.ts";
import { useSandbox } from "./sandbox-parts.tsx";
import { ProjectBar } from "./project-bar.tsx";
import { Separator } from "./separator.tsx";
import { SidePanels } from "./side-panels.tsx";
import { StatusBar } from "./status-bar.tsx";
import { TabPane } from "./tab-pane.tsx";

const SandboxChip = lazyPart(loading.sandbox, () => import("../sandbox/sandbox-chip.tsx"));
const TerminalPanel = lazyPart(loading.terminal, () => import("../terminal/terminal-panel.tsx"));

type View = "files" | "editor" | "terminal" | "agent";
const views: readonly [View, string][] = [
  ["files", text.filesView],
  ["editor", text.editorView],
  ["terminal", text.terminal],
  ["agent", text.agentView],
];

/** A project's page: files, editors and agent side by side, or one at a time on a small screen. */
export default function Workspace(props: { project: Project }) {
  const [search, setSearch] = useSearchParams<{ conversation?: string; file?: string }>();
  const wantedFile = search.file;
  const workspace = createWorkspace(props.project, search.conversation);
  const documents = createDocuments(workspace);
  const [view, setView] = createSignal<View>("agent");
  const tabs = createTabs(workspace, documents, () => setView("editor"));
  const sandbox = createSandbox(workspace);
  /** The side panel lies over the editor. */
  const [drawer, setDrawer] = createSignal(false);
  const [focusAt, setFocusAt] = createSignal(0);
  const [place, setPlace] = createSignal<Place>();
  const [revealed, setRevealed] = createSignal<string | undefined>(undefined, { equals: false });
  const [draft, setDraft] = createSignal<string | undefined>(undefined, { equals: false });
  const isSideShown = () => (isPhone() ? view() === "files" : isNarrow() ? drawer() : layout().hasSide);
  const isTerminalShown = () => (isPhone() ? view() === "terminal" : layout().hasTerminal);
  const isAgentShown = () => (isPhone() ? view() === "agent" : layout().hasAgent);
  onMount(() => {
    sandbox.begin();
    // Back from GitHub: reopen the panel that started it.
    if (new URL(location.href).searchParams.has("github")) {
      showSide("source");
      void loadCode(loading.source, () => import("../stores/github-connection.ts"))
        .then((connection) => connection.showConnectionResult())
        .catch(toastError);
    }
    if (wantedFile && wantedFile !== tabs.activeFile()) void tabs.open(wantedFile, true);
  });
  onCleanup(() => {
    documents.dispose();
    workspace.close();
  });
  const follow = createFollow({ workspace, documents, tabs, onPlace: setPlace });
  useTitle(() => {
    const file = tabs.activeFile();
    const { name } = workspace.project();
    const of = file === undefined ? title.project(name) : title.file(file, name);
    return pendingCount() > 0 ? title.pending(pendingCount(), of) : of;
  });

  // The address names the shown conversation and file, so that it can be bookmarked and shared.
  createEffect(
    on(workspace.conversations.currentID, (id) => {
      if (id && id !== search.conversation) setSearch({ conversation: id }, { replace: true, scroll: false });
    }),
  );
  createEffect(
    on(
      () => search.conversation,
      (id) => id && id !== workspace.conversations.currentID() && void workspace.conversations.open(id),
      { defer: true },
    ),
  );
  // The first file replaces the address without one; each later one is a step that Back returns from.
  createEffect(
    on(
      createMemo(() => tabs.activeFile()),
      (file, before) => {
        if ((file ?? "") === (search.file ?? "") || (before === undefined && wantedFile && file !== wantedFile)) return;
        setSearch({ file: file ?? null }, { replace: before === undefined || file === undefined, scroll: false });
      },
    ),
  );
  createEffect(
    on(
      () => search.file,
      (file) => file && file !== tabs.activeFile() && void tabs.open(file, false),
      { defer: true },
    ),
  );

  async function go(to: Place): Promise<void> {
    await tabs.open(to.path, true);
    setPlace(to);
    setDrawer(false);
  }
  function showSide(side: Side): void {
    setLayout({ side, ...(isNarrow() ? {} : { hasSide: true }) });
    setDrawer(true);
    setView("files");
    setFocusAt((count) => count + 1);
  }
  function hideSide(): void {
    if (isNarrow()) setDrawer(false);
    else setLayout({ hasSide: false });
  }
  function toggleSide(side = layout().side): void {
    if (isSideShown() && !isPhone() && layout().side === side) hideSide();
    else showSide(side);
  }
  function showAgent(): void {
    setLayout({ hasAgent: true });
    setView("agent");
  }
  function showTerminal(): void {
    setLayout({ hasTerminal: true });
    setView("terminal");
  }
  function hideTerminal(): void {
    setLayout({ hasTerminal: false });
    setView("editor");
    queueMicrotask(() => document.querySelector<HTMLElement>(`[data-group="${tabs.focused()}"] .cm-content`)?.focus());
  }
  function toggleTerminal(): void {
    if (isTerminalShown()) return hideTerminal();
    showTerminal();
    // A terminal needs a sandbox to run in.
    if (workspace.project().role !== "viewer") void sandbox.launch();
  }
  // Its terminals stay as they are while the panel is hidden.
  const everShown = createMemo((was: boolean) => was || isTerminalShown(), false);
  // A panel that was open when the page was left.
  createEffect(() => isTerminalShown() && void sandbox.use().catch(toastError));
  onOpenPort((port) => tabs.port(port));
  const runner = useSandbox({
    workspace,
    store: sandbox,
    saveAll: async () => void (await Promise.all(documents.all().map(({ path }) => documents.save(path)))),
    showTerminal,
    toggleTerminal,
  });
  function openLink(link: InnerLink): void {
    if (link.kind === "port") tabs.port(link.port, link.path);
    else if (link.line === undefined) void tabs.open(link.path, true);
    else void go({ path: link.path, line: link.line, column: Math.max(0, (link.column ?? 1) - 1) });
  }
  /** The person asked how the sandbox stands before its code was there. */
  const [wantsDetails, setWantsDetails] = createSignal(false);
  const chip = () => (
    <Suspense>
      <Show
        when={sandbox.session()}
        fallback={
          <button
            class="shrink-0 text-xs hover:text-ink"
            onClick={() => {
              setWantsDetails(true);
              void sandbox.use().catch(toastError);
            }}
          >
            {text.sandboxOff}
          </button>
        }
      >
        {(session) => (
          <SandboxChip
            session={session()}
            isOpen={wantsDetails()}
            isShown={(port) => tabs.all().some(({ kind, subject }) => kind === "port" && subject === String(port))}
            onOpen={(path) => void tabs.open(path, true)}
            onPreview={(port) => tabs.port(port)}
          />
        )}
      </Show>
    </Suspense>
  );
  function reveal(path: string): void {
    showSide("files");
    setRevealed(path);
  }
  function addToChat(path: string, { fromLine, toLine, text: selected }: Selected): void {
    const lines = fromLine === toLine ? `line ${fromLine}` : `lines ${fromLine}–${toLine}`;
    showAgent();
    setDraft(`${mentionOf(path)}${lines}:\n\`\`\`\n${headOf(selected, 20_000)}\n\`\`\`\n`);
  }
  function focusNextGroup(): void {
    const groups = tabs.groups();
    const next = groups[(groups.indexOf(tabs.focused()) + 1) % groups.length];
    if (next !== undefined) tabs.focus(next);
    queueMicrotask(() => document.querySelector<HTMLElement>(`[data-group="${next}"] .cm-content`)?.focus());
  }

  const { goGroup, viewGroup, editorGroup } = text;
  useCommands(() => [
    { id: "file", title: text.goToFile, group: goGroup, keys: ["Mod+P"], run: () => openPalette() },
    { id: "search", title: text.searchProject, group: goGroup, keys: ["Mod+Shift+F"], run: () => showSide("search") },
    { id: "files", title: text.showFiles, group: viewGroup, keys: ["Mod+Shift+E"], run: () => showSide("files") },
    { id: "source", title: text.showSource, group: viewGroup, keys: ["Mod+Shift+G"], run: () => showSide("source") },
    { id: "side", title: text.toggleSide, group: viewGroup, keys: ["Mod+B"], run: () => toggleSide() },
    {
      id: "agent-panel",
      title: text.toggleAgent,
      group: viewGroup,
      keys: ["Mod+Alt+B"],
      run: () => (layout().hasAgent && !isPhone() ? setLayout({ hasAgent: false }) : showAgent()),
    },
    {
      id: "message",
      title: text.messageAgent,
      group: viewGroup,
      keys: ["Mod+Shift+L"],
      run: () => (showAgent(), setDraft("")),
    },
    {
      id: "close-tab",
      title: text.closeTab,
      group: editorGroup,
      keys: ["Alt+W"],
      run: () => {
        const tab = tabs.active();
        if (tab) tabs.close(tab);
      },
    },
    { id: "next-tab", title: text.nextTab, group: editorGroup, keys: ["Alt+PageDown"], run: () => tabs.step(1) },
    { id: "previous-tab", title: text.previousTab, group: editorGroup, keys: ["Alt+PageUp"], run: () => tabs.step(-1) },
    { id: "split", title: text.splitEditor, group: editorGroup, keys: ["Mod+\\"], run: () => tabs.split() },
    {
      id: "preview",
      title: text.openPreview,
      group: editorGroup,
      keys: ["Alt+V"],
      // The shown page, or the site that the project is.
      run: () => tabs.preview(isPreviewable(tabs.activeFile() ?? "") ? (tabs.activeFile() ?? "") : ""),
    },
    ...(tabs.activeFile() === undefined
      ? []
      : [
          {
            id: "history",
            title: text.localHistory,
            group: editorGroup,
            run: () => tabs.history(tabs.activeFile() ?? ""),
          },
        ]),
    { id: "other-group", title: text.otherGroup, group: editorGroup, run: focusNextGroup },
    {
      id: "wrap",
      title: text.wrap,
      group: editorGroup,
      keys: ["Alt+Z"],
      run: () => setPreference("wrap", !preferences().wrap),
    },
  ]);
  useSource({
    group: text.fileGroup,
    prefix: "",
    items: () => {
      const paths = (workspace.files.list() ?? []).flatMap(({ path, kind }) => (kind === "folder" ? [] : [path]));
      const labels = tabLabels(paths);
      return paths.map((path) => ({
        title: labels.get(path)?.name ?? path,
        detail: path,
        run: () => void tabs.open(path, true),
      }));
    },
  });

  return (
    <Show when={!workspace.removed()} fallback={<NotFound kind="project" />}>
      <Show
        when={!workspace.failure()}
        fallback={<Failure what={text.theProject} error={workspace.failure()} retry={() => void workspace.refresh()} />}
      >
        <div class="flex h-full flex-col">
          <ProjectBar workspace={workspace} documents={documents} onRun={(name, line) => void runner.run(name, line)} />
          <main
            id="main"
            tabindex="-1"
            class="relative flex min-h-0 grow outline-none"
            style={{ "--left": `${layout().left}px`, "--right": `${layout().right}px` }}
          >
            <div
              class="flex min-h-0 min-w-0 max-md:grow md:shrink-0"
              classList={{ "max-md:hidden": view() !== "files" }}
            >
              <SidePanels
                workspace={workspace}
                documents={documents}
                tabs={tabs}
                isShown={isSideShown()}
                focusAt={focusAt()}
                revealed={revealed()}
                onToggle={toggleSide}
                onHide={hideSide}
                onGo={(to) => void go(to)}
              />
            </div>
            <div
              class="flex min-h-0 min-w-0 flex-1 flex-col"
              classList={{ "max-md:hidden": view() !== "editor" && view() !== "terminal" }}
            >
              <div class="flex min-h-0 min-w-0 flex-1" classList={{ "max-md:hidden": view() !== "editor" }}>
                <ErrorBoundary
                  fallback={(error, reset) => <Failure what={text.theEditor} error={error} retry={reset} />}
                >
                  <For each={tabs.groups()}>
                    {(group) => (
                      <TabPane
                        workspace={workspace}
                        tabs={tabs}
                        group={group}
                        documents={documents}
                        place={place()}
                        onReveal={reveal}
                        onChat={addToChat}
                        onAsk={(message) => (showAgent(), setDraft(message))}
                        sandbox={sandbox}
                      />
                    )}
                  </For>
                </ErrorBoundary>
              </div>
              <Show when={everShown()}>
                <section
                  aria-label={text.terminal}
                  class="relative min-h-0 shrink-0 border-line max-md:h-full md:h-[min(var(--bottom),70%)] md:border-t"
                  classList={{ hidden: !isTerminalShown() }}
                  style={{ "--bottom": `${layout().bottom}px` }}
                >
                  <Separator
                    label={text.terminalHeight}
                    value={layout().bottom}
                    min={120}
                    max={900}
                    side="top"
                    onChange={(bottom) => setLayout({ bottom })}
                  />
                  <ErrorBoundary
                    fallback={(error, reset) => <Failure what={text.theTerminal} error={error} retry={reset} />}
                  >
                    <Suspense fallback={<div class="skeleton m-4 h-16" />}>
                      <Show when={sandbox.session()}>
                        {(session) => (
                          <TerminalPanel
                            workspace={workspace}
                            session={session()}
                            isShown={isTerminalShown()}
                            status={isPhone() ? chip() : undefined}
                            onLink={openLink}
                            onHide={hideTerminal}
                          />
                        )}
                      </Show>
                    </Suspense>
                  </ErrorBoundary>
                </section>
              </Show>
            </div>
            <div
              class="relative min-h-0 min-w-0 shrink-0 border-line max-md:w-full md:w-[min(var(--right),42vw)] md:border-l lg:w-[min(var(--right),36vw)]"
              classList={{ hidden: !isAgentShown() }}
            >
              <Separator
                label={text.agentWidth}
                value={layout().right}
                min={300}
                max={720}
                side="left"
                onChange={(right) => setLayout({ right })}
              />
              <ErrorBoundary
                fallback={(error, reset) => <Failure what={text.theAgentPanel} error={error} retry={reset} />}
              >
                <AgentPanel
                  workspace={workspace}
                  draft={draft()}
                  follow={follow}
                  onOpen={(path) => void tabs.open(path, true)}
                  onReview={tabs.review}
                  onPreview={tabs.preview}
                />
              </ErrorBoundary>
            </div>
            <Show when={!isPhone() && !layout().hasAgent}>
              <div class="flex w-9 shrink-0 flex-col items-center border-l border-line bg-panel py-1">
                <button class="icon-button" aria-label={text.showAgent} title={text.showAgent} onClick={showAgent}>
                  <PanelRight size={17} />
                </button>
              </div>
            </Show>
          </main>
          <StatusBar documents={documents} path={tabs.activeFile()}>
            {chip()}
            <button
              class="flex items-center gap-1 hover:text-ink"
              aria-pressed={isTerminalShown()}
              title={text.toggleTerminalKeys}
              onClick={toggleTerminal}
            >
              {text.terminal}
            </button>
          </StatusBar>
          <nav aria-label={text.views} class="grid h-12 shrink-0 grid-cols-4 border-t border-line md:hidden">
            <For each={views}>
              {([each, label]) => (
                <button
                  class="text-sm"
                  classList={{ "font-semibold text-accent": view() === each, "text-quiet": view() !== each }}
                  aria-current={view() === each}
                  onClick={() => setView(each)}
                >
                  {label}
                </button>
              )}
            </For>
          </nav>
        </div>
      </Show>
    </Show>
  );
}
