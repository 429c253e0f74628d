import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { indentationMarkers } from "@replit/codemirror-indentation-markers";
import { theme } from "../code/theme.ts";

const markerColors = {
  light: "var(--line)",
  dark: "var(--line)",
  activeLight: "var(--quiet)",
  activeDark: "var(--quiet)",
};

/** What every file has. */
export const basics: Extension = [
  // Only \n separates lines; other separators stay in the text as they are.
  EditorState.lineSeparator.of("\n"),
  // The clipboard of Windows has CRLF. The file's own line ends are put back when it is saved.
  EditorView.clipboardInputFilter.of((pasted) => pasted.replace(/\r\n?/g, "\n")),
  lineNumbers(),
  highlightActiveLineGutter(),
  highlightActiveLine(),
  history(),
  foldGutter(),
  drawSelection(),
  EditorState.allowMultipleSelections.of(true),
  EditorView.clickAddsSelectionRange.of((event) => event.altKey || event.ctrlKey || event.metaKey),
  rectangularSelection({ eventFilter: (event) => event.altKey && event.shiftKey && event.button === 0 }),
  closeBrackets(),
  autocompletion(),
  keymap.of([
    ...closeBracketsKeymap,
    ...defaultKeymap,
    ...historyKeymap,
    ...foldKeymap,
    ...completionKeymap,
    indentWithTab,
  ]),
  theme,
];

/** What costs time with the length of a line, so that files with very long lines do without. */
export const markers: Extension = [indentOnInput(), bracketMatching(), indentationMarkers({ colors: markerColors })];
