import type { Feature } from "../languages/language.ts";
import type { Wish } from "../understand/wish.ts";

/** A kind of project, as it can be offered. */
export type Choice = BrowserKind | "site" | "landing" | "react" | "solid" | "vite" | ApiKind | CliTool;
export type BrowserKind =
  | "snake"
  | "noughts"
  | "quiz"
  | "todo"
  | "kanban"
  | "dashboard"
  | "pomodoro"
  | "calculator"
  | "notes"
  | "expenses"
  | "password";
export type ApiKind = "node" | "express" | "hono" | "go" | "python-server";
export type CliTool = "duplicates" | "wordcount" | "rename" | "csvjson" | "csvsummary" | "todo-cli" | "password-cli";

export interface Kind {
  /** Built in whether asked for or not. */
  always: readonly Feature[];
  /** Built when asked for, and later on request. */
  optional: readonly Feature[];
  make(wish: Wish, title: string): DemoProject;
}

/** A project that is ready to be written. */
export interface DemoProject {
  files: Record<string, string>;
  /** Shell commands; none for a page that is just opened. */
  run: string;
  /** What stands in the README below the title. */
  about: string;
  /** Whether its texts are samples. */
  isSample?: boolean;
}
