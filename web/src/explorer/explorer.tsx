import ChevronDown from "lucide-solid/icons/chevron-down";
import ChevronRight from "lucide-solid/icons/chevron-right";
import FilePlus from "lucide-solid/icons/file-plus";
import FolderPlus from "lucide-solid/icons/folder-plus";
import Fold from "lucide-solid/icons/chevrons-down-up";
import { createVirtualizer } from "@tanstack/solid-virtual";
import { createEffect, createMemo, createSignal, For, on, Show } from "solid-js";
import { call, filePath, get, messageOf } from "../api.ts";
import { toast } from "../components/toasts.tsx";
import type { Workspace } from "../workspace/store.ts";
import { rowsOf, type Row } from "./tree.ts";

const rowHeight = 28;
type Editing = { kind: "rename"; path: string } | { kind: "file" | "folder"; parent: string };

/** The project's files as a tree: live, virtual, and wholly by keyboard. */
export function Explorer(props: {
  workspace: Workspace;
  active: string | undefined;
  onOpen(path: string, pinned: boolean): void;
}) {
  const { workspace } = props;
  const { projectID } = workspace;
  const [open, setOpen] = createSignal<ReadonlySet<string>>(new Set());
  const [focused, setFocused] = createSignal<string>();
  const [editing, setEditing] = createSignal<Editing>();
  let scroller!: HTMLDivElement;
  const rows = createMemo(() => rowsOf(workspace.state.files ?? [], open()));
  const virtual = createVirtualizer({
    get count() {
      return rows().length;
    },
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    overscan: 12,
    initialRect: { width: 240, height: 800 },
  });

  // The file in the editor is always to be seen in the tree.
  createEffect(
    on(
      () => props.active,
      (path) => path && reveal(path),
    ),
  );
  function reveal(path: string): void {
    const folders = path.split("/").slice(0, -1);
    if (folders.length > 0)
      setOpen((all) => new Set([...all, ...folders.map((_, at) => folders.slice(0, at + 1).join("/"))]));
    setFocused(path);
  }

  function toggle(path: string, to?: boolean): void {
    setOpen((all) => {
      const next = new Set(all);
      if (to ?? !next.has(path)) next.add(path);
      else next.delete(path);
      return next;
    });
  }

  function choose(row: Row, pinned: boolean): void {
    setFocused(row.path);
    if (row.isFolder) toggle(row.path);
    else props.onOpen(row.path, pinned);
  }

  function parentOf(path: string | undefined): string {
    const row = rows().find((each) => each.path === path);
    if (!row) return "";
    return row.isFolder ? row.path : row.path.split("/").slice(0, -1).join("/");
  }

  function begin(kind: "file" | "folder"): void {
    const parent = parentOf(focused());
    if (parent) toggle(parent, true);
    setEditing({ kind, parent });
  }

  async function finish(name: string): Promise<void> {
    const edit = editing();
    setEditing(undefined);
    scroller.focus();
    if (!edit || name.trim() === "") return;
    try {
      if (edit.kind === "rename") {
        const to = [...edit.path.split("/").slice(0, -1), name.trim()].join("/");
        if (to === edit.path) return;
        await call("PATCH", filePath(projectID, edit.path), { body: { path: to } });
        setFocused(to);
      } else {
        const path = edit.parent ? `${edit.parent}/${name.trim()}` : name.trim();
        await call("PUT", filePath(projectID, path), {
          body: edit.kind === "file" ? { content: "" } : { kind: "folder" },
        });
        await workspace.syncFiles();
        if (edit.kind === "file") props.onOpen(path, true);
        else reveal(`${path}/x`);
        return;
      }
    } catch (error) {
      toast(messageOf(error));
    }
    await workspace.syncFiles();
  }

  async function remove(path: string): Promise<void> {
    const row = rows().find((each) => each.path === path);
    if (!row) return;
    try {
      const before = row.isFolder ? undefined : await get<{ content?: string }>(filePath(projectID, path));
      if (row.isFolder && !confirm(`Delete the folder "${path}" with all it holds?`)) return;
      await call("DELETE", filePath(projectID, path));
      await workspace.syncFiles();
      const content = before?.content;
      toast(
        `Deleted ${row.name}`,
        content === undefined
          ? undefined
          : {
              label: "Undo",
              run: () =>
                void call("PUT", filePath(projectID, path), { body: { content } }).catch((error: unknown) =>
                  toast(messageOf(error)),
                ),
            },
      );
    } catch (error) {
      toast(messageOf(error));
    }
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (editing() || event.isComposing) return;
    const all = rows();
    const at = all.findIndex(({ path }) => path === focused());
    const row = all[at];
    const go = (index: number) => {
      const target = all[Math.max(0, Math.min(all.length - 1, index))];
      if (!target) return;
      setFocused(target.path);
      virtual.scrollToIndex(all.indexOf(target));
    };
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      Home: () => go(0),
      End: () => go(all.length - 1),
      ArrowRight: () => row?.isFolder && (row.isOpen ? go(at + 1) : toggle(row.path, true)),
      ArrowLeft: () => {
        if (row?.isFolder && row.isOpen) toggle(row.path, false);
        else if (row) go(all.findIndex(({ path }) => path === row.path.split("/").slice(0, -1).join("/")));
      },
      Enter: () => row && choose(row, true),
      " ": () => row && choose(row, false),
      F2: () => row && setEditing({ kind: "rename", path: row.path }),
      Delete: () => row && void remove(row.path),
    };
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  return (
    <section class="flex h-full min-h-0 flex-col bg-panel" aria-label="Files">
      <div class="flex h-9 shrink-0 items-center gap-1 border-b border-line pr-1 pl-3">
        <h2 class="grow truncate text-xs font-semibold text-quiet">Files</h2>
        <button class="icon-button" aria-label="New file" title="New file" onClick={() => begin("file")}>
          <FilePlus size={15} />
        </button>
        <button class="icon-button" aria-label="New folder" title="New folder" onClick={() => begin("folder")}>
          <FolderPlus size={15} />
        </button>
        <button
          class="icon-button"
          aria-label="Collapse all"
          title="Collapse all"
          onClick={() => setOpen(new Set<string>())}
        >
          <Fold size={15} />
        </button>
      </div>
      <Show when={editing() && editing()?.kind !== "rename"}>
        <NameField
          initial=""
          label={editing()?.kind === "file" ? "Name of the new file" : "Name of the new folder"}
          onDone={(name) => void finish(name)}
        />
      </Show>
      <Show
        when={workspace.state.files}
        fallback={
          <div class="p-3">
            <div class="skeleton mb-2 h-4" />
            <div class="skeleton h-4 w-2/3" />
          </div>
        }
      >
        <Show when={rows().length === 0}>
          <p class="p-3 text-sm text-quiet">No files yet. The agent writes them, or make one with the buttons above.</p>
        </Show>
      </Show>
      <div
        ref={scroller}
        role="tree"
        aria-label="Files of the project"
        tabindex="0"
        aria-activedescendant={focused() ? `row ${focused()}` : undefined}
        class="min-h-0 grow overflow-auto outline-none focus-visible:outline-2"
        onKeyDown={onKeyDown}
      >
        <div style={{ height: `${virtual.getTotalSize()}px`, position: "relative" }}>
          <For each={virtual.getVirtualItems()}>
            {(item) => {
              const row = () => rows()[item.index];
              return (
                <Show when={row()}>
                  {(each) => (
                    <div
                      style={{
                        position: "absolute",
                        top: `${item.start}px`,
                        left: 0,
                        right: 0,
                        height: `${rowHeight}px`,
                      }}
                    >
                      <Show
                        when={editing()?.kind !== "rename" || (editing() as { path: string }).path !== each().path}
                        fallback={
                          <NameField
                            initial={each().name}
                            label={`New name of ${each().name}`}
                            onDone={(name) => void finish(name)}
                          />
                        }
                      >
                        <div
                          id={`row ${each().path}`}
                          role="treeitem"
                          aria-label={each().name}
                          aria-level={each().depth + 1}
                          aria-expanded={each().isFolder ? each().isOpen : undefined}
                          aria-selected={props.active === each().path}
                          class="flex h-full cursor-pointer items-center gap-1 pr-2 text-sm hover:bg-raised"
                          classList={{
                            "bg-accent-soft": props.active === each().path,
                            "outline outline-1 -outline-offset-1 outline-line": focused() === each().path,
                          }}
                          style={{ "padding-left": `${8 + each().depth * 14}px` }}
                          title={each().path}
                          onClick={() => choose(each(), false)}
                          onDblClick={() => choose(each(), true)}
                        >
                          <span class="inline-flex w-4 shrink-0 text-quiet">
                            {each().isFolder ? (
                              each().isOpen ? (
                                <ChevronDown size={14} />
                              ) : (
                                <ChevronRight size={14} />
                              )
                            ) : null}
                          </span>
                          <span class="truncate">{each().name}</span>
                        </div>
                      </Show>
                    </div>
                  )}
                </Show>
              );
            }}
          </For>
        </div>
      </div>
    </section>
  );
}

function NameField(props: { initial: string; label: string; onDone(name: string): void }) {
  let done = false;
  const end = (name: string) => {
    if (done) return;
    done = true;
    props.onDone(name);
  };
  return (
    <input
      class="field m-1 h-7 w-[calc(100%-8px)] px-2 py-0 text-sm"
      aria-label={props.label}
      value={props.initial}
      ref={(element) =>
        queueMicrotask(() => {
          element.focus();
          const stem = props.initial.lastIndexOf(".");
          element.setSelectionRange(0, stem > 0 ? stem : props.initial.length);
        })
      }
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.isComposing) return;
        if (event.key === "Enter") end(event.currentTarget.value);
        if (event.key === "Escape") end("");
      }}
      onBlur={(event) => end(event.currentTarget.value)}
    />
  );
}
