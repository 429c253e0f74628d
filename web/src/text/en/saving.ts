/** How files are kept and saved. */
export const text = {
  saving: "Saving…",
  noDrafts: "This browser can't keep drafts. A reload loses whatever isn't saved yet.",
  folder: "This is a folder.",
  unreadable: "The file could not be read. Try again.",
  kept: (paths: readonly string[]) => `Not undone, because changed since: ${paths.slice(0, 3).join(", ")}`,
};
