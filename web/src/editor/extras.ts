import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import type { Extension } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import { findPanel } from "./find-panel.ts";

/** What an editor needs once a person turns to it, and not to show its text. One import, loaded on demand. */

export { ghostText } from "./ghost-text.ts";
export { quickEdit } from "./quick-edit.ts";
export { selectionMenu } from "./selection-menu.ts";
export { openFind } from "./find-panel.ts";
export { stickyScroll } from "./sticky-scroll.ts";
export { symbolsOf } from "./symbols.ts";

export const finding: Extension = [
  findPanel,
  keymap.of(searchKeymap.filter(({ key }) => key !== "Mod-f" && key !== "Mod-Alt-g")),
];

/** Costs time with the length of a line. */
export const matchMarkers: Extension = highlightSelectionMatches();
