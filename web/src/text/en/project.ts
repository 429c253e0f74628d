import { count } from "./count.ts";

/** A project's bar and settings. */
export const text = {
  // The bar.
  commandsGroup: "Project",
  settings: "Project settings",
  renameProject: "Rename project",
  rename: "Rename",
  nameLabel: "Project name",
  saved: "Saved",
  saving: "Saving…",
  offline: "Offline",
  resolveConflict: "Resolve conflict",
  offlineWith: (edits: number) => `Offline, ${kept(edits)}`,
  notSavedWith: (edits: number) => `Not saved, ${kept(edits)}`,
  unreachable: "The server cannot be reached. What you type is kept in this browser.",
  // Settings.
  model: "Model",
  defaultModel: "Team default",
  byOwnKey: (name: string) => `${name} (your key)`,
  byTeamKey: (name: string) => `${name} (team's key)`,
  goneModel: (name: string) => `${name} (no longer offered: the default answers)`,
  riskyActions: "Risky actions",
  policies: { ask: "Ask me", allow: "Allow without asking", deny: "Never allow" } as const,
  commands: {
    installCommand: "Install command",
    devCommand: "Development command",
    testCommand: "Test command",
  } as const,
  run: "Run",
  runNamed: (label: string) => `Run: ${label}`,
  prestart: "Start the sandbox when the project opens",
  costLimit: "Ask before a run costs more than (US dollars)",
  costLimitAbout: "The run is paused until you answer. Empty for no limit.",
  noLimit: "No limit",
  prestartAbout: "Terminals and commands are ready sooner. The sandbox stops when it is idle.",
  save: "Save",
  settingsSaved: "Project settings saved",
  permissions: "Saved permissions",
  noPermissions: "No saved permissions yet",
  allow: (title: string) => `Allow: ${title}`,
  deny: (title: string) => `Deny: ${title}`,
  inConversation: "in one conversation",
  inProject: "in this project",
  revoke: "Revoke",
  deleteProject: "Delete project…",
};

function kept(edits: number): string {
  return `${count(edits, "edit", "edits")} kept`;
}
