import { headOf } from "@slipway/contract/cut";
import { text } from "#text/preview.ts";
import { createSignal, onCleanup } from "solid-js";
import { ApiError, messageOf } from "../api/api-error.ts";
import { toast } from "../components/toasts.tsx";
import type { Documents } from "./documents.ts";
import { keyOf, readTabs, writeTabs, type Tab } from "./stored-tabs.ts";
import type { Workspace } from "./workspace.ts";

/** A place in a file to go to: lines from 1, columns from 0. */
export interface Place {
  path: string;
  line: number;
  column?: number;
  length?: number;
}

/** The open tabs and the active one. They are kept in this browser and follow files that move or are deleted. */
export function createTabs(workspace: Workspace, documents: Documents, onShow: () => void) {
  const [all, setAll] = createSignal<Tab[]>([]);
  const [activeKey, setActiveKey] = createSignal<string>();
  const active = () => all().find((tab) => keyOf(tab) === activeKey());
  const activeFile = () => (active()?.kind === "file" ? active()?.subject : undefined);
  const isTouched = (tab: Tab) => tab.kind === "file" && documents.isDirty(tab.subject);

  const store = () => writeTabs(workspace.projectID, { tabs: all(), active: activeKey() });

  /** Opens a file. `reveal` brings the editor to the front where there is room for one view alone. */
  async function open(path: string, pinned: boolean, reveal = true): Promise<void> {
    try {
      await documents.open(path);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) toast(messageOf(error));
      else if (reveal) toast(`There is no "${path}" any more.`);
      drop(path);
      return;
    }
    put({ kind: "file", subject: path, pinned });
    if (reveal) onShow();
  }

  function put(tab: Tab): void {
    const key = keyOf(tab);
    setAll((tabs) => {
      if (tabs.some((each) => keyOf(each) === key))
        return tabs.map((each) => (keyOf(each) === key ? { ...tab, pinned: each.pinned || tab.pinned } : each));
      // An untouched preview gives way to the new tab.
      const kept = tab.pinned ? tabs : tabs.filter((each) => each.pinned || isTouched(each));
      return [...kept, tab];
    });
    setActiveKey(key);
    store();
  }

  function drop(key: string): void {
    const at = all().findIndex((tab) => keyOf(tab) === key);
    setAll((tabs) => tabs.filter((tab) => keyOf(tab) !== key));
    if (activeKey() === key) {
      const next = all()[Math.max(0, at - 1)];
      setActiveKey(undefined);
      if (next) show(next, next.pinned, false);
    }
    store();
  }

  function show(tab: Tab, pinned: boolean, reveal = true): void {
    if (tab.kind === "file") void open(tab.subject, pinned, reveal);
    else {
      put({ ...tab, pinned });
      if (reveal) onShow();
    }
  }

  function close(tab: Tab): void {
    if (tab.kind === "file") void documents.close(tab.subject);
    drop(keyOf(tab));
  }

  function restore(): void {
    const stored = readTabs(workspace.projectID);
    setAll(stored.tabs);
    const tab = stored.tabs.find((each) => keyOf(each) === stored.active);
    if (tab) show(tab, tab.pinned, false);
  }
  restore();

  onCleanup(
    workspace.files.onChange((changed, moved) => {
      const to = moved.get(activeFile() ?? "");
      if (moved.size > 0) {
        setAll((tabs) =>
          tabs.map((tab) => (tab.kind === "file" ? { ...tab, subject: moved.get(tab.subject) ?? tab.subject } : tab)),
        );
        if (to !== undefined) void open(to, true, false);
        store();
      }
      // A deleted file closes its tab, and a deleted folder those of its files.
      for (const [path, op] of changed) if (op === "delete" && !documents.isDirty(path)) drop(path);
    }),
  );

  return {
    all,
    active,
    activeFile,
    isTouched,
    open,
    show,
    close,
    closeOthers(kept: Tab | undefined): void {
      for (const tab of all()) if (tab !== kept) close(tab);
    },
    /** Shows what a run changed. */
    review(runID: string, asked: string): void {
      const words = headOf(asked.trim().split(/\s+/).slice(0, 5).join(" "), 40);
      show({ kind: "review", subject: runID, title: `Changes: ${words || "the answer"}`, pinned: true }, true);
    },
    /** Shows how a file differs from GitHub's. */
    compare(path: string): void {
      const title = `${path.slice(path.lastIndexOf("/") + 1)} (changes)`;
      show({ kind: "compare", subject: path, title, pinned: false }, false);
    },
    /** Shows a page of the project as a browser does. */
    preview(path: string): void {
      const title = text.tab(path.slice(path.lastIndexOf("/") + 1));
      show({ kind: "preview", subject: path, title, pinned: true }, true);
    },
    step(by: number): void {
      const at = all().findIndex((tab) => keyOf(tab) === activeKey());
      const next = all()[(at + by + all().length) % Math.max(1, all().length)];
      if (next) show(next, next.pinned);
    },
  };
}
export type Tabs = ReturnType<typeof createTabs>;
