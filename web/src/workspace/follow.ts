import { createEffect, createMemo, createSignal, on, untrack } from "solid-js";
import type { Documents } from "../stores/documents.ts";
import { isPhone } from "../stores/layout.ts";
import { preferences, setPreference } from "../stores/preferences.ts";
import { keyOf } from "../stores/stored-tabs.ts";
import type { Place, Tabs } from "../stores/tabs.ts";
import type { Workspace } from "../stores/workspace.ts";
import { lastChange, type AgentChange } from "./last-change.ts";

/** Bytes past which a file is not opened unasked. */
const maxSize = 1024 * 1024;

/**
 * Opens the file that the agent has just changed, at the change. It gives way to the person: once they turn to the editors or
 * choose a tab during a run it pauses, until they resume it or the next run begins.
 */
export function createFollow(parts: {
  workspace: Workspace;
  documents: Documents;
  tabs: Tabs;
  onPlace(place: Place): void;
}) {
  const { workspace, documents, tabs } = parts;
  const [isPaused, setPaused] = createSignal(false);
  const running = createMemo(() => {
    const message = workspace.conversations
      .messages()
      ?.findLast(({ status, runId }) => status === "processing" && runId);
    const status = workspace.runs.transcripts[message?.runId ?? ""]?.status ?? "running";
    return status === "running" || status === "waiting" ? message?.runId : undefined;
  });
  /** The run in progress, or the conversation's last one: its last change may come with its end. */
  const seen = createMemo<{ conversation: string | undefined; run: string } | undefined>((before) => {
    const [conversation, run] = [workspace.conversations.currentID(), running()];
    if (run !== undefined) return { conversation, run };
    return before?.conversation === conversation ? before : undefined;
  });
  const runID = createMemo(() => seen()?.run);
  const change = createMemo(() => lastChange(workspace.runs.transcripts[runID() ?? ""]?.blocks ?? []), undefined, {
    equals: (one, other) => one?.block === other?.block,
  });
  const activeKey = createMemo(() => {
    const tab = tabs.active();
    return tab && keyOf(tab);
  });
  /** The tab that is active without the person's doing. */
  let expected = untrack(activeKey);
  createEffect(
    on(
      runID,
      () => {
        setPaused(false);
        expected = activeKey();
      },
      { defer: true },
    ),
  );
  createEffect(
    on(
      activeKey,
      (key) => {
        // The tab of a deleted file closes by itself.
        const isGone = workspace.files.list()?.every(({ path }) => path !== expected) ?? false;
        if (running() !== undefined && key !== expected && !isGone) setPaused(true);
        expected = key;
      },
      { defer: true },
    ),
  );
  // They may choose the file that is shown already, to stay there.
  createEffect(on(tabs.asked, () => running() !== undefined && setPaused(true), { defer: true }));
  createEffect(on(change, (made) => made && void follow(made), { defer: true }));

  const [wanted, setWanted] = createSignal<{ path: string; line: number; rev: number; isAsked: boolean }>();

  async function follow({ path, line, block }: AgentChange, isAsked = false): Promise<void> {
    const isWanted = () => preferences().follow && !isPaused() && !isPhone() && change()?.block === block;
    if (!isWanted()) return;
    await workspace.files.sync();
    const file = workspace.files.list()?.find((each) => each.path === path);
    if (file?.kind !== "text" || file.size > maxSize) return;
    await documents.open(path).catch(() => undefined);
    if (isWanted()) setWanted({ path, line, rev: file.rev, isAsked });
  }

  // An open file takes the change a moment later.
  createEffect(() => {
    const place = wanted();
    const document = place && documents.at(place.path);
    if (document && (document.dirty || document.rev >= place.rev)) untrack(() => show(place));
  });

  function show({ path, line, isAsked }: { path: string; line: number; isAsked: boolean }): void {
    setWanted(undefined);
    if (!isAsked && isAtEditors()) return void setPaused(true);
    expected = path;
    parts.onPlace({ path, line, isQuiet: true });
    void tabs.open(path, false, false);
  }

  return {
    state: (): "off" | "on" | "paused" => (!preferences().follow ? "off" : isPaused() && running() ? "paused" : "on"),
    /** Turns it on or off; while it is paused, resumes. */
    press(): void {
      const isResumed = isPaused() && running() !== undefined;
      setPaused(false);
      if (!isResumed) setPreference("follow", !preferences().follow);
      const made = change();
      if (running() !== undefined && made) void follow(made, true);
    },
  };
}

/** The keyboard is in an editor, or on a page or tab beside it. */
function isAtEditors(): boolean {
  return document.activeElement?.closest("[data-group]") != null;
}
