import { count } from "./count.ts";

export const text = {
  open: "Open preview",
  tab: (name: string) => (name === "" ? "Preview" : `Preview: ${name}`),
  toolbar: "Preview",
  back: "Back",
  forward: "Forward",
  reload: "Reload",
  address: "Address in the project",
  newTab: "Open in a new tab",
  frame: (title: string) => (title === "" ? "Preview" : `Preview of ${title}`),
  loading: "Loading the preview…",
  problems: (n: number) => count(n, "problem", "problems"),
  problemList: "Problems on the page",
  fix: "Ask the agent to fix",
  hide: "Hide problems",
  ask: (page: string, problems: readonly string[]) =>
    `The preview of @${/\s/.test(page) ? `"${page}"` : page} reports:\n\`\`\`\n${problems.join("\n")}\n\`\`\`\nFind the cause and fix it.`,
  unavailable: "The preview",
};
