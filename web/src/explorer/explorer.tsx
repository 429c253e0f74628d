import ChevronDown from "lucide-solid/icons/chevron-down";
import ChevronRight from "lucide-solid/icons/chevron-right";
import Ellipsis from "lucide-solid/icons/ellipsis";
import FilePlus from "lucide-solid/icons/file-plus";
import FolderPlus from "lucide-solid/icons/folder-plus";
import Fold from "lucide-solid/icons/chevrons-down-up";
import UploadIcon from "lucide-solid/icons/upload";
import { createVirtualizer } from "@tanstack/solid-virtual";
import { createEffect, createMemo, createSignal, For, on, Show } from "solid-js";
import type { UndoRange } from "@slipway/contract/file";
import { commitFiles, deleteFile, patchFile, putFile } from "@slipway/contract/routes/file";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { Dialog } from "../components/dialog.tsx";
import { below } from "../components/below.ts";
import { Menu, type MenuItem } from "../components/menu.tsx";
import { toast } from "../components/toasts.tsx";
import { OperationFailed } from "../api/operation.ts";
import { useCommands } from "../stores/commands.ts";
import type { Workspace } from "../stores/workspace.ts";
import { createTransfers, droppedFiles, type OnTaken, type Upload } from "./transfers.ts";
import { TransferStrip } from "./transfer-strip.tsx";
import { rowsOf, treeOf, type Row } from "./tree.ts";

const rowHeight = 28;
const moveType = "application/x-slipway-path";
type Editing = { kind: "rename"; path: string } | { kind: "file" | "folder"; parent: string };

/** The project's files as a virtualised tree that follows changes and works by keyboard alone. */
export function Explorer(props: {
  workspace: Workspace;
  active: string | undefined;
  /** A path to scroll to and open, such as a breadcrumb. */
  revealed: string | undefined;
  onOpen(path: string, pinned: boolean): void;
}) {
  const { workspace } = props;
  const { projectID } = workspace;
  const transfers = createTransfers(workspace);
  const [open, setOpen] = createSignal<ReadonlySet<string>>(new Set());
  const [focused, setFocused] = createSignal<string>();
  const [editing, setEditing] = createSignal<Editing>();
  const [menu, setMenu] = createSignal<{ x: number; y: number; row: Row | undefined }>();
  const [dropTarget, setDropTarget] = createSignal<string>();
  const [asked, setAsked] = createSignal<{ uploads: Upload[]; taken: string[] }>();
  const undone: UndoRange[] = [];
  /** The latest move or delete, until it can be undone. */
  let changing: Promise<void> = Promise.resolve();
  let scroller!: HTMLDivElement;
  let filePicker!: HTMLInputElement;
  let folderPicker!: HTMLInputElement;
  const tree = createMemo(() => treeOf(workspace.files.list() ?? []));
  const rows = createMemo(() => rowsOf(tree(), open()));
  const positions = createMemo(() => new Map(rows().map(({ path }, index) => [path, index])));
  const rowAt = (path: string | undefined) => rows()[positions().get(path ?? "") ?? -1];
  const virtual = createVirtualizer({
    get count() {
      return rows().length;
    },
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    overscan: 12,
    initialRect: { width: 240, height: 800 },
  });

  useCommands(() => [
    { id: "new-file", title: "New file", group: "Files", run: () => begin("file") },
    { id: "new-folder", title: "New folder", group: "Files", run: () => begin("folder") },
    { id: "upload", title: "Upload files", group: "Files", run: () => filePicker.click() },
    { id: "upload-folder", title: "Upload a folder", group: "Files", run: () => folderPicker.click() },
    {
      id: "download",
      title: "Download the project as zip",
      group: "Files",
      run: () => void transfers.downloadProject(),
    },
  ]);

  // The active file is always visible in the tree.
  createEffect(
    on(
      () => props.active,
      (path) => path && reveal(path),
    ),
  );
  createEffect(
    on(
      () => props.revealed,
      (path) => {
        if (!path) return;
        reveal(path);
        toggle(path, true);
        scroller.focus();
      },
    ),
  );
  function reveal(path: string): void {
    const folders = path.split("/").slice(0, -1);
    if (folders.length > 0)
      setOpen((all) => new Set([...all, ...folders.map((_, at) => folders.slice(0, at + 1).join("/"))]));
    setFocused(path);
    queueMicrotask(() => {
      const at = positions().get(path);
      if (at !== undefined) virtual.scrollToIndex(at, { align: "auto" });
    });
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

  const folderOf = (path: string) => path.split("/").slice(0, -1).join("/");
  function parentOf(row: Row | undefined): string {
    if (!row) return "";
    return row.isFolder ? row.path : folderOf(row.path);
  }

  function begin(kind: "file" | "folder", row = rowAt(focused())): void {
    const parent = parentOf(row);
    if (parent) toggle(parent, true);
    setEditing({ kind, parent });
  }

  async function finish(name: string): Promise<void> {
    const edit = editing();
    setEditing(undefined);
    scroller.focus();
    if (!edit || name.trim() === "") return;
    if (edit.kind === "rename") {
      const folder = folderOf(edit.path);
      return move(edit.path, folder === "" ? name.trim() : `${folder}/${name.trim()}`, "Renamed");
    }
    const path = edit.parent ? `${edit.parent}/${name.trim()}` : name.trim();
    try {
      await call(putFile, {
        params: { id: projectID, path },
        body: edit.kind === "file" ? { content: "" } : { kind: "folder" },
      });
      await workspace.files.sync();
      if (edit.kind === "file") props.onOpen(path, true);
      else reveal(path);
    } catch (error) {
      toast(messageOf(error));
    }
  }

  /** Confirms a change and offers to undo it. */
  function done(what: string, range: UndoRange): void {
    undone.push(range);
    toast(what, { label: "Undo", run: () => takeBack(range) });
  }
  /** A large change can fail half way: offers to undo the half that was written. */
  function failed(error: unknown): void {
    void workspace.files.sync();
    if (error instanceof OperationFailed && error.undo) done(error.message, error.undo);
    else toast(messageOf(error));
  }
  function takeBack(range: UndoRange | undefined): void {
    if (!range) return;
    const at = undone.indexOf(range);
    if (at >= 0) undone.splice(at, 1);
    void workspace.files.undo(range, (request) => transfers.change("Undoing", request));
  }

  function move(from: string, to: string, verb = "Moved"): Promise<void> {
    return (changing = moveNow(from, to, verb));
  }
  async function moveNow(from: string, to: string, verb: string): Promise<void> {
    if (from === to) return;
    try {
      const { undo } = await transfers.change(`Moving ${nameOf(from)}`, () =>
        call(patchFile, { params: { id: projectID, path: from }, body: { path: to } }),
      );
      await workspace.files.sync();
      reveal(to);
      done(`${verb} ${nameOf(from)}`, undo);
    } catch (error) {
      failed(error);
    }
  }

  function remove(row: Row): Promise<void> {
    return (changing = removeNow(row));
  }
  async function removeNow(row: Row): Promise<void> {
    const next = rows()[(positions().get(row.path) ?? 0) + 1] ?? rows()[(positions().get(row.path) ?? 1) - 1];
    try {
      const { undo } = await transfers.change(`Deleting ${row.name}`, () =>
        call(deleteFile, { params: { id: projectID, path: row.path } }),
      );
      await workspace.files.sync();
      setFocused(next?.path);
      done(`Deleted ${row.name}`, undo);
    } catch (error) {
      failed(error);
    }
  }

  async function duplicate({ path }: Row): Promise<void> {
    const taken = new Set(rows().map((row) => row.path));
    const slash = path.lastIndexOf("/");
    const dot = path.lastIndexOf(".");
    const [stem, ending] = dot > slash + 1 ? [path.slice(0, dot), path.slice(dot)] : [path, ""];
    let to = `${stem} copy${ending}`;
    for (let n = 2; taken.has(to); n++) to = `${stem} copy ${n}${ending}`;
    try {
      await call(commitFiles, { params: { id: projectID }, body: { changes: [{ op: "copy", path, to }] } });
      await workspace.files.sync();
      reveal(to);
    } catch (error) {
      toast(messageOf(error));
    }
  }

  function copyPath(path: string): void {
    void navigator.clipboard.writeText(path).then(
      () => toast("Path copied"),
      () => toast("The browser did not allow copying."),
    );
  }

  /** Asks before it overwrites anything. */
  function receive(uploads: Upload[]): void {
    if (uploads.length === 0) return;
    const known = new Set(workspace.files.list()?.map(({ path }) => path));
    const taken = uploads.flatMap(({ path }) => (known.has(path) ? [path] : []));
    if (taken.length > 0) setAsked({ uploads, taken });
    else void transfers.upload(uploads, "skip");
  }
  function answer(onTaken: OnTaken): void {
    const waiting = asked();
    setAsked(undefined);
    if (waiting) void transfers.upload(waiting.uploads, onTaken);
  }
  function picked(input: HTMLInputElement): void {
    const folder = parentOf(rowAt(focused()));
    const files = [...(input.files ?? [])].map((file) => {
      const path = file.webkitRelativePath || file.name;
      return { path: folder === "" ? path : `${folder}/${path}`, file };
    });
    input.value = "";
    receive(files.filter(({ path }) => !path.split("/").includes(".git")));
  }

  function menuItems(row: Row | undefined): MenuItem[] {
    const create: MenuItem[] = [
      { label: "New file", run: () => begin("file", row) },
      { label: "New folder", run: () => begin("folder", row) },
    ];
    const upload: MenuItem[] = [
      { label: "Upload files", separated: true, run: () => (setFocused(row?.path), filePicker.click()) },
      { label: "Upload a folder", run: () => (setFocused(row?.path), folderPicker.click()) },
    ];
    if (!row)
      return [
        ...create,
        ...upload,
        { label: "Download as zip", separated: true, run: () => void transfers.downloadProject() },
      ];
    return [
      ...create,
      ...(row.isFolder ? upload : []),
      { label: "Rename", keys: "F2", separated: true, run: () => setEditing({ kind: "rename", path: row.path }) },
      { label: "Duplicate", run: () => void duplicate(row) },
      { label: "Copy path", run: () => copyPath(row.path) },
      ...(row.isFolder ? [] : [{ label: "Download", run: () => void transfers.downloadFile(row.path) }]),
      { label: "Delete", keys: "Del", danger: true, separated: true, run: () => void remove(row) },
    ];
  }

  function menuFor(row: Row | undefined): void {
    const box = (document.getElementById(`row ${row?.path}`) ?? scroller).getBoundingClientRect();
    setMenu({ x: box.left + 24, y: box.top + rowHeight, row });
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (editing() || event.isComposing) return;
    const all = rows();
    const at = positions().get(focused() ?? "") ?? -1;
    const row = all[at];
    const go = (index: number) => {
      const target = Math.max(0, Math.min(all.length - 1, index));
      setFocused(all[target]?.path);
      virtual.scrollToIndex(target);
    };
    const page = Math.max(1, Math.floor(scroller.clientHeight / rowHeight) - 1);
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      PageDown: () => go(at + page),
      PageUp: () => go(at - page),
      Home: () => go(0),
      End: () => go(all.length - 1),
      ArrowRight: () => row?.isFolder && (row.isOpen ? go(at + 1) : toggle(row.path, true)),
      ArrowLeft: () => {
        if (row?.isFolder && row.isOpen) toggle(row.path, false);
        else if (row) go(positions().get(folderOf(row.path)) ?? at);
      },
      Enter: () => row && choose(row, true),
      " ": () => row && choose(row, false),
      F2: () => row && setEditing({ kind: "rename", path: row.path }),
      Delete: () => row && void remove(row),
      Backspace: () => event.metaKey && row && void remove(row),
      ContextMenu: () => menuFor(row),
      F10: () => event.shiftKey && menuFor(row),
    };
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault();
      // A change shows in the tree before its reply says how to undo it.
      void changing.then(() => takeBack(undone.at(-1)));
      return;
    }
    if (event.ctrlKey || event.altKey || (event.metaKey && event.key !== "Backspace")) return;
    const action = keys[event.key];
    if (action) {
      event.preventDefault();
      event.stopPropagation();
      action();
    } else if (event.key.length === 1 && event.key !== "?") {
      // Type-ahead: the next name that starts with the letter.
      const letter = event.key.toLowerCase();
      const found = [...all.slice(at + 1), ...all.slice(0, at + 1)].find(({ name }) =>
        name.toLowerCase().startsWith(letter),
      );
      if (found) go(positions().get(found.path) ?? at);
    }
  }

  /** The target folder of a drop. */
  function targetOf(event: DragEvent): string {
    const path = (event.target as HTMLElement).closest<HTMLElement>("[data-path]")?.dataset.path;
    return parentOf(rowAt(path));
  }
  function onDragOver(event: DragEvent): void {
    const types = event.dataTransfer?.types ?? [];
    if (!types.includes(moveType) && !types.includes("Files")) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = types.includes(moveType) ? "move" : "copy";
    setDropTarget(targetOf(event));
  }
  function onDrop(event: DragEvent): void {
    const { dataTransfer: data } = event;
    const folder = targetOf(event);
    setDropTarget(undefined);
    if (!data) return;
    event.preventDefault();
    const from = data.getData(moveType);
    if (from === "") void droppedFiles(data, folder).then(receive, (error: unknown) => toast(messageOf(error)));
    else if (folder !== from && !folder.startsWith(`${from}/`))
      void move(from, folder === "" ? nameOf(from) : `${folder}/${nameOf(from)}`);
  }

  return (
    <section class="flex h-full min-h-0 flex-col bg-panel" aria-label="Files">
      <div class="flex h-9 shrink-0 items-center border-b border-line pr-1 pl-3">
        <h2 class="grow truncate text-xs font-semibold text-quiet" title={workspace.project().name}>
          {workspace.project().name}
        </h2>
        <button class="icon-button" aria-label="New file" title="New file" onClick={() => begin("file")}>
          <FilePlus size={15} />
        </button>
        <button class="icon-button" aria-label="New folder" title="New folder" onClick={() => begin("folder")}>
          <FolderPlus size={15} />
        </button>
        <button class="icon-button" aria-label="Upload files" title="Upload files" onClick={() => filePicker.click()}>
          <UploadIcon size={15} />
        </button>
        <button
          class="icon-button"
          aria-label="Collapse all"
          title="Collapse all"
          onClick={() => setOpen(new Set<string>())}
        >
          <Fold size={15} />
        </button>
        <button
          class="icon-button"
          aria-haspopup="menu"
          aria-label="More for files"
          title="More"
          onClick={(event) => setMenu({ ...below(event), row: rowAt(focused()) })}
        >
          <Ellipsis size={15} />
        </button>
        <input ref={filePicker} type="file" multiple hidden onChange={(event) => picked(event.currentTarget)} />
        <input
          ref={(element) => {
            folderPicker = element;
            element.webkitdirectory = true;
          }}
          type="file"
          hidden
          onChange={(event) => picked(event.currentTarget)}
        />
      </div>
      <Show when={newName()}>
        {(edit) => (
          <NameField
            initial=""
            label={edit().kind === "file" ? "Name of the new file" : "Name of the new folder"}
            placeholder={edit().parent ? `in ${edit().parent}` : ""}
            onDone={(name) => void finish(name)}
          />
        )}
      </Show>
      <Show
        when={workspace.files.list()}
        fallback={
          <div class="p-3" aria-busy="true">
            <div class="skeleton mb-2 h-4" />
            <div class="skeleton h-4 w-2/3" />
          </div>
        }
      >
        <Show when={rows().length === 0}>
          <p class="p-3 text-sm text-quiet">
            No files yet. The agent writes them; or make one with the buttons above, or drop some here.
          </p>
        </Show>
      </Show>
      <div
        ref={scroller}
        role="tree"
        aria-label="Files of the project"
        tabindex="0"
        aria-activedescendant={rowAt(focused()) ? `row ${focused()}` : undefined}
        class="min-h-0 grow overflow-auto outline-none focus-visible:outline-2 focus-visible:-outline-offset-2"
        classList={{ "bg-accent-soft": dropTarget() === "" }}
        onKeyDown={onKeyDown}
        onDragOver={onDragOver}
        onDragLeave={() => setDropTarget(undefined)}
        onDrop={onDrop}
        onContextMenu={(event) => {
          event.preventDefault();
          const path = (event.target as HTMLElement).closest<HTMLElement>("[data-path]")?.dataset.path;
          const row = rowAt(path);
          setFocused(row?.path);
          setMenu({ x: event.clientX, y: event.clientY, row });
        }}
      >
        <div style={{ height: `${virtual.getTotalSize()}px`, position: "relative" }}>
          <For each={virtual.getVirtualItems()}>
            {(item) => {
              const row = () => rows()[item.index];
              return (
                <Show when={row()}>
                  {(each) => (
                    <div
                      data-path={each().path}
                      style={{
                        position: "absolute",
                        top: `${item.start}px`,
                        left: 0,
                        right: 0,
                        height: `${rowHeight}px`,
                      }}
                    >
                      <Show
                        when={!isRenaming(each().path)}
                        fallback={
                          <NameField
                            initial={each().name}
                            label={`New name of ${each().name}`}
                            onDone={(name) => void finish(name)}
                          />
                        }
                      >
                        <TreeItem
                          row={each()}
                          isActive={props.active === each().path}
                          isFocused={focused() === each().path}
                          isTarget={dropTarget() === each().path && each().isFolder}
                          onChoose={(pinned) => choose(each(), pinned)}
                        />
                      </Show>
                    </div>
                  )}
                </Show>
              );
            }}
          </For>
        </div>
      </div>
      <TransferStrip transfers={transfers.transfers} />
      <Menu at={menu()} label="For files" items={menuItems(menu()?.row)} onClose={() => setMenu(undefined)} />
      <Dialog open={asked() !== undefined} title="Files are there already" onClose={() => setAsked(undefined)}>
        <p class="text-sm">
          {asked()?.taken.length === 1 ? (
            <span class="font-mono">{asked()?.taken[0]}</span>
          ) : (
            `${asked()?.taken.length} of ${asked()?.uploads.length} files`
          )}{" "}
          would be written over.
        </p>
        <div class="flex flex-wrap gap-2">
          <button class="button button-main" onClick={() => answer("replace")}>
            Replace
          </button>
          <button class="button" onClick={() => answer("keep-both")}>
            Keep both
          </button>
          <button class="button" onClick={() => answer("skip")}>
            Skip
          </button>
        </div>
      </Dialog>
    </section>
  );

  function newName() {
    const edit = editing();
    return edit && edit.kind !== "rename" ? edit : undefined;
  }
  function isRenaming(path: string): boolean {
    const edit = editing();
    return edit?.kind === "rename" && edit.path === path;
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function TreeItem(props: {
  row: Row;
  isActive: boolean;
  isFocused: boolean;
  isTarget: boolean;
  onChoose(pinned: boolean): void;
}) {
  return (
    <div
      id={`row ${props.row.path}`}
      role="treeitem"
      aria-label={props.row.name}
      aria-level={props.row.depth + 1}
      aria-expanded={props.row.isFolder ? props.row.isOpen : undefined}
      aria-selected={props.isActive}
      draggable="true"
      class="flex h-full cursor-pointer items-center gap-1 pr-2 text-sm hover:bg-raised"
      classList={{
        "bg-accent-soft": props.isActive || props.isTarget,
        "outline outline-1 -outline-offset-1 outline-line": props.isFocused,
      }}
      style={{ "padding-left": `${8 + props.row.depth * 14}px` }}
      title={props.row.path}
      onClick={() => props.onChoose(false)}
      onDblClick={() => props.row.isFolder || props.onChoose(true)}
      onDragStart={(event) => {
        event.dataTransfer?.setData(moveType, props.row.path);
        event.dataTransfer?.setData("text/plain", props.row.path);
      }}
    >
      <span class="inline-flex w-4 shrink-0 text-quiet">
        <Show when={props.row.isFolder}>
          <Show when={props.row.isOpen} fallback={<ChevronRight size={14} />}>
            <ChevronDown size={14} />
          </Show>
        </Show>
      </span>
      <span class="truncate">{props.row.name}</span>
    </div>
  );
}

function NameField(props: { initial: string; label: string; placeholder?: string; onDone(name: string): void }) {
  let done = false;
  const end = (name: string) => {
    if (done) return;
    done = true;
    props.onDone(name);
  };
  return (
    <input
      class="field m-1 h-7 w-[calc(100%-8px)] shrink-0 px-2 py-0 text-sm"
      aria-label={props.label}
      placeholder={props.placeholder ?? ""}
      value={props.initial}
      spellcheck={false}
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
