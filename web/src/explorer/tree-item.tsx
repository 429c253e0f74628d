import ChevronDown from "lucide-solid/icons/chevron-down";
import ChevronRight from "lucide-solid/icons/chevron-right";
import { Show } from "solid-js";
import { FileIcon } from "../code/file-icon.tsx";
import type { Row } from "./tree.ts";

/** A file or folder of the tree. */
export function TreeItem(props: {
  row: Row;
  isActive: boolean;
  isSelected: boolean;
  isFocused: boolean;
  isTarget: boolean;
  isCut: boolean;
  onChoose(event: MouseEvent): void;
  onPin(): void;
  onDrag(data: DataTransfer): void;
}) {
  return (
    <div
      id={`row ${props.row.path}`}
      role="treeitem"
      aria-label={props.row.name}
      aria-level={props.row.depth + 1}
      aria-expanded={props.row.isFolder ? props.row.isOpen : undefined}
      aria-selected={props.isSelected}
      aria-current={props.isActive ? "true" : undefined}
      draggable="true"
      class="flex h-full cursor-pointer items-center gap-1 pr-2 text-sm hover:bg-raised"
      classList={{
        "bg-accent-soft": props.isSelected || props.isActive || props.isTarget,
        "outline outline-1 -outline-offset-1 outline-line": props.isFocused,
        "opacity-60": props.isCut,
      }}
      style={{ "padding-left": `${8 + props.row.depth * 14}px` }}
      title={props.row.path}
      onClick={(event) => props.onChoose(event)}
      onDblClick={() => props.row.isFolder || props.onPin()}
      onDragStart={(event) => event.dataTransfer && props.onDrag(event.dataTransfer)}
    >
      <span class="inline-flex w-4 shrink-0 justify-center text-quiet">
        <Show when={props.row.isFolder} fallback={<FileIcon path={props.row.path} />}>
          <Show when={props.row.isOpen} fallback={<ChevronRight size={14} />}>
            <ChevronDown size={14} />
          </Show>
        </Show>
      </span>
      <span class="truncate whitespace-pre">{props.row.name}</span>
    </div>
  );
}
