import { count } from "#text/count.ts";

/** On every page: commands, the user menu and the inbox. */
export const text = {
  newProject: "New project",
  blankProject: "Blank project",
  importRepository: "Import repository",
  goToAnything: "Go to anything",
  allCommands: "All commands",
  shortcuts: "Keyboard shortcuts",
  settings: "Settings",
  peopleAndPlans: "People and plans",
  signOut: "Sign out",
  changeTheme: "Change theme",
  groups: { slipway: "Slipway", go: "Go", view: "View", projects: "Projects" },
  userMenu: (name: string) => `${name}: settings and sign out`,
  you: "Your account",
  themes: { system: "System theme", light: "Light theme", dark: "Dark theme" },
  checked: (label: string) => `✓ ${label}`,

  inbox: "Inbox",
  inboxLabel: (pending: number) =>
    pending === 0 ? "Inbox: no pending approvals" : `Inbox: ${count(pending, "request", "requests")}`,
  approvals: "Pending approvals",
  requests: "Requests for more runs",
  caughtUp: "You're all caught up. Approval requests appear here.",
  asksForPro: (name: string) => `${name} asks for Pro`,
  asksForMore: (name: string) => `${name} asks for a higher limit`,
  answerRequest: "Answer",
};
