/** Terminals. */
export const text = {
  terminal: "Terminal",
  terminals: "Terminals",
  group: "Terminal",
  new: "New terminal",
  split: "Split terminal",
  kill: "Kill terminal",
  clear: "Clear terminal",
  find: "Find in terminal",
  rename: "Rename terminal",
  nameLabel: "Terminal name",
  close: "Hide panel",
  closeNamed: (name: string) => `Kill ${name}`,
  actions: "Terminal actions",
  screenReader: "Screen reader mode",
  tooMany: "16 terminals are open. Close one first.",
  // States.
  connecting: "Connecting…",
  away: "The sandbox is not running. What was printed is still here.",
  exited: (code: number | null, signal: string | null) =>
    signal === null ? `The shell exited with code ${code ?? 0}.` : `The shell was ended by ${signal}.`,
  newShell: "new shell",
  skipped: "some output was skipped",
  // Keys.
  help: "Press Ctrl+M to let Tab move the focus out of the terminal.",
  tabMovesFocus: "Tab moves focus. Press Ctrl+M to give Tab back to the terminal.",
  extraKeys: "Extra keys",
  keys: { tab: "Tab", ctrl: "Ctrl", escape: "Esc", up: "Up", down: "Down", left: "Left", right: "Right" } as const,
  // Search.
  findLabel: "Find",
  findPrevious: "Previous match",
  findNext: "Next match",
  findClose: "Close find",
  found: (at: number, total: number) => (total === 0 ? "No results" : `${at} of ${total}`),
  // Paste.
  pasteTitle: (lines: number) => `Paste ${lines} lines?`,
  pasteAbout: "The program may run each line as soon as it is pasted.",
  paste: "Paste",
  // Links.
  openFile: (place: string) => `Open ${place}`,
  openAddress: (address: string) => `Open ${address}`,
  openPort: (port: number) => `Open preview of port ${port}`,
};
