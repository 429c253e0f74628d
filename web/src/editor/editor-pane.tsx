import WrapText from "lucide-solid/icons/text-wrap";
import X from "lucide-solid/icons/x";
import { createEffect, createSignal, For, lazy, Match, on, Show, Suspense, Switch } from "solid-js";
import { getFile } from "@slipway/contract/routes/file";
import { call } from "../api/call.ts";
import { Mark } from "../components/mark.tsx";
import { Menu, type MenuItem } from "../components/menu.tsx";
import { preferences, setPreference } from "../settings/preferences.ts";
import { shownKeys, useCommands } from "../shell/commands.ts";
import { Keys } from "../shell/keys.tsx";
import type { Workspace } from "../workspace/store.ts";
import { isFileTab, type Tab, type Tabs } from "../workspace/tabs.ts";
import type { Place } from "./code-editor.tsx";
import type { Documents } from "./documents.ts";
import { Media } from "./media.tsx";
import type { Selected } from "./selection-menu.ts";

const CodeEditor = lazy(() => import("./code-editor.tsx"));
const ConflictView = lazy(() => import("./conflict-view.tsx"));
const ChangedFile = lazy(() => import("../source/changed-file.tsx"));
const ReviewPane = lazy(() => import("../review/review-pane.tsx"));

/** Tabs, breadcrumbs, and what the open tab holds: a text, a picture, a run's changes. */
export function EditorPane(props: {
  workspace: Workspace;
  tabs: Tabs;
  documents: Documents;
  place: Place | undefined;
  onReveal(path: string): void;
  onChat(path: string, selected: Selected): void;
}) {
  const { tabs } = props;
  const [menu, setMenu] = createSignal<{ x: number; y: number; tab: Tab }>();
  const active = () => tabs.all().find(({ path }) => path === tabs.active());
  const file = () => {
    const tab = active();
    return tab && isFileTab(tab) ? tab.path : undefined;
  };
  const document = () => props.documents.documents[file() ?? ""];
  const isText = () => document() !== undefined && document()?.url === undefined;

  useCommands(() => [
    {
      id: "close-tab",
      title: "Close the tab",
      group: "Editor",
      keys: ["Alt+W"],
      run: () => tabs.close(tabs.active() ?? ""),
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
    {
      id: "minimap",
      title: "Show or hide the minimap",
      group: "Editor",
      run: () => setPreference("minimap", !preferences().minimap),
    },
    ...(file()
      ? [
          {
            id: "save",
            title: "Save now",
            group: "Editor",
            keys: ["Mod+S"],
            run: () => void props.documents.save(file() ?? ""),
          },
        ]
      : []),
  ]);

  const tabMenu = (tab: Tab): MenuItem[] => [
    { label: "Close", run: () => tabs.close(tab.path) },
    { label: "Close others", run: () => tabs.closeOthers(tab.path) },
    { label: "Close all", run: () => tabs.closeOthers(undefined) },
    ...(isFileTab(tab)
      ? [
          {
            label: "Copy path",
            separated: true,
            run: () => void navigator.clipboard.writeText(tab.path).catch(() => undefined),
          },
          { label: "Show in the tree", run: () => props.onReveal(tab.path) },
        ]
      : []),
  ];

  async function download(path: string): Promise<void> {
    const { url = "" } = await call(getFile, { params: { id: props.workspace.projectID, path } });
    window.open(url, "_blank", "noopener");
  }

  return (
    <section class="flex h-full min-h-0 min-w-0 flex-col" aria-label="Editor">
      <Show when={tabs.all().length > 0} fallback={<Nothing />}>
        <div class="flex h-9 shrink-0 items-center border-b border-line bg-panel">
          <nav aria-label="Open files" class="flex h-full min-w-0 grow overflow-x-auto">
            <For each={tabs.all()}>
              {(tab) => (
                <TabButton
                  tab={tab}
                  isActive={tab.path === tabs.active()}
                  isDirty={props.documents.isDirty(tab.path)}
                  onShow={(pinned) => tabs.show(tab, pinned)}
                  onClose={() => tabs.close(tab.path)}
                  onMenu={(at) => setMenu({ ...at, tab })}
                />
              )}
            </For>
          </nav>
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
        <Show when={file()}>{(path) => <Breadcrumbs path={path()} onReveal={props.onReveal} />}</Show>
        <Show when={document()?.deleted}>
          <div role="alert" class="notice">
            <span class="grow">This file was deleted elsewhere; your edits are only here.</span>
            <button class="button button-small" onClick={() => void props.documents.recreate(file() ?? "")}>
              Write it again
            </button>
          </div>
        </Show>
        <Show when={document()?.readOnly}>
          <p class="notice">
            {props.workspace.project().role === "viewer"
              ? "You may read this project, not change it."
              : "This file is larger than 2 MB, so it is shown and not edited here. The agent can change it, or download it."}
          </p>
        </Show>
        <Show when={document()?.failed}>
          <p role="alert" class="notice">
            Not saved: {document()?.failed} Your edits are kept in this browser, and saving is tried again.
          </p>
        </Show>
        <div class="min-h-0 grow">
          <Switch
            fallback={
              <div class="p-4" aria-busy="true">
                <div class="skeleton mb-2 h-4 w-1/2" />
                <div class="skeleton h-4 w-1/3" />
              </div>
            }
          >
            <Match when={active()?.runID} keyed>
              {(runID) => (
                <Suspense fallback={<div class="skeleton m-4 h-24" />}>
                  <ReviewPane workspace={props.workspace} runID={runID} onOpen={(path) => void tabs.open(path, true)} />
                </Suspense>
              )}
            </Match>
            <Match when={active()?.compared} keyed>
              {(path) => (
                <Suspense fallback={<div class="skeleton m-4 h-24" />}>
                  <ChangedFile
                    workspace={props.workspace}
                    path={path}
                    onOpen={(opened) => void tabs.open(opened, true)}
                  />
                </Suspense>
              )}
            </Match>
            <Match when={document()?.conflict && document()}>
              {(conflicting) => (
                <Suspense fallback={<div class="skeleton m-4 h-24" />}>
                  <ConflictView document={conflicting()} documents={props.documents} />
                </Suspense>
              )}
            </Match>
            <Match when={document()?.url !== undefined && document()}>
              {(media) => <Media document={media()} onDownload={() => void download(media().path)} />}
            </Match>
            <Match when={isText() && file()}>
              {(path) => (
                <Suspense fallback={<PlainText text={document()?.text ?? ""} />}>
                  <CodeEditor
                    projectID={props.workspace.projectID}
                    path={path()}
                    documents={props.documents}
                    place={props.place}
                    onChat={props.onChat}
                  />
                </Suspense>
              )}
            </Match>
          </Switch>
        </div>
        <Menu
          at={menu()}
          label="For the tab"
          items={menu() ? tabMenu((menu() as { tab: Tab }).tab) : []}
          onClose={() => setMenu(undefined)}
        />
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
  const name = () => props.tab.title ?? props.tab.path.slice(props.tab.path.lastIndexOf("/") + 1);
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
        title={props.tab.title ?? props.tab.path}
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

/** The path as links: each folder shows itself in the tree. */
function Breadcrumbs(props: { path: string; onReveal(path: string): void }) {
  const parts = () => props.path.split("/");
  return (
    <nav aria-label="Path of the file" class="h-7 shrink-0 overflow-x-auto px-3 text-xs whitespace-nowrap text-quiet">
      <ol class="flex h-full items-center gap-1">
        <For each={parts()}>
          {(name, index) => (
            <li class="flex items-center gap-1">
              <Show when={index() > 0}>
                <span aria-hidden="true">›</span>
              </Show>
              <button
                class="rounded-sm px-0.5 hover:text-ink hover:underline"
                onClick={() =>
                  props.onReveal(
                    parts()
                      .slice(0, index() + 1)
                      .join("/"),
                  )
                }
              >
                {name}
              </button>
            </li>
          )}
        </For>
      </ol>
    </nav>
  );
}

/** Lines that fit on any screen. */
const maxPlainLines = 150;

/** The text while the editor itself is still on its way: where and how it will stand, to be read at once. */
function PlainText(props: { text: string }) {
  const lines = () => props.text.split("\n", maxPlainLines);
  return (
    <div
      class="grid h-full grid-cols-[auto_minmax(0,1fr)] overflow-hidden pt-1 font-mono leading-[1.54] whitespace-pre"
      style={{ "font-size": `${preferences().fontSize}px` }}
      aria-busy="true"
    >
      <div class="min-w-8 pr-[15px] pl-[5px] text-right text-quiet" aria-hidden="true">
        {lines()
          .map((_, at) => at + 1)
          .join("\n")}
      </div>
      <div class="pl-1.5">{lines().join("\n")}</div>
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
