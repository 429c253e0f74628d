import { count } from "./count.ts";

const number = new Intl.NumberFormat("en");

/** The editor and its panels. */
export const text = {
  keysGroup: "Text",
  commandsGroup: "Editor",
  symbolGroup: "Symbol",
  lineGroup: "Line",
  // Commands.
  goToSymbol: "Go to symbol in file",
  goToLine: "Go to line",
  find: "Find",
  findAndReplace: "Find and replace",
  replaceWith: "Replace with",
  replace: "Replace",
  replaceAll: "Replace all",
  previousMatch: "Previous match (Shift+Enter)",
  nextMatch: "Next match (Enter)",
  closeFind: "Close (Escape)",
  findOptions: {
    caseSensitive: ["Aa", "Match case"],
    wholeWord: ["W", "Whole words"],
    regexp: [".*", "Regular expression"],
  } as const,
  invalidPattern: "Invalid pattern",
  matches({ current, count: all, isCut }: { current: number; count: number; isCut: boolean }): string {
    if (all === 0) return "No results";
    const total = isCut ? `${number.format(all)}+` : number.format(all);
    return current > 0 ? `${number.format(current)} of ${total}` : `${total} found`;
  },
  format: "Format document",
  cannotFormat: (name: string) => `${name} can't be formatted: there is no formatter for its language.`,
  formatFailed: (why: string) => `Not formatted: ${why}`,
  quickEdit: "Quick edit",
  addToChat: "Add to chat",
  selectNext: "Select next occurrence",
  addCursor: "Add cursor",
  moveLine: "Move line",
  toggleComment: "Toggle comment",
  complete: "Trigger completion",
  tabMovesFocus: "Tab key moves focus",
  toggleMinimap: "Toggle minimap",
  saveNow: "Save",
  line: (n: number) => `line ${n}`,
  leaveHint: "To leave the editor with the keyboard, press Escape, then Tab.",
  outline: "Outline",
  noSymbols: "No symbols in this file",
  // Settings.
  stickyScroll: "Sticky scroll",
  stickyScrollAbout: "Keeps the lines of enclosing functions and classes in view.",
  bracketColors: "Colour bracket pairs",
  ligatures: "Ligatures",
  ligaturesAbout: "Draws => and === as one sign.",
  formatOnSave: "Format on save",
  formatOnSaveAbout: "Prettier formats JavaScript, TypeScript, CSS, HTML, JSON, Markdown and YAML on Ctrl+S.",
  // Quick edit.
  quickEditPlaceholder: "Describe the change. Linked pages are read.",
  quickEditLabel: "What to change in the selection",
  change: "Change",
  accept: "Accept",
  reject: "Reject",
  changing: (instruction: string) => `Changing: ${instruction}`,
  notRead: (pages: readonly string[]) => `Could not read: ${pages.join(" · ")}`,
  quickEditFailed: "The quick edit failed. Try again.",
  suggestion: (suggested: string) => `Suggestion: ${suggested}. Press Tab to accept.`,
  // The file.
  pathOfFile: "File path",
  deletedElsewhere: "This file was deleted elsewhere. Your edits are only in this browser.",
  restoreFile: "Restore file",
  readOnlyRole: "You can read this project but not change it.",
  tooLarge: "This file is larger than 2 MB, so it is read-only here. The agent can change it, or you can download it.",
  notSaved: (why: string) => `Not saved: ${why} Your edits are kept in this browser; saving is retried.`,
  cannotShow: "This file is not text and cannot be shown here.",
  download: "Download",
  // A conflict.
  conflict: "The same lines were changed elsewhere. Copy the changes that you want to your side, then use it.",
  theirs: "Theirs",
  yours: "Yours",
  theirsOf: (path: string) => `Theirs: ${path}`,
  yoursOf: (path: string) => `Yours: ${path}`,
  useMine: "Use mine",
  useTheirs: "Use theirs",
  lines: (n: number) => count(n, "line", "lines"),
};
