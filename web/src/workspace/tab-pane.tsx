import { createMemo, createSignal, createUniqueId, For, Show, Suspense } from "solid-js";
import { Dynamic } from "solid-js/web";
import { text } from "#text/workspace.ts";
import type { Selected } from "../editor/selection-menu.ts";
import type { Documents } from "../stores/documents.ts";
import { keyOf, type Tab } from "../stores/stored-tabs.ts";
import type { SandboxStore } from "../stores/sandbox.ts";
import type { Place, Tabs } from "../stores/tabs.ts";
import type { Workspace } from "../stores/workspace.ts";
import { NoTabs } from "./no-tabs.tsx";
import { TabBar } from "./tab-bar.tsx";
import { draggedTab, isTabDrag } from "./tab-drag.ts";
import { keepsState, tabKinds } from "./tab-kinds.tsx";

/** One editor group: its tabs, and what the active one shows. */
export function TabPane(props: {
  workspace: Workspace;
  tabs: Tabs;
  group: number;
  documents: Documents;
  place: Place | undefined;
  onReveal(path: string): void;
  onChat(path: string, selected: Selected): void;
  onAsk(message: string): void;
  sandbox: SandboxStore;
}) {
  const { tabs } = props;
  const panelID = createUniqueId();
  const [dropSide, setDropSide] = createSignal<"here" | "right">();
  const isFocused = () => tabs.focused() === props.group;
  // Files share one view with one editor. Other kinds are rebuilt for each subject.
  const shown = createMemo(
    () => {
      const tab = tabs.active(props.group);
      return tab && { tab, view: tab.kind === "file" ? "file" : keyOf(tab) };
    },
    undefined,
    { equals: (before, after) => before?.view === after?.view },
  );
  /** Tabs that stay as they are while others are shown: one, as ports may share a host, where the next takes its cookies. */
  const kept = createMemo<readonly string[]>((before) => {
    const active = tabs.active(props.group);
    const wasShown = (tab: Tab) => before.includes(keyOf(tab)) && !(active && keepsState(active));
    return tabs
      .inGroup(props.group)
      .filter((tab) => keepsState(tab) && (tab === active || wasShown(tab)))
      .map(keyOf);
  }, []);
  const at = () => tabs.groups().indexOf(props.group) + 1;

  function onDrop(event: DragEvent): void {
    const side = dropSide();
    setDropSide(undefined);
    const dragged = draggedTab(event, tabs.all());
    if (!dragged) return;
    event.preventDefault();
    if (side === "right") tabs.split(dragged, true);
    else if (dragged.group !== props.group) tabs.move(dragged, props.group);
  }

  const view = (tab: Tab) => (
    <Suspense fallback={<div class="skeleton m-4 h-24" />}>
      <Dynamic
        component={tabKinds[tab.kind]}
        workspace={props.workspace}
        documents={props.documents}
        subject={(tab.kind === "file" ? tabs.activeFile(props.group) : undefined) ?? tab.subject}
        group={props.group}
        isFocused={isFocused()}
        place={isFocused() ? props.place : undefined}
        onOpen={(path: string) => void tabs.open(path, true)}
        onReveal={props.onReveal}
        onChat={props.onChat}
        onAsk={props.onAsk}
        sandbox={props.sandbox}
        tabs={tabs}
      />
    </Suspense>
  );

  return (
    <section
      class="flex h-full min-h-0 min-w-0 flex-1 flex-col border-line not-first:border-l"
      // One group at a time where two would be too narrow.
      classList={{ "max-lg:hidden": !isFocused() }}
      data-group={props.group}
      aria-label={text.editorOf(at(), tabs.groups().length)}
      onFocusIn={() => tabs.focus(props.group)}
      onPointerDown={() => tabs.focus(props.group)}
    >
      <Show when={tabs.inGroup(props.group).length > 0} fallback={<NoTabs />}>
        <TabBar tabs={tabs} group={props.group} panelID={panelID} onReveal={props.onReveal} />
        <div
          id={panelID}
          role="tabpanel"
          aria-label={shown()?.tab.title ?? tabs.activeFile(props.group) ?? text.editor}
          class="relative min-h-0 grow"
          onDragOver={(event) => {
            if (!isTabDrag(event)) return;
            event.preventDefault();
            const { left, width } = event.currentTarget.getBoundingClientRect();
            setDropSide(event.clientX > left + width * 0.66 ? "right" : "here");
          }}
          onDragLeave={() => setDropSide(undefined)}
          onDrop={onDrop}
        >
          <Show when={shown()} keyed>
            {({ tab }) => !keepsState(tab) && view(tab)}
          </Show>
          <For each={kept()}>
            {(key) => {
              const tab = tabs.inGroup(props.group).find((each) => keyOf(each) === key);
              return (
                <div class="h-full" classList={{ hidden: shown()?.view !== key }}>
                  {tab && view(tab)}
                </div>
              );
            }}
          </For>
          <Show when={dropSide()}>
            {(side) => (
              <div
                class="pointer-events-none absolute inset-y-0 right-0 z-10 bg-accent-soft opacity-60"
                classList={{ "left-0": side() === "here", "left-1/2": side() === "right" }}
              />
            )}
          </Show>
        </div>
      </Show>
    </section>
  );
}
