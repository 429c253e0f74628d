import type { Concept, Feature, Form, Stack, Tool, Topic } from "../languages/language.ts";

/** What a request may name, by kind; each language has the words for it. */

export const topics: readonly Topic[] = [
  "kanban",
  "dashboard",
  "snake",
  "noughts",
  "quiz",
  "pomodoro",
  "calculator",
  "expenses",
  "password",
  "notes",
  "todo",
];
export const stacks: readonly Stack[] = [
  "react",
  "solid",
  "vite",
  "typescript",
  "express",
  "hono",
  "node",
  "go",
  "python",
];
export const forms: readonly Form[] = ["api", "server", "cli", "site", "game", "app", "mobile"];
export const tools: readonly Tool[] = ["duplicates", "csvsummary", "csvjson", "wordcount", "rename"];
export const features: readonly Feature[] = [
  "theme",
  "sound",
  "wrap",
  "computer",
  "search",
  "due",
  "csv",
  "tests",
  "validation",
  "persist",
  "score",
  "filter",
  "drag",
  "keyboard",
  "responsive",
  "charts",
  "contact",
];

/** All of them, in the order in which a request is read. */
export const concepts: readonly Concept[] = [
  "landing",
  ...topics,
  ...stacks,
  "foreign",
  ...forms,
  ...tools,
  ...features,
  "beyond",
];
