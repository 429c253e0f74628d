import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The editor in the page's own tokens, so that one theme serves day and night. */
export const theme = [
  EditorView.theme({
    "&": { height: "100%", fontSize: "13px", backgroundColor: "var(--paper)", color: "var(--ink)" },
    ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "20px" },
    ".cm-gutters": { backgroundColor: "var(--paper)", color: "var(--quiet)", border: "none" },
    ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--panel) 70%, transparent)" },
    "&.cm-focused": { outline: "none" },
    ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
      backgroundColor: "var(--accent-soft)",
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
