import { z } from "zod";
import { defineTool } from "./tool.ts";

const marks = { open: "[ ]", doing: "[~]", done: "[x]" } as const;

/** A list that people see and that outlives a shortened conversation. It changes nothing in the project. */
export const updateTodos = defineTool({
  name: "update_todos",
  title: "To do",
  description:
    "Keeps a list of what is to be done, which the person sees. Each call replaces the whole list. Use it for work of three steps or more: one item is being done at a time, and each is marked as soon as it is done.",
  reads: true,
  input: z.object({
    todos: z.array(z.object({ text: z.string().min(1).max(200), state: z.enum(["open", "doing", "done"]) })).max(50),
  }),
  run: ({ todos }) =>
    Promise.resolve({
      output: todos.length === 0 ? "Nothing." : todos.map(({ text, state }) => `${marks[state]} ${text}`).join("\n"),
      told: "The list is updated.",
    }),
});
