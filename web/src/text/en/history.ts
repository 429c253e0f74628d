/** Earlier versions of a file. */
export const text = {
  of: (path: string) => `Versions of ${path}`,
  changesSince: (path: string) => `Changes of ${path} since this version`,
  none: "No versions are kept of this file. Changes of the last 90 days are.",
  older: "Show older versions",
  restore: "Restore this version",
  restored: "Version restored",
  same: "Same as the current file.",
  current: "Current",
  you: "You",
  agent: "Agent",
  github: "GitHub",
  other: "Someone else",
  sync: "Sandbox",
  open: "Open file",
};
