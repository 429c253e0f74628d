import { createEffect, createMemo, createSignal, For, on, Show, Suspense } from "solid-js";
import { text } from "#text/explorer.ts";
import { text as loading } from "#text/loading.ts";
import { messageOf } from "../api/api-error.ts";
import { lazyDialog } from "../components/lazy-dialog.tsx";
import { lazyPart } from "../components/lazy-part.tsx";
import { LazyMenu } from "../components/lazy-menu.tsx";
import { toast } from "../components/toasts.tsx";
import { useCommands } from "../stores/commands.ts";
import type { Workspace } from "../stores/workspace.ts";
import { ExplorerHeader } from "./explorer-header.tsx";
import { createFileChanges } from "./file-changes.ts";
import { menuItems, type MenuActions } from "./menu-items.ts";
import { NameField } from "./name-field.tsx";
import { folderOf, joined, nameOf, problemOf } from "./names.ts";
import { extended, nothing, only, targets, toggled, type Selection } from "./selection.ts";
import { createTransfers, droppedFiles, type OnTaken, type Upload } from "./transfers.ts";
import { TreeItem } from "./tree-item.tsx";
import { onTreeKey } from "./tree-keys.ts";
import { rowsOf, treeOf, type Row } from "./tree.ts";
import { createVisibleRows } from "./visible-rows.ts";

const TransferStrip = lazyPart(loading.transfers, () => import("./transfer-strip.tsx"));
const TakenDialog = lazyDialog(loading.taken, () => import("./taken-dialog.tsx"));

/** Pixels: fingers need more than a pointer. */
const rowHeight = typeof matchMedia !== "undefined" && matchMedia("(pointer: coarse)").matches ? 44 : 28;
const moveType = "application/x-slipway-paths";
type Editing = { kind: "rename"; path: string } | { kind: "file" | "folder"; parent: string };

/** The project's files as a virtualised tree that follows changes and works by keyboard alone. */
export function Explorer(props: {
  workspace: Workspace;
  active: string | undefined;
  /** A path to scroll to and open, such as a breadcrumb. */
  revealed: string | undefined;
  /** Counts requests to focus the tree. */
  focusAt: number;
  onOpen(path: string, pinned: boolean): void;
  onHistory(path: string): void;
}) {
  const { workspace } = props;
  const transfers = createTransfers(workspace);
  const files = createFileChanges(workspace, transfers);
  const [open, setOpen] = createSignal<ReadonlySet<string>>(new Set());
  const [selection, setSelection] = createSignal<Selection>(nothing);
  const [editing, setEditing] = createSignal<Editing>();
  const [menu, setMenu] = createSignal<{ x: number; y: number; row: Row | undefined }>();
  const [dropTarget, setDropTarget] = createSignal<string>();
  const [asked, setAsked] = createSignal<{ uploads: Upload[]; taken: string[] }>();
  let scroller!: HTMLDivElement;
  let filePicker!: HTMLInputElement;
  let folderPicker!: HTMLInputElement;
  const tree = createMemo(() => treeOf(workspace.files.list() ?? []));
  const rows = createMemo(() => rowsOf(tree(), open()));
  const positions = createMemo(() => new Map(rows().map(({ path }, index) => [path, index])));
  const rowAt = (path: string | undefined) => rows()[positions().get(path ?? "") ?? -1];
  const focused = () => rowAt(selection().focused);
  const isCut = (path: string) => (files.clipboard()?.isCut && files.clipboard()?.paths.includes(path)) ?? false;
  const visible = createVisibleRows({ scroller: () => scroller, count: () => rows().length, rowHeight });

  const group = text.commandsGroup;
  useCommands(() => [
    { id: "new-file", title: text.newFile, group, run: () => begin("file") },
    { id: "new-folder", title: text.newFolder, group, run: () => begin("folder") },
    { id: "upload", title: text.uploadFiles, group, run: () => filePicker.click() },
    { id: "upload-folder", title: text.uploadFolder, group, run: () => folderPicker.click() },
    { id: "download", title: text.downloadProject, group, run: () => void transfers.downloadProject() },
  ]);

  // The active file is visible in the tree, unless the keyboard is there: the person's selection stays as it is.
  createEffect(
    on(
      createMemo(() => props.active),
      (path) => path && !scroller.contains(document.activeElement) && reveal(path),
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
  createEffect(
    on(
      () => props.focusAt,
      (asks) => {
        if (asks === 0) return;
        if (!focused()) setSelection(only(rows()[0]?.path));
        queueMicrotask(() => scroller.focus());
      },
    ),
  );
  function reveal(path: string): void {
    const folders = path.split("/").slice(0, -1);
    if (folders.length > 0)
      setOpen((all) => new Set([...all, ...folders.map((_, at) => folders.slice(0, at + 1).join("/"))]));
    setSelection(only(path));
    queueMicrotask(() => {
      const at = positions().get(path);
      if (at !== undefined) visible.scrollTo(at);
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
    setSelection(only(row.path));
    if (row.isFolder) toggle(row.path);
    else props.onOpen(row.path, pinned);
  }
  function onClick(event: MouseEvent, row: Row): void {
    if (event.shiftKey)
      setSelection(
        extended(
          selection(),
          rows().map(({ path }) => path),
          row.path,
        ),
      );
    else if (event.ctrlKey || event.metaKey) setSelection(toggled(selection(), row.path));
    else choose(row, false);
  }

  function parentOf(row: Row | undefined): string {
    if (!row) return "";
    return row.isFolder ? row.path : folderOf(row.path);
  }
  const chosen = (row: Row) => targets(selection(), row.path);

  function begin(kind: "file" | "folder", row = focused()): void {
    const parent = parentOf(row);
    if (parent) toggle(parent, true);
    setEditing({ kind, parent });
  }
  function cancelEditing(): void {
    setEditing(undefined);
    scroller.focus();
  }
  /** @throws Error that the field shows */
  async function finish(edit: Editing, name: string): Promise<void> {
    if (edit.kind === "rename") {
      const to = joined(folderOf(edit.path), name);
      await files.rename(edit.path, to);
      reveal(to);
    } else {
      const path = joined(edit.parent, name);
      await files.create(edit.kind, path);
      if (edit.kind === "file") props.onOpen(path, true);
      else reveal(path);
    }
    cancelEditing();
  }
  const problem = (edit: Editing) => (name: string) =>
    problemOf(joined(edit.kind === "rename" ? folderOf(edit.path) : edit.parent, name), files.paths());

  async function remove(row: Row): Promise<void> {
    const gone = chosen(row);
    const at = positions().get(row.path) ?? 0;
    const isGone = (path: string) => gone.some((each) => path === each || path.startsWith(`${each}/`));
    const next =
      rows()
        .slice(at)
        .find(({ path }) => !isGone(path)) ??
      rows()
        .slice(0, at)
        .findLast(({ path }) => !isGone(path));
    await files.remove(gone);
    setSelection(only(next?.path));
  }
  async function duplicate(row: Row): Promise<void> {
    const [copy] = await files.copy([row.path], folderOf(row.path));
    if (copy !== undefined) reveal(copy);
  }
  async function paste(row: Row | undefined): Promise<void> {
    const folder = parentOf(row);
    if (folder) toggle(folder, true);
    const [copy] = await files.paste(folder);
    if (copy !== undefined) reveal(copy);
  }
  async function copyPath(row: Row): Promise<void> {
    try {
      await navigator.clipboard.writeText(chosen(row).join("\n"));
      toast(text.pathCopied);
    } catch {
      // Refused, or absent on a page over plain HTTP.
      toast(text.notCopied);
    }
  }

  /** Asks before it overwrites anything. */
  function receive(uploads: Upload[]): void {
    if (uploads.length === 0) return;
    const known = files.paths();
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
    const folder = parentOf(focused());
    const uploads = [...(input.files ?? [])].map((file) => ({
      path: joined(folder, (file.webkitRelativePath || file.name).normalize("NFC")),
      file,
    }));
    input.value = "";
    receive(uploads.filter(({ path }) => !path.split("/").includes(".git")));
  }

  const menuActions: MenuActions = {
    hasClipboard: () => files.clipboard() !== undefined,
    targets: chosen,
    create: begin,
    upload: (row, kind) => {
      setSelection(only(row?.path));
      (kind === "file" ? filePicker : folderPicker).click();
    },
    take: (row, cut) => files.take(chosen(row), cut),
    paste: (row) => void paste(row),
    rename: (row) => setEditing({ kind: "rename", path: row.path }),
    duplicate: (row) => void duplicate(row),
    copyPath: (row) => void copyPath(row),
    history: (row) => props.onHistory(row.path),
    download: (row) => void (row ? transfers.downloadFile(row.path) : transfers.downloadProject()),
    remove: (row) => void remove(row),
  };
  function menuFor(row: Row | undefined): void {
    const box = (document.getElementById(`row ${row?.path}`) ?? scroller).getBoundingClientRect();
    setMenu({ x: box.left + 24, y: box.top + rowHeight, row });
  }

  const actions = {
    rows,
    focused,
    indexOf: (path: string) => positions().get(path) ?? -1,
    page: () => Math.max(1, Math.floor(scroller.clientHeight / rowHeight) - 1),
    go(index: number, extend: boolean): void {
      const path = rows()[index]?.path;
      if (path === undefined) return;
      setSelection(
        extend
          ? extended(
              selection(),
              rows().map((row) => row.path),
              path,
            )
          : only(path),
      );
      visible.scrollTo(index);
    },
    toggle,
    choose,
    rename: (row: Row) => void setEditing({ kind: "rename", path: row.path }),
    remove: (row: Row) => void remove(row),
    menu: menuFor,
    selectAll: () => setSelection({ ...selection(), paths: new Set(rows().map(({ path }) => path)) }),
    clear(): boolean {
      const hasOthers = selection().paths.size > 1;
      if (hasOthers) setSelection(only(selection().focused));
      return hasOthers;
    },
    take: (row: Row, cut: boolean) => files.take(chosen(row), cut),
    paste: (row: Row | undefined) => void paste(row),
    undo: files.undo,
  };
  function onKeyDown(event: KeyboardEvent): void {
    if (editing() || event.isComposing || !onTreeKey(event, actions)) return;
    event.preventDefault();
    event.stopPropagation();
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
    const moved = data.getData(moveType);
    if (moved === "") void droppedFiles(data, folder).then(receive, (error: unknown) => toast(messageOf(error)));
    else void files.move(moved.split("\n"), folder);
  }
  function onDrag(data: DataTransfer, row: Row): void {
    data.setData(moveType, chosen(row).join("\n"));
    data.setData("text/plain", row.path);
  }

  const creating = () => {
    const edit = editing();
    return edit && edit.kind !== "rename" ? edit : undefined;
  };
  const renaming = (path: string) => {
    const edit = editing();
    return edit?.kind === "rename" && edit.path === path ? edit : undefined;
  };

  return (
    <section class="flex h-full min-h-0 flex-col bg-panel" aria-label={text.section}>
      <ExplorerHeader
        title={workspace.project().name}
        onCreate={begin}
        onUpload={() => filePicker.click()}
        onCollapse={() => setOpen(new Set<string>())}
        onMenu={(at) => setMenu({ ...at, row: focused() })}
      />
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
      <Show when={creating()} keyed>
        {(edit) => (
          <NameField
            initial=""
            label={edit.kind === "file" ? text.newFileName : text.newFolderName}
            placeholder={edit.parent ? text.inFolder(edit.parent) : ""}
            problem={problem(edit)}
            onName={(name) => finish(edit, name)}
            onCancel={cancelEditing}
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
          <p class="p-3 text-sm text-quiet">{text.empty}</p>
        </Show>
      </Show>
      <div
        ref={scroller}
        role="tree"
        aria-label={text.tree}
        aria-multiselectable="true"
        tabindex="0"
        aria-activedescendant={focused() ? `row ${selection().focused}` : undefined}
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
          if (!row || !selection().paths.has(row.path)) setSelection(only(row?.path));
          setMenu({ x: event.clientX, y: event.clientY, row });
        }}
      >
        <div style={{ height: `${visible.height()}px`, position: "relative" }}>
          <For each={visible.indexes()}>
            {(index) => (
              <Show when={rows()[index]}>
                {(row) => (
                  <div
                    data-path={row().path}
                    class="absolute inset-x-0"
                    style={{ top: `${index * rowHeight}px`, height: `${rowHeight}px` }}
                  >
                    <Show
                      when={renaming(row().path)}
                      fallback={
                        <TreeItem
                          row={row()}
                          isActive={props.active === row().path}
                          isSelected={selection().paths.has(row().path)}
                          isFocused={selection().focused === row().path}
                          isTarget={dropTarget() === row().path && row().isFolder}
                          isCut={isCut(row().path)}
                          onChoose={(event) => onClick(event, row())}
                          onPin={() => choose(row(), true)}
                          onDrag={(data) => onDrag(data, row())}
                        />
                      }
                      keyed
                    >
                      {(edit) => (
                        <NameField
                          initial={nameOf(edit.path)}
                          label={text.newNameOf(nameOf(edit.path))}
                          problem={problem(edit)}
                          onName={(name) => finish(edit, name)}
                          onCancel={cancelEditing}
                        />
                      )}
                    </Show>
                  </div>
                )}
              </Show>
            )}
          </For>
        </div>
      </div>
      <Show when={transfers.transfers.length > 0}>
        <Suspense>
          <TransferStrip transfers={transfers.transfers} />
        </Suspense>
      </Show>
      <LazyMenu
        at={menu()}
        label={text.actions}
        items={menuItems(menu()?.row, menuActions)}
        onClose={() => setMenu(undefined)}
      />
      <Show when={asked()}>
        {(waiting) => (
          <TakenDialog
            taken={waiting().taken}
            count={waiting().uploads.length}
            onAnswer={answer}
            onClose={() => setAsked(undefined)}
          />
        )}
      </Show>
    </section>
  );
}
