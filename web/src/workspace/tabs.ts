import { createSignal, onCleanup } from "solid-js";
import { ApiError, messageOf } from "../api/api-error.ts";
import { toast } from "../components/toasts.tsx";
import type { Documents } from "../editor/documents.ts";
import { readTabs, writeTabs } from "./stored-tabs.ts";
import type { Workspace } from "./store.ts";

export interface Tab {
  /** Of the file; of a run's changes something that no file can be called. */
  path: string;
  /** A preview gives way to the next one. */
  pinned: boolean;
  title?: string;
  runID?: string;
  /** A file, compared with GitHub's. */
  compared?: string;
}

/** Whether it shows a file itself. */
export function isFileTab(tab: Tab): boolean {
  return tab.runID === undefined && tab.compared === undefined;
}

/** Which tabs are open, and which is shown: kept in this browser, and following files that move or go. */
export function createTabs(workspace: Workspace, documents: Documents, onShow: () => void) {
  const [all, setAll] = createSignal<Tab[]>([]);
  const [active, setActive] = createSignal<string>();

  const store = () => writeTabs(workspace.projectID, { tabs: all(), active: active() });

  async function open(path: string, pinned: boolean, reveal = true): Promise<void> {
    try {
      await documents.open(path);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) toast(messageOf(error));
      else if (reveal) toast(`There is no "${path}" any more.`);
      drop(path);
      return;
    }
    put({ path, pinned });
    if (reveal) onShow();
  }

  function put(tab: Tab): void {
    setAll((tabs) => {
      if (tabs.some(({ path }) => path === tab.path))
        return tabs.map((each) => (each.path === tab.path ? { ...tab, pinned: each.pinned || tab.pinned } : each));
      // A preview that nobody has touched gives its place to the next.
      const kept = tab.pinned ? tabs : tabs.filter(({ path, pinned }) => pinned || documents.isDirty(path));
      return [...kept, tab];
    });
    setActive(tab.path);
    store();
  }

  function drop(path: string): void {
    const at = all().findIndex((tab) => tab.path === path);
    setAll((tabs) => tabs.filter((tab) => tab.path !== path));
    if (active() === path) {
      const next = all()[Math.max(0, at - 1)];
      setActive(undefined);
      if (next) show(next, next.pinned, false);
    }
    store();
  }

  function show(tab: Tab, pinned: boolean, reveal = true): void {
    if (isFileTab(tab)) void open(tab.path, pinned, reveal);
    else {
      put({ ...tab, pinned });
      if (reveal) onShow();
    }
  }

  function close(path: string): void {
    void documents.close(path);
    drop(path);
  }

  function restore(): void {
    const stored = readTabs(workspace.projectID);
    setAll(stored.tabs ?? []);
    const tab = stored.tabs?.find(({ path }) => path === stored.active);
    if (tab) show(tab, tab.pinned, false);
  }
  restore();

  onCleanup(
    workspace.onFiles((changed, moved) => {
      if (moved.size > 0) {
        setAll((tabs) => tabs.map((tab) => ({ ...tab, path: moved.get(tab.path) ?? tab.path })));
        const to = moved.get(active() ?? "");
        if (to !== undefined) void open(to, true, false);
        store();
      }
      // What is deleted closes its tab, and so does everything under a deleted folder.
      for (const [path, op] of changed) if (op === "delete" && !documents.isDirty(path)) drop(path);
    }),
  );

  return {
    all,
    active,
    open,
    show,
    close,
    closeOthers(path: string | undefined): void {
      for (const tab of all()) if (tab.path !== path) close(tab.path);
    },
    /** Shows what a run changed. */
    review(runID: string, asked: string): void {
      const words = asked.trim().split(/\s+/).slice(0, 5).join(" ").slice(0, 40);
      show({ path: `//review/${runID}`, title: `Changes: ${words || "the answer"}`, runID, pinned: true }, true);
    },
    /** Shows what differs from GitHub in a file. */
    compare(path: string): void {
      const title = `${path.slice(path.lastIndexOf("/") + 1)} (changes)`;
      show({ path: `//compare/${path}`, title, compared: path, pinned: false }, false);
    },
    step(by: number): void {
      const at = all().findIndex(({ path }) => path === active());
      const next = all()[(at + by + all().length) % Math.max(1, all().length)];
      if (next) show(next, next.pinned);
    },
  };
}
export type Tabs = ReturnType<typeof createTabs>;
