import Ellipsis from "lucide-solid/icons/ellipsis";
import FilePlus from "lucide-solid/icons/file-plus";
import Fold from "lucide-solid/icons/chevrons-down-up";
import FolderPlus from "lucide-solid/icons/folder-plus";
import UploadIcon from "lucide-solid/icons/upload";
import type { JSX } from "solid-js";
import { text } from "#text/explorer.ts";
import { below } from "../components/below.ts";

export function ExplorerHeader(props: {
  title: string;
  onCreate(kind: "file" | "folder"): void;
  onUpload(): void;
  onCollapse(): void;
  onMenu(at: { x: number; y: number }): void;
}) {
  return (
    <div class="flex h-9 shrink-0 items-center border-b border-line pr-1 pl-3">
      <h2 class="grow truncate text-xs font-semibold text-quiet" title={props.title}>
        {props.title}
      </h2>
      <Action label={text.newFile} run={() => props.onCreate("file")}>
        <FilePlus size={15} />
      </Action>
      <Action label={text.newFolder} run={() => props.onCreate("folder")}>
        <FolderPlus size={15} />
      </Action>
      <Action label={text.uploadFiles} run={() => props.onUpload()}>
        <UploadIcon size={15} />
      </Action>
      <Action label={text.collapseAll} run={() => props.onCollapse()}>
        <Fold size={15} />
      </Action>
      <button
        class="icon-button"
        aria-haspopup="menu"
        aria-label={text.moreActions}
        title={text.more}
        onClick={(event) => props.onMenu(below(event))}
      >
        <Ellipsis size={15} />
      </button>
    </div>
  );
}

function Action(props: { label: string; run(): void; children: JSX.Element }) {
  return (
    <button class="icon-button" aria-label={props.label} title={props.label} onClick={() => props.run()}>
      {props.children}
    </button>
  );
}
