import { text as previewText } from "#text/preview.ts";
import Eye from "lucide-solid/icons/eye";
import WrapText from "lucide-solid/icons/text-wrap";
import X from "lucide-solid/icons/x";
import { createEffect, createMemo, createSignal, For, on, Show, Suspense } from "solid-js";
import { Dynamic } from "solid-js/web";
import { Keys } from "../components/keys.tsx";
import { Mark } from "../components/mark.tsx";
import { Menu, type MenuItem } from "../components/menu.tsx";
import type { Selected } from "../editor/selection-menu.ts";
import { isPreviewable } from "../preview/previewable.ts";
import { shownKeys, useCommands } from "../stores/commands.ts";
import type { Documents } from "../stores/documents.ts";
import { preferences, setPreference } from "../stores/preferences.ts";
import { keyOf, type Tab } from "../stores/stored-tabs.ts";
import type { Place, Tabs } from "../stores/tabs.ts";
import type { Workspace } from "../stores/workspace.ts";
import { tabKinds } from "./tab-kinds.tsx";

/** The open tabs, and what the active one shows. */
export function TabPane(props: {
  workspace: Workspace;
  tabs: Tabs;
  documents: Documents;
  place: Place | undefined;
  onReveal(path: string): void;
  onChat(path: string, selected: Selected): void;
  onAsk(message: string): void;
}) {
  const { tabs } = props;
  const [menu, setMenu] = createSignal<{ x: number; y: number; tab: Tab }>();
  // Files share one view with one editor. Other kinds are rebuilt for each subject.
  const shown = createMemo(
    () => {
      const tab = tabs.active();
      return tab && { tab, view: tab.kind === "file" ? "file" : keyOf(tab) };
    },
    undefined,
    { equals: (before, after) => before?.view === after?.view },
  );

  /** The file that is shown, if a preview shows more of it. */
  const previewable = () => {
    const path = tabs.activeFile();
    return path !== undefined && isPreviewable(path) ? path : undefined;
  };

  useCommands(() => [
    {
      id: "preview",
      title: previewText.open,
      group: "Editor",
      keys: ["Alt+V"],
      // The shown page, or the site that the project is.
      run: () => tabs.preview(previewable() ?? ""),
    },
    {
      id: "close-tab",
      title: "Close the tab",
      group: "Editor",
      keys: ["Alt+W"],
      run: () => {
        const tab = tabs.active();
        if (tab) tabs.close(tab);
      },
    },
    { id: "next-tab", title: "Next tab", group: "Editor", keys: ["Alt+PageDown"], run: () => tabs.step(1) },
    { id: "previous-tab", title: "Previous tab", group: "Editor", keys: ["Alt+PageUp"], run: () => tabs.step(-1) },
    {
      id: "wrap",
      title: "Wrap long lines",
      group: "Editor",
      keys: ["Alt+Z"],
      run: () => setPreference("wrap", !preferences().wrap),
    },
  ]);

  const tabMenu = (tab: Tab): MenuItem[] => [
    { label: "Close", run: () => tabs.close(tab) },
    { label: "Close others", run: () => tabs.closeOthers(tab) },
    { label: "Close all", run: () => tabs.closeOthers(undefined) },
    ...(tab.kind === "file"
      ? [
          {
            label: "Copy path",
            separated: true,
            run: () => void navigator.clipboard.writeText(tab.subject).catch(() => undefined),
          },
          { label: "Show in the tree", run: () => props.onReveal(tab.subject) },
        ]
      : []),
  ];

  const menuItems = () => {
    const shownFor = menu();
    return shownFor ? tabMenu(shownFor.tab) : [];
  };

  return (
    <section class="flex h-full min-h-0 min-w-0 flex-col" aria-label="Editor">
      <Show when={tabs.all().length > 0} fallback={<Nothing />}>
        <div class="flex h-9 shrink-0 items-center border-b border-line bg-panel">
          <nav aria-label="Open files" class="flex h-full min-w-0 grow overflow-x-auto">
            <For each={tabs.all()}>
              {(tab) => (
                <TabButton
                  tab={tab}
                  isActive={tab === tabs.active()}
                  isDirty={tabs.isTouched(tab)}
                  onShow={(pinned) => tabs.show(tab, pinned)}
                  onClose={() => tabs.close(tab)}
                  onMenu={(at) => setMenu({ ...at, tab })}
                />
              )}
            </For>
          </nav>
          <Show when={previewable()}>
            {(path) => (
              <button
                class="icon-button ml-1"
                aria-label={previewText.open}
                title={previewText.open}
                onClick={() => tabs.preview(path())}
              >
                <Eye size={15} />
              </button>
            )}
          </Show>
          <button
            class="icon-button mx-1"
            aria-pressed={preferences().wrap}
            aria-label="Wrap long lines"
            title="Wrap long lines"
            onClick={() => setPreference("wrap", !preferences().wrap)}
          >
            <WrapText size={15} />
          </button>
        </div>
        <div class="min-h-0 grow">
          <Show when={shown()} keyed>
            {({ tab }) => (
              <Suspense fallback={<div class="skeleton m-4 h-24" />}>
                <Dynamic
                  component={tabKinds[tab.kind]}
                  workspace={props.workspace}
                  documents={props.documents}
                  subject={(tab.kind === "file" ? tabs.activeFile() : undefined) ?? tab.subject}
                  place={props.place}
                  onOpen={(path: string) => void tabs.open(path, true)}
                  onReveal={props.onReveal}
                  onChat={props.onChat}
                  onAsk={props.onAsk}
                />
              </Suspense>
            )}
          </Show>
        </div>
        <Menu at={menu()} label="For the tab" items={menuItems()} onClose={() => setMenu(undefined)} />
      </Show>
    </section>
  );
}

function TabButton(props: {
  tab: Tab;
  isActive: boolean;
  isDirty: boolean;
  onShow(pinned: boolean): void;
  onClose(): void;
  onMenu(at: { x: number; y: number }): void;
}) {
  let element!: HTMLDivElement;
  createEffect(
    on(
      () => props.isActive,
      (isActive) => isActive && element.scrollIntoView({ block: "nearest", inline: "nearest" }),
    ),
  );
  const name = () => props.tab.title ?? props.tab.subject.slice(props.tab.subject.lastIndexOf("/") + 1);
  return (
    <div
      ref={element}
      class="flex h-full shrink-0 items-center border-r border-line"
      classList={{ "bg-paper": props.isActive }}
      onContextMenu={(event) => {
        event.preventDefault();
        props.onMenu({ x: event.clientX, y: event.clientY });
      }}
    >
      <button
        aria-current={props.isActive ? "page" : undefined}
        class="h-full max-w-48 truncate pr-1 pl-3 text-sm"
        classList={{ italic: !props.tab.pinned, "text-quiet": !props.isActive }}
        title={props.tab.title ?? props.tab.subject}
        onClick={() => props.onShow(props.tab.pinned)}
        onDblClick={() => props.onShow(true)}
        onAuxClick={(event) => event.button === 1 && props.onClose()}
      >
        {name()}
        <Show when={props.isDirty}>
          <span class="text-accent" role="img" aria-label="not saved yet">
            {" "}
            ●
          </span>
        </Show>
      </button>
      <button class="icon-button mr-1 size-6" aria-label={`Close ${name()}`} onClick={() => props.onClose()}>
        <X size={13} />
      </button>
    </div>
  );
}

const hints: readonly [string, string][] = [
  ["Go to a file", "Mod+P"],
  ["Search in the project", "Mod+Shift+F"],
  ["Go to anything", "Mod+K"],
  ["All shortcuts", "?"],
];

function Nothing() {
  return (
    <div class="flex h-full flex-col items-center justify-center gap-5 p-6 text-center text-quiet">
      <div class="opacity-40">
        <Mark size={56} />
      </div>
      <p class="text-sm">Choose a file to read and edit it.</p>
      <dl class="grid grid-cols-[auto_auto] items-center gap-x-6 gap-y-1.5 text-left text-xs">
        <For each={hints}>
          {([what, keys]) => (
            <>
              <dt>{what}</dt>
              <dd>
                <Keys keys={shownKeys(keys)} />
              </dd>
            </>
          )}
        </For>
      </dl>
    </div>
  );
}
