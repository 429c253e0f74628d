import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The editor in the page's colour tokens, so that one theme serves both modes. */
export const theme = [
  EditorView.theme({
    "&": { height: "100%", fontSize: "var(--editor-size, 13px)", backgroundColor: "var(--paper)", color: "var(--ink)" },
    ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.54" },
    ".cm-gutters": { backgroundColor: "var(--paper)", color: "var(--quiet)", border: "none" },
    ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--panel) 70%, transparent)" },
    "&.cm-focused": { outline: "none" },
    ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
      backgroundColor: "var(--accent-soft)",
    },
    ".cm-ghost": { color: "var(--quiet)", fontStyle: "italic", whiteSpace: "pre-wrap" },
    ".cm-quick": {
      display: "flex",
      flexWrap: "wrap",
      alignItems: "center",
      gap: "8px",
      padding: "6px 12px",
      background: "var(--panel)",
      borderTop: "1px solid var(--line)",
      borderBottom: "1px solid var(--line)",
      fontFamily: "var(--font-sans)",
    },
    ".cm-quick > input": { flex: "0 1 420px", width: "auto", minWidth: "160px", padding: "4px 10px" },
    ".cm-quick > span": { flex: "0 1 auto", overflowWrap: "anywhere" },
    ".cm-quick-selected": { backgroundColor: "var(--accent-soft)" },
    ".cm-quick-removed, .cm-deletedChunk": { backgroundColor: "var(--bad-soft)" },
    ".cm-quick-added": {
      margin: "0",
      padding: "0 6px 0 6px",
      backgroundColor: "var(--good-soft)",
      whiteSpace: "pre-wrap",
    },
    ".cm-selection-menu": {
      display: "flex",
      gap: "2px",
      padding: "2px",
      fontFamily: "var(--font-sans)",
      fontSize: "12px",
    },
    // Not for what a search has selected.
    "&:not(.cm-focused, :has(.cm-selection-menu :focus)) .cm-selection-menu": { display: "none" },
    ".cm-selection-menu > button": { padding: "2px 8px", borderRadius: "4px", color: "var(--ink)" },
    ".cm-selection-menu > button:hover": { backgroundColor: "var(--panel)" },
    "&.cm-merge-b .cm-changedLine, .cm-insertedLine, .cm-changedLine": { backgroundColor: "var(--good-soft)" },
    "&.cm-merge-a .cm-changedLine": { backgroundColor: "var(--bad-soft)" },
    "&.cm-merge-b .cm-changedText, .cm-changedText": {
      background: "color-mix(in srgb, var(--good) 22%, transparent)",
    },
    "&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText": {
      background: "color-mix(in srgb, var(--bad) 22%, transparent)",
    },
    // On these backgrounds syntax colours lack contrast.
    ".cm-changedText, .cm-changedText *, .cm-deletedText, .cm-deletedText *": { color: "var(--ink) !important" },
    ".cm-deletedChunk": { paddingLeft: "6px" },
    ".cm-changeGutter": { width: "3px", paddingLeft: "0" },
    ".cm-changeGutter .cm-changedLineGutter": { background: "var(--good)" },
    ".cm-changeGutter .cm-deletedLineGutter": { background: "var(--bad)" },
    ".cm-content .cm-collapsedLines:before, .cm-content .cm-collapsedLines:after": { display: "none" },
    ".cm-content .cm-collapsedLines": {
      background: "var(--panel)",
      color: "var(--quiet)",
      padding: "4px 12px",
      fontFamily: "var(--font-sans)",
      fontSize: "12px",
    },
    ".cm-panels": { backgroundColor: "var(--panel)", color: "var(--ink)", borderColor: "var(--line)" },
    ".cm-textfield, .cm-button": {
      background: "var(--raised)",
      color: "var(--ink)",
      border: "1px solid var(--line)",
      borderRadius: "6px",
    },
    ".cm-tooltip": { backgroundColor: "var(--raised)", border: "1px solid var(--line)", borderRadius: "6px" },
    ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent-soft)", color: "var(--ink)" },
    ".cm-content .cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--accent-soft) 60%, transparent)" },
    ".cm-content .cm-searchMatch": { backgroundColor: "var(--warn-soft)", outline: "1px solid var(--warn)" },
    ".cm-content .cm-searchMatch-selected": { backgroundColor: "var(--accent-soft)" },
    ".cm-matchingBracket": { backgroundColor: "var(--accent-soft)", outline: "1px solid var(--accent)" },
    ".cm-foldPlaceholder": { backgroundColor: "var(--panel)", border: "1px solid var(--line)", color: "var(--quiet)" },
  }),
  syntaxHighlighting(
    HighlightStyle.define([
      { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--code-keyword)" },
      { tag: [tags.string, tags.regexp, tags.special(tags.string)], color: "var(--code-string)" },
      { tag: [tags.comment, tags.meta], color: "var(--quiet)", fontStyle: "italic" },
      { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-number)" },
      { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: "var(--code-function)" },
      { tag: [tags.typeName, tags.className, tags.tagName], color: "var(--code-type)" },
      { tag: [tags.propertyName, tags.attributeName], color: "var(--code-property)" },
      { tag: tags.heading, fontWeight: "600" },
      { tag: tags.link, color: "var(--accent)", textDecoration: "underline" },
    ]),
  ),
];
