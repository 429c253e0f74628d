import { headOf } from "@slipway/contract/cut";
import { useSearchParams } from "@solidjs/router";
import FilesIcon from "lucide-solid/icons/files";
import GitBranch from "lucide-solid/icons/git-branch";
import SearchIcon from "lucide-solid/icons/search";
import { createEffect, createSignal, ErrorBoundary, For, on, onCleanup, onMount, Show, type JSX } from "solid-js";
import type { Project } from "@slipway/contract/project";
import { AgentPanel } from "../agent/agent-panel.tsx";
import { Failure } from "../components/failure.tsx";
import { NotFound } from "../components/not-found.tsx";
import type { Place } from "../stores/tabs.ts";
import { createDocuments } from "../stores/documents.ts";
import type { Selected } from "../editor/selection-menu.ts";
import { Explorer } from "../explorer/explorer.tsx";
import { SearchPanel } from "../search/search-panel.tsx";
import { useCommands, useSource } from "../stores/commands.ts";
import { openPalette } from "../stores/dialogs.ts";
import { showConnectionResult } from "../stores/github-connection.ts";
import { SourcePanel } from "../source/source-panel.tsx";
import { createSource } from "../source/source-store.ts";
import { ProjectBar } from "./project-bar.tsx";
import { TabPane } from "./tab-pane.tsx";
import { Separator } from "./separator.tsx";
import { createWorkspace } from "../stores/workspace.ts";
import { createTabs } from "../stores/tabs.ts";

type View = "Files" | "Editor" | "Agent";
const views: readonly View[] = ["Files", "Editor", "Agent"];

/** A project's page: files, editor and agent side by side, or one at a time on a small screen. */
export default function Workspace(props: { project: Project }) {
  const [search, setSearch] = useSearchParams<{ conversation?: string }>();
  const workspace = createWorkspace(props.project, search.conversation);
  const documents = createDocuments(workspace);
  const [view, setView] = createSignal<View>("Agent");
  const tabs = createTabs(workspace, documents, () => setView("Editor"));
  const [side, setSide] = createSignal<"files" | "search" | "source">("files");
  const source = createSource(workspace);
  const [searchAt, setSearchAt] = createSignal(0);
  const [widths, setWidths] = createSignal({ left: 288, right: 400 });
  const [place, setPlace] = createSignal<Place>();
  const [revealed, setRevealed] = createSignal<string | undefined>(undefined, { equals: false });
  const [draft, setDraft] = createSignal<string | undefined>(undefined, { equals: false });
  onMount(() => {
    // Back from GitHub: reopen the panel that started it.
    if (new URL(location.href).searchParams.has("github")) openSource();
    showConnectionResult();
  });
  onCleanup(() => {
    documents.dispose();
    workspace.close();
  });

  // The address names the shown conversation, so that it can be bookmarked and shared.
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

  async function go(to: Place): Promise<void> {
    await tabs.open(to.path, true);
    setPlace(to);
  }
  function openSearch(): void {
    setSide("search");
    setView("Files");
    setSearchAt((count) => count + 1);
  }
  function openSource(): void {
    setSide("source");
    setView("Files");
  }
  function reveal(path: string): void {
    setSide("files");
    setView("Files");
    setRevealed(path);
  }
  function addToChat(path: string, { fromLine, toLine, text }: Selected): void {
    const lines = fromLine === toLine ? `line ${fromLine}` : `lines ${fromLine}–${toLine}`;
    const name = /\s/.test(path) ? `@"${path}"` : `@${path}`;
    setDraft(`${name} ${lines}:\n\`\`\`\n${headOf(text, 20_000)}\n\`\`\`\n`);
    setView("Agent");
  }

  useCommands(() => [
    { id: "file", title: "Go to a file", group: "Go", keys: ["Mod+P"], run: () => openPalette() },
    {
      id: "search",
      title: "Search in the project",
      group: "Go",
      keys: ["Mod+Shift+F"],
      run: openSearch,
    },
    {
      id: "files",
      title: "Show the files",
      group: "View",
      keys: ["Mod+Shift+E"],
      run: () => (setSide("files"), setView("Files")),
    },
    {
      id: "source",
      title: "GitHub: changes, pull requests, pull",
      group: "View",
      keys: ["Mod+Shift+G"],
      run: openSource,
    },
    {
      id: "message",
      title: "Write to the agent",
      group: "View",
      keys: ["Mod+Shift+L"],
      run: () => (setView("Agent"), setDraft("")),
    },
  ]);
  useSource({
    group: "File",
    prefix: "",
    items: () =>
      (workspace.files.list() ?? []).flatMap(({ path, kind }) =>
        kind === "folder"
          ? []
          : [
              {
                title: path.slice(path.lastIndexOf("/") + 1),
                detail: path,
                run: () => void tabs.open(path, true),
              },
            ],
      ),
  });

  return (
    <Show when={!workspace.removed()} fallback={<NotFound kind="project" />}>
      <Show
        when={!workspace.failure()}
        fallback={<Failure what="The project" error={workspace.failure()} retry={() => void workspace.refresh()} />}
      >
        <div class="flex h-full flex-col">
          <ProjectBar workspace={workspace} documents={documents} />
          <main
            id="main"
            tabindex="-1"
            class="grid outline-none min-h-0 grow grid-cols-1 grid-rows-[minmax(0,1fr)] md:grid-cols-[var(--left)_minmax(0,1fr)_var(--right)]"
            style={{ "--left": `${widths().left}px`, "--right": `${widths().right}px` }}
          >
            <div
              class="relative flex min-h-0 min-w-0 border-line md:flex md:border-r"
              classList={{ "max-md:hidden": view() !== "Files" }}
            >
              <nav
                aria-label="Side panels"
                class="flex w-9 shrink-0 flex-col items-center gap-1 border-r border-line bg-panel py-1"
              >
                <SideButton label="Files" isOn={side() === "files"} onClick={() => setSide("files")}>
                  <FilesIcon size={17} />
                </SideButton>
                <SideButton label="Search" isOn={side() === "search"} onClick={openSearch}>
                  <SearchIcon size={17} />
                </SideButton>
                <SideButton label="GitHub" isOn={side() === "source"} onClick={openSource}>
                  <GitBranch size={17} />
                </SideButton>
              </nav>
              <div class="min-w-0 grow">
                <ErrorBoundary
                  fallback={(error, reset) => <Failure what="The file tree" error={error} retry={reset} />}
                >
                  <div class="h-full" classList={{ hidden: side() !== "files" }}>
                    <Explorer
                      workspace={workspace}
                      active={tabs.activeFile()}
                      revealed={revealed()}
                      onOpen={(path, pinned) => void tabs.open(path, pinned)}
                    />
                  </div>
                  <Show when={searchAt() > 0}>
                    <div class="h-full" classList={{ hidden: side() !== "search" }}>
                      <SearchPanel
                        workspace={workspace}
                        documents={documents}
                        focusAt={searchAt()}
                        onGo={(to) => void go(to)}
                      />
                    </div>
                  </Show>
                  <Show when={side() === "source"}>
                    <SourcePanel workspace={workspace} store={source} onCompare={tabs.compare} />
                  </Show>
                </ErrorBoundary>
              </div>
              <Separator
                label="Width of the side panel"
                value={widths().left}
                min={180}
                max={560}
                side="right"
                onChange={(left) => setWidths((now) => ({ ...now, left }))}
              />
            </div>
            <div class="min-h-0 min-w-0" classList={{ "max-md:hidden": view() !== "Editor" }}>
              <ErrorBoundary fallback={(error, reset) => <Failure what="The editor" error={error} retry={reset} />}>
                <TabPane
                  workspace={workspace}
                  tabs={tabs}
                  documents={documents}
                  place={place()}
                  onReveal={reveal}
                  onChat={addToChat}
                  onAsk={(message) => (setDraft(message), setView("Agent"))}
                />
              </ErrorBoundary>
            </div>
            <div
              class="relative min-h-0 min-w-0 border-line md:border-l"
              classList={{ "max-md:hidden": view() !== "Agent" }}
            >
              <Separator
                label="Width of the agent panel"
                value={widths().right}
                min={300}
                max={720}
                side="left"
                onChange={(right) => setWidths((now) => ({ ...now, right }))}
              />
              <ErrorBoundary
                fallback={(error, reset) => <Failure what="The agent panel" error={error} retry={reset} />}
              >
                <AgentPanel
                  workspace={workspace}
                  draft={draft()}
                  onOpen={(path) => void tabs.open(path, true)}
                  onReview={tabs.review}
                  onPreview={tabs.preview}
                />
              </ErrorBoundary>
            </div>
          </main>
          <nav aria-label="Views" class="grid h-12 shrink-0 grid-cols-3 border-t border-line md:hidden">
            <For each={views}>
              {(each) => (
                <button
                  class="text-sm"
                  classList={{ "font-semibold text-accent": view() === each, "text-quiet": view() !== each }}
                  aria-current={view() === each}
                  onClick={() => setView(each)}
                >
                  {each}
                </button>
              )}
            </For>
          </nav>
        </div>
      </Show>
    </Show>
  );
}

function SideButton(props: { label: string; isOn: boolean; onClick(): void; children: JSX.Element }) {
  return (
    <button
      class="icon-button size-8"
      classList={{ "bg-accent-soft text-accent": props.isOn }}
      aria-pressed={props.isOn}
      aria-label={props.label}
      title={props.label}
      onClick={() => props.onClick()}
    >
      {props.children}
    </button>
  );
}
