import Eye from "lucide-solid/icons/eye";
import WrapText from "lucide-solid/icons/text-wrap";
import SplitIcon from "lucide-solid/icons/columns-2";
import X from "lucide-solid/icons/x";
import { createEffect, createMemo, createSignal, For, on, Show } from "solid-js";
import { text } from "#text/workspace.ts";
import { FileIcon } from "../code/file-icon.tsx";
import { LazyMenu } from "../components/lazy-menu.tsx";
import type { MenuItem } from "../components/menu.tsx";
import { toast } from "../components/toasts.tsx";
import { text as common } from "#text/common.ts";
import { isPreviewable } from "../preview/previewable.ts";
import { shownKeys } from "../stores/commands.ts";
import { preferences, setPreference } from "../stores/preferences.ts";
import { keyOf, type Tab } from "../stores/stored-tabs.ts";
import { tabLabels } from "../stores/tab-labels.ts";
import type { Tabs } from "../stores/tabs.ts";
import { draggedTab, dragTab, isTabDrag } from "./tab-drag.ts";

/** The tabs of an editor group. Arrows move between them, Delete closes, and they are dragged within and between groups. */
export function TabBar(props: { tabs: Tabs; group: number; panelID: string; onReveal(path: string): void }) {
  const { tabs } = props;
  const [menu, setMenu] = createSignal<{ x: number; y: number; tab: Tab }>();
  /** The tab before which a dragged one would be put; "end" behind all. */
  const [target, setTarget] = createSignal<Tab | "end">();
  const own = () => tabs.inGroup(props.group);
  const labels = createMemo(() =>
    tabLabels(tabs.all().flatMap(({ kind, subject }) => (kind === "file" ? [subject] : []))),
  );
  const at = () => tabs.groups().indexOf(props.group) + 1;

  /** The file that is shown, if a preview shows more of it. */
  const previewable = () => {
    const path = tabs.activeFile(props.group);
    return path !== undefined && isPreviewable(path) ? path : undefined;
  };

  function menuItems(tab: Tab): MenuItem[] {
    const others = tabs.groups().filter((group) => group !== tab.group);
    const [other] = others;
    return [
      { label: text.close, keys: "Alt+W", run: () => tabs.close(tab) },
      { label: text.closeOthers, run: () => tabs.closeOthers(tab, props.group) },
      { label: text.closeAll, run: () => tabs.closeOthers(undefined, props.group) },
      { label: text.splitRight, separated: true, run: () => tabs.split(tab) },
      ...(other === undefined ? [] : [{ label: text.moveToOther, run: () => tabs.move(tab, other) }]),
      ...(tab.kind === "file"
        ? [
            {
              label: text.localHistory,
              separated: true,
              run: () => tabs.history(tab.subject),
            },
            {
              label: text.copyPath,
              run: () =>
                void Promise.resolve(navigator.clipboard?.writeText(tab.subject)).catch(() =>
                  toast(common.somethingWentWrong),
                ),
            },
            { label: text.reveal, run: () => props.onReveal(tab.subject) },
          ]
        : []),
    ];
  }

  function onKeyDown(event: KeyboardEvent): void {
    const all = own();
    const focused = all.findIndex((tab) => keyOf(tab) === (event.target as HTMLElement).dataset.key);
    const steps: Record<string, number> = {
      ArrowRight: focused + 1,
      ArrowLeft: focused - 1,
      Home: 0,
      End: all.length - 1,
    };
    const step = steps[event.key];
    const tab = all[step === undefined ? focused : (step + all.length) % all.length];
    if (!tab || focused < 0) return;
    const list = event.currentTarget as HTMLElement;
    if (step !== undefined) {
      tabs.show(tab);
      queueMicrotask(() => focusTab(list, keyOf(tab)));
    } else if (event.key === "Delete") {
      tabs.close(tab);
      queueMicrotask(() => list.querySelector<HTMLElement>("[aria-selected=true]")?.focus());
    } else return;
    event.preventDefault();
  }

  function onDrop(event: DragEvent): void {
    const dragged = draggedTab(event, tabs.all());
    const before = target();
    setTarget(undefined);
    if (!dragged) return;
    event.preventDefault();
    tabs.move(dragged, props.group, before === "end" ? undefined : before);
  }

  return (
    <div class="flex h-9 shrink-0 items-center border-b border-line bg-panel">
      <div
        role="tablist"
        aria-label={text.openFilesOf(at(), tabs.groups().length)}
        class="flex h-full min-w-0 grow overflow-x-auto"
        classList={{ "bg-accent-soft": target() === "end" }}
        onKeyDown={onKeyDown}
        onDragOver={(event) => {
          if (!isTabDrag(event)) return;
          event.preventDefault();
          const key = (event.target as HTMLElement).closest<HTMLElement>("[data-key]")?.dataset.key;
          setTarget(own().find((tab) => keyOf(tab) === key) ?? "end");
        }}
        onDragLeave={() => setTarget(undefined)}
        onDrop={onDrop}
      >
        <For each={own()}>
          {(tab) => (
            <TabButton
              tab={tab}
              label={labels().get(tab.subject)}
              panelID={props.panelID}
              isActive={tab === tabs.active(props.group)}
              isDirty={tabs.isTouched(tab)}
              isTarget={target() === tab}
              onShow={(pinned) => tabs.show(tab, pinned)}
              onClose={() => tabs.close(tab)}
              onMenu={(point) => setMenu({ ...point, tab })}
            />
          )}
        </For>
      </div>
      <Show when={previewable()}>
        {(path) => (
          <button
            class="icon-button ml-1"
            aria-label={text.openPreview}
            title={text.openPreview}
            onClick={() => tabs.preview(path())}
          >
            <Eye size={15} />
          </button>
        )}
      </Show>
      <button
        class="icon-button ml-1"
        aria-pressed={preferences().wrap}
        aria-label={text.wrap}
        title={text.wrap}
        onClick={() => setPreference("wrap", !preferences().wrap)}
      >
        <WrapText size={15} />
      </button>
      <button
        class="icon-button mr-1 max-md:hidden"
        aria-label={text.splitEditor}
        title={text.splitWithKey(shownKeys("Mod+\\").join("+"))}
        onClick={() => tabs.split(tabs.active(props.group))}
      >
        <SplitIcon size={15} />
      </button>
      <LazyMenu
        at={menu()}
        label={text.forTab}
        items={menu() ? menuItems(menu()?.tab as Tab) : []}
        onClose={() => setMenu(undefined)}
      />
    </div>
  );
}

function focusTab(list: HTMLElement, key: string): void {
  [...list.querySelectorAll<HTMLElement>("[role=tab]")].find((each) => each.dataset.key === key)?.focus();
}

function TabButton(props: {
  tab: Tab;
  label: { name: string; folder: string } | undefined;
  panelID: string;
  isActive: boolean;
  isDirty: boolean;
  isTarget: boolean;
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
  const isFile = () => props.tab.kind === "file";
  const name = () => (isFile() ? props.label?.name : undefined) ?? props.tab.title ?? props.tab.subject;
  const folder = () => (isFile() ? (props.label?.folder ?? "") : "");
  return (
    <div
      ref={element}
      role="tab"
      tabindex={props.isActive ? 0 : -1}
      aria-selected={props.isActive}
      aria-controls={props.isActive ? props.panelID : undefined}
      aria-label={[name(), folder(), props.isDirty ? text.notSaved : ""].filter(Boolean).join(" ")}
      aria-keyshortcuts="Delete"
      data-key={keyOf(props.tab)}
      draggable="true"
      class="group flex h-full max-w-64 shrink-0 cursor-pointer items-center gap-1.5 border-r border-line pr-1 pl-2.5 text-sm"
      classList={{
        "bg-paper": props.isActive,
        "text-quiet": !props.isActive,
        "shadow-[inset_2px_0_var(--accent)]": props.isTarget,
      }}
      title={props.tab.title ?? props.tab.subject}
      onClick={() => props.onShow(props.tab.pinned)}
      onDblClick={() => props.onShow(true)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        props.onShow(true);
      }}
      onAuxClick={(event) => event.button === 1 && props.onClose()}
      onDragStart={(event) => dragTab(event, props.tab)}
      onContextMenu={(event) => {
        event.preventDefault();
        props.onMenu({ x: event.clientX, y: event.clientY });
      }}
    >
      <Show when={isFile()}>
        <FileIcon path={props.tab.subject} />
      </Show>
      <span class="truncate" classList={{ italic: !props.tab.pinned }}>
        {name()}
      </span>
      <Show when={folder()}>
        <span class="truncate text-xs text-quiet">{folder()}</span>
      </Show>
      {/* For the pointer; with the keyboard, Delete closes the tab. */}
      <span
        class="icon-button size-6"
        aria-hidden="true"
        title={text.closeName(name())}
        onClick={(event) => {
          event.stopPropagation();
          props.onClose();
        }}
      >
        <Show when={props.isDirty} fallback={<X size={13} />}>
          <span class="text-accent group-hover:hidden">●</span>
          <X size={13} class="hidden group-hover:block" />
        </Show>
      </span>
    </div>
  );
}
