import { createSignal, ErrorBoundary, For, onCleanup, Show } from "solid-js";
import type { Project } from "@slipway/contract/project";
import { AgentPanel } from "../agent/agent-panel.tsx";
import { ApiError, messageOf } from "../api.ts";
import { Failure } from "../components/failure.tsx";
import { NotFound } from "../components/not-found.tsx";
import { toast } from "../components/toasts.tsx";
import { createDocuments } from "../editor/documents.ts";
import { EditorPane, type Tab } from "../editor/editor-pane.tsx";
import { Explorer } from "../explorer/explorer.tsx";
import { ProjectBar } from "./project-bar.tsx";
import { createWorkspace } from "./store.ts";

type View = "Files" | "Editor" | "Agent";
const views: readonly View[] = ["Files", "Editor", "Agent"];

/** A project's page: files, editor and agent side by side; one at a time where there is no room. */
export default function Workspace(props: { project: Project }) {
  const workspace = createWorkspace(props.project);
  const documents = createDocuments(workspace);
  const storageKey = `tabs ${workspace.projectID}`;
  const [tabs, setTabs] = createSignal<Tab[]>([]);
  const [active, setActive] = createSignal<string>();
  const [view, setView] = createSignal<View>("Agent");
  const [widths, setWidths] = createSignal({ left: 240, right: 400 });
  restoreTabs();
  onCleanup(() => {
    documents.dispose();
    workspace.close();
  });

  function restoreTabs(): void {
    const stored = JSON.parse(localStorage.getItem(storageKey) ?? "{}") as { tabs?: Tab[]; active?: string };
    setTabs(stored.tabs ?? []);
    if (stored.active) void open(stored.active, true, false);
  }
  function storeTabs(): void {
    localStorage.setItem(storageKey, JSON.stringify({ tabs: tabs(), active: active() }));
  }

  async function open(path: string, pinned: boolean, show = true): Promise<void> {
    try {
      await documents.open(path);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) toast(messageOf(error));
      drop(path);
      return;
    }
    setTabs((all) => {
      if (all.some((tab) => tab.path === path))
        return all.map((tab) => (tab.path === path ? { path, pinned: tab.pinned || pinned } : tab));
      // A preview that nobody has touched gives its place to the next.
      const kept = pinned ? all : all.filter((tab) => tab.pinned || documents.isDirty(tab.path));
      return [...kept, { path, pinned }];
    });
    setActive(path);
    if (show) setView("Editor");
    storeTabs();
  }

  function drop(path: string): void {
    const at = tabs().findIndex((tab) => tab.path === path);
    setTabs((all) => all.filter((tab) => tab.path !== path));
    if (active() === path) {
      const next = tabs()[Math.max(0, at - 1)];
      setActive(undefined);
      if (next) void open(next.path, next.pinned, false);
    }
    storeTabs();
  }

  // What is deleted closes its tab, and so does everything under a deleted folder.
  onCleanup(
    workspace.onFiles((changed) => {
      for (const [path, op] of changed) if (op === "delete" && !documents.isDirty(path)) drop(path);
    }),
  );

  return (
    <Show when={!workspace.removed()} fallback={<NotFound what="project" />}>
      <Show
        when={!workspace.failure()}
        fallback={<Failure what="The project" error={workspace.failure()} retry={() => void workspace.refresh()} />}
      >
        <div class="flex h-full flex-col">
          <ProjectBar workspace={workspace} documents={documents} />
          <main
            class="grid min-h-0 grow grid-cols-1 md:grid-cols-[var(--left)_minmax(0,1fr)_var(--right)]"
            style={{ "--left": `${widths().left}px`, "--right": `${widths().right}px` }}
          >
            <div
              class="relative min-h-0 min-w-0 border-line md:block md:border-r"
              classList={{ hidden: view() !== "Files" }}
            >
              <ErrorBoundary fallback={(error, reset) => <Failure what="The file tree" error={error} retry={reset} />}>
                <Explorer workspace={workspace} active={active()} onOpen={(path, pinned) => void open(path, pinned)} />
              </ErrorBoundary>
              <Separator
                label="Width of the file tree"
                value={widths().left}
                min={160}
                max={480}
                side="right"
                onChange={(left) => setWidths((now) => ({ ...now, left }))}
              />
            </div>
            <div class="min-h-0 min-w-0 md:block" classList={{ hidden: view() !== "Editor" }}>
              <ErrorBoundary fallback={(error, reset) => <Failure what="The editor" error={error} retry={reset} />}>
                <EditorPane
                  tabs={tabs()}
                  active={active()}
                  documents={documents}
                  onOpen={(path, pinned) => void open(path, pinned)}
                  onClose={(path) => {
                    void documents.close(path);
                    drop(path);
                  }}
                />
              </ErrorBoundary>
            </div>
            <div
              class="relative min-h-0 min-w-0 border-line md:block md:border-l"
              classList={{ hidden: view() !== "Agent" }}
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
                <AgentPanel workspace={workspace} onOpen={(path) => void open(path, true)} />
              </ErrorBoundary>
            </div>
          </main>
          <nav aria-label="Views" class="grid h-11 shrink-0 grid-cols-3 border-t border-line md:hidden">
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

/** Drags, or moves by the arrow keys. */
function Separator(props: {
  label: string;
  value: number;
  min: number;
  max: number;
  side: "left" | "right";
  onChange(width: number): void;
}) {
  const clamp = (width: number) => Math.round(Math.max(props.min, Math.min(props.max, width)));
  const sign = () => (props.side === "right" ? 1 : -1);
  function drag(event: PointerEvent & { currentTarget: HTMLElement }): void {
    const { currentTarget: handle, clientX: from } = event;
    const width = props.value;
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (move) => props.onChange(clamp(width + (move.clientX - from) * sign()));
    handle.onpointerup = () => (handle.onpointermove = null);
  }
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={props.label}
      aria-valuenow={props.value}
      aria-valuemin={props.min}
      aria-valuemax={props.max}
      tabindex="0"
      class="absolute top-0 z-10 hidden h-full w-1.5 cursor-col-resize hover:bg-accent-soft md:block"
      classList={{ "-right-1": props.side === "right", "-left-1": props.side === "left" }}
      onPointerDown={drag}
      onKeyDown={(event) => {
        const step = event.key === "ArrowRight" ? 16 : event.key === "ArrowLeft" ? -16 : 0;
        if (step !== 0) props.onChange(clamp(props.value + step * sign()));
      }}
    />
  );
}
