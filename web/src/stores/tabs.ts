import { headOf } from "@slipway/contract/cut";
import { createEffect, createSignal, onCleanup } from "solid-js";
import { text } from "#text/workspace.ts";
import { ApiError, messageOf } from "../api/api-error.ts";
import { toast } from "../components/toasts.tsx";
import type { Documents } from "./documents.ts";
import { keyOf, readTabs, writeTabs, type Tab } from "./stored-tabs.ts";
import * as Groups from "./tab-groups.ts";
import type { Workspace } from "./workspace.ts";

/** A place in a file to go to: lines from 1, columns from 0. */
export interface Place {
  path: string;
  line: number;
  column?: number;
  length?: number;
  /** Shows it, and leaves the cursor and the focus where they are. */
  isQuiet?: boolean;
}

/** Groups beyond these would be too narrow to edit in. */
const maxGroups = 3;

/** The title of a tab about a file. Undefined if that is the file's name. */
function titleOf(kind: Tab["kind"], path: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (kind === "compare") return text.compared(name);
  if (kind === "history") return text.historyOf(name);
  if (kind === "preview") return text.previewTab(name);
  return undefined;
}

/** The open tabs, in editor groups. They are kept in this browser and follow files that move or are deleted. */
export function createTabs(workspace: Workspace, documents: Documents, onShow: () => void) {
  const [state, setState] = createSignal<Groups.TabGroups>(Groups.noTabs);
  const [asked, setAsked] = createSignal(0);
  const portPaths = new Map<number, string>();
  const active = (group = state().focused) => Groups.activeIn(state(), group);
  const activeFile = (group?: number) => {
    const tab = active(group);
    return tab?.kind === "file" ? tab.subject : undefined;
  };
  const isTouched = (tab: Tab) => tab.kind === "file" && documents.isDirty(tab.subject);

  function set(next: Groups.TabGroups): void {
    setState(next);
    const { tabs, actives, focused } = next;
    writeTabs(workspace.projectID, { tabs: [...tabs], active: actives[focused], actives: { ...actives } });
    // A tab that came to the front may not have been read yet.
    for (const group of next.groups) {
      const tab = Groups.activeIn(next, group);
      if (tab?.kind === "file" && !documents.at(tab.subject)) void read(tab.subject, false);
    }
  }

  /** Reads a file. Returns whether it is there; if not, its tabs go. */
  async function read(path: string, isAsked: boolean): Promise<boolean> {
    try {
      await documents.open(path);
      return true;
    } catch (error) {
      const isGone = error instanceof ApiError && error.status === 404;
      if (!isGone) toast(messageOf(error));
      else if (isAsked) toast(text.gone(path));
      drop((tab) => tab.kind === "file" && tab.subject === path);
      return false;
    }
  }

  /** What was asked for, and the newest that is shown: a file that is read late comes behind what was asked for after it. */
  let turns = 0;
  let shownTurn = 0;

  /** Opens a file. `reveal` brings the editor to the front where there is room for one view alone. */
  async function open(path: string, pinned: boolean, reveal = true, group = state().focused): Promise<void> {
    if (reveal) setAsked(asked() + 1);
    const turn = ++turns;
    if (!(await read(path, reveal))) return;
    const at = state().groups.includes(group) ? group : state().focused;
    const tab: Tab = { kind: "file", subject: path, pinned, group: at };
    if (turn < shownTurn) {
      if (pinned) set(Groups.putBehind(state(), tab));
      return;
    }
    put(tab, turn);
    if (reveal) onShow();
  }

  function put(tab: Tab, turn = ++turns): void {
    shownTurn = turn;
    set(Groups.put(state(), tab));
  }
  const drop = (isDropped: (tab: Tab) => boolean) => {
    if (state().tabs.some(isDropped)) set(Groups.drop(state(), isDropped));
  };

  function show(tab: Tab, pinned = tab.pinned, reveal = true): void {
    if (tab.kind === "file") void open(tab.subject, pinned, reveal, tab.group);
    else {
      if (reveal) setAsked(asked() + 1);
      put({ ...tab, pinned });
      if (reveal) onShow();
    }
  }

  function close(tab: Tab): void {
    drop((each) => each.group === tab.group && keyOf(each) === keyOf(tab));
    const isOpen = state().tabs.some((each) => each.kind === "file" && each.subject === tab.subject);
    if (tab.kind === "file" && !isOpen) void documents.close(tab.subject);
  }

  function restore(): void {
    const { tabs, active: key, actives } = readTabs(workspace.projectID);
    const groups = [...new Set(tabs.map(({ group }) => group))].slice(0, maxGroups);
    const kept = tabs.filter(({ group }) => groups.includes(group));
    const focused =
      kept.find((tab) => keyOf(tab) === key && (actives[tab.group] ?? key) === key)?.group ?? groups[0] ?? 0;
    const all = Object.fromEntries(
      groups.flatMap((group) => (actives[group] === undefined ? [] : [[group, actives[group]]])),
    );
    if (key !== undefined) all[focused] ??= key;
    set({ tabs: kept, groups: groups.length > 0 ? groups : [0], actives: all, focused });
  }
  restore();
  // An edited file stays open.
  createEffect(() => {
    const edited = state().tabs.filter((tab) => !tab.pinned && isTouched(tab));
    if (edited.length > 0)
      set(Groups.change(state(), (tab) => (edited.includes(tab) ? { ...tab, pinned: true } : tab)));
  });

  onCleanup(
    workspace.files.onChange((changed, moved) => {
      if (moved.size > 0)
        set(
          Groups.change(state(), (tab) => {
            const to = tab.kind === "review" || tab.kind === "port" ? undefined : moved.get(tab.subject);
            return to === undefined ? tab : { ...tab, subject: to, title: titleOf(tab.kind, to) };
          }),
        );
      // A deleted file closes its tab, and a deleted folder those of its files.
      drop((tab) => tab.kind === "file" && changed.get(tab.subject) === "delete" && !documents.isDirty(tab.subject));
    }),
  );

  return {
    groups: () => state().groups,
    focused: () => state().focused,
    focus(group: number): void {
      if (group !== state().focused) set({ ...state(), focused: group });
    },
    all: () => state().tabs,
    inGroup: (group: number) => Groups.tabsIn(state(), group),
    active,
    activeFile,
    /** How often the person has asked for a tab, one that was shown already included. */
    asked,
    isTouched,
    open,
    show,
    close,
    closeOthers(kept: Tab | undefined, group: number): void {
      for (const tab of Groups.tabsIn(state(), group)) if (tab !== kept) close(tab);
    },
    /** Opens a tab in a new group to the right; with `isMoved` it leaves its own. */
    split(tab = active(), isMoved = false): void {
      if (!tab || state().groups.length >= maxGroups) return;
      const { state: next, group } = Groups.addGroup(state(), tab.group);
      if (isMoved) set(Groups.move(next, tab, group));
      else set(Groups.put(next, { ...tab, group, pinned: true }));
    },
    move(tab: Tab, group: number, before?: Tab): void {
      set(Groups.move(state(), tab, group, before));
    },
    /** Shows what a run changed. */
    review(runID: string, asked: string): void {
      const words = headOf(asked.trim().split(/\s+/).slice(0, 5).join(" "), 40);
      show({ kind: "review", subject: runID, title: text.changesOf(words), pinned: true, group: state().focused });
    },
    /** Shows how a file differs from GitHub's. */
    compare(path: string): void {
      show({ kind: "compare", subject: path, title: titleOf("compare", path), pinned: false, group: state().focused });
    },
    /** Shows earlier versions of a file. */
    history(path: string): void {
      show({ kind: "history", subject: path, title: titleOf("history", path), pinned: true, group: state().focused });
    },
    /** Shows a page of the project as a browser does. */
    preview(path: string): void {
      show({ kind: "preview", subject: path, title: titleOf("preview", path), pinned: true, group: state().focused });
    },
    /** Shows what a server in the sandbox serves. */
    port(port: number, path = "/"): void {
      portPaths.set(port, path);
      const title = text.portTab(port);
      show({ kind: "port", subject: String(port), title, pinned: true, group: state().focused });
    },
    /** The page that a port's preview shows first. */
    pathOfPort: (port: number) => portPaths.get(port) ?? "/",
    step(by: number): void {
      const { focused } = state();
      const tabs = Groups.tabsIn(state(), focused);
      const at = tabs.findIndex((tab) => keyOf(tab) === state().actives[focused]);
      const next = tabs[(at + by + tabs.length) % Math.max(1, tabs.length)];
      if (next) show(next);
    },
  };
}
export type Tabs = ReturnType<typeof createTabs>;
