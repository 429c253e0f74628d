import { createSignal } from "solid-js";

/** What the focused editor tells the rest of the page. */
export interface EditorStatus {
  path: string;
  /** From 1. */
  line: number;
  column: number;
  /** Characters. */
  selected: number;
  cursors: number;
  /** One level: a tab or spaces. */
  indentation: string;
  /** Shown without colours, because of long lines. */
  isPlain: boolean;
  isReadOnly: boolean;
  /** Tab moves the focus instead of indenting. */
  isTabFree: boolean;
}
/** A declaration of a file. */
export interface OutlineItem {
  name: string;
  line: number;
  /** Nesting from 0. */
  depth: number;
}

export const [editorStatus, setEditorStatus] = createSignal<EditorStatus>();
/** The declarations of the focused editor's file, while the outline is open. */
export const [outline, setOutline] = createSignal<readonly OutlineItem[]>([]);
