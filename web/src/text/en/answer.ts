import { count } from "#text/count.ts";

/** What an answer took, and what it still has to do. */
export const text = {
  context: (part: number) => `Context ${part < 1 ? "< 1" : part} %`,
  contextAbout: (tokens: number, limit: number, window: number) =>
    `${tokens.toLocaleString("en")} tokens of the model's ${window.toLocaleString("en")}. The conversation is shortened at ${limit.toLocaleString("en")}; /compact shortens it now.`,
  took: (read: number, cached: number, wrote: number) =>
    `The model read ${count(read, "token", "tokens")} (${cached} % from its cache) and wrote ${wrote.toLocaleString("en")}.`,
  fork: "Fork after this",
  goOn: "Go on",
  stopHere: "Stop here",
  todo: "To do",
  todoCount: (done: number, all: number) => `${done} of ${all} done`,
  todoStates: { open: "To do", doing: "In progress", done: "Done" },
  finishedTitle: (project: string) => `${project}: the agent finished`,
  asksTitle: (project: string) => `${project}: the agent asks`,
  failedTitle: (project: string) => `${project}: the run failed`,
};
