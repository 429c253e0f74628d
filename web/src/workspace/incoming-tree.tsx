import ChevronRight from "lucide-solid/icons/chevron-right";
import FileIcon from "lucide-solid/icons/file";
import Folder from "lucide-solid/icons/folder";
import { createResource, createSignal, For, Show } from "solid-js";
import { text as common } from "#text/common.ts";
import { text } from "#text/source.ts";
import type { IncomingFolder } from "@slipway/contract/github";
import { listIncoming } from "@slipway/contract/routes/github";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { latest } from "../components/latest.ts";

/** A repository's folders while its files are imported. A folder is read when it is opened. */
export function IncomingTree(props: { projectID: string; root: IncomingFolder }) {
  return (
    <div class="card max-h-[40vh] overflow-y-auto py-2 text-sm">
      <Entries {...props} list={props.root} folder="" depth={0} label={text.importing.files} />
    </div>
  );
}

function Entries(props: { projectID: string; list: IncomingFolder; folder: string; depth: number; label: string }) {
  const indent = () => `${props.depth * 16 + 12}px`;
  return (
    <ul aria-label={props.label}>
      <For each={props.list.entries}>
        {({ name, files }) => (
          <Show
            when={files !== undefined}
            fallback={
              <li class="flex h-7 items-center gap-2 pr-4" style={{ "padding-left": `calc(${indent()} + 18px)` }}>
                <FileIcon size={14} class="shrink-0 text-quiet" />
                <span class="min-w-0 truncate">{name}</span>
              </li>
            }
          >
            <OpenableFolder {...props} name={name} files={files ?? 0} />
          </Show>
        )}
      </For>
      <Show when={!props.list.isComplete}>
        <li class="flex h-7 items-center pr-4 text-xs text-quiet" style={{ "padding-left": indent() }}>
          {text.importing.more}
        </li>
      </Show>
    </ul>
  );
}

function OpenableFolder(props: { projectID: string; folder: string; name: string; files: number; depth: number }) {
  const [isOpen, setOpen] = createSignal(false);
  const path = () => (props.folder === "" ? props.name : `${props.folder}/${props.name}`);
  const [list] = createResource(
    () => isOpen() && path(),
    (folder) => call(listIncoming, { params: { id: props.projectID }, query: { folder } }),
  );
  return (
    <li>
      <button
        class="touch-target flex h-7 w-full items-center gap-1 pr-4 text-left hover:bg-panel"
        style={{ "padding-left": `${props.depth * 16 + 12}px` }}
        aria-expanded={isOpen()}
        onClick={() => setOpen(!isOpen())}
      >
        <ChevronRight size={14} class="shrink-0 text-quiet" classList={{ "rotate-90": isOpen() }} />
        <Folder size={14} class="mr-1 shrink-0 text-quiet" />
        <span class="min-w-0 truncate">{props.name}</span>
        <span class="ml-auto shrink-0 pl-2 text-xs text-quiet tabular-nums">{text.importing.filesIn(props.files)}</span>
      </button>
      <Show when={isOpen()}>
        <Show
          when={latest(list)}
          fallback={
            <p class="px-4 text-xs text-quiet" role="status">
              {list.error ? messageOf(list.error) : common.loading}
            </p>
          }
        >
          {(known) => (
            <Entries
              projectID={props.projectID}
              list={known()}
              folder={path()}
              depth={props.depth + 1}
              label={text.importing.filesOf(path())}
            />
          )}
        </Show>
      </Show>
    </li>
  );
}
