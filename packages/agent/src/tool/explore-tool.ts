import { z } from "zod";
import { defineTool } from "./tool.ts";

/** Has a subagent look into a question: what it reads stays out of the conversation. */
export const explore = defineTool({
  name: "explore",
  title: "Explore",
  description:
    "Gives a question about the project to another agent, which lists, searches and reads, changes nothing, and answers in text. It sees nothing of this conversation, so say all that it needs and what to answer. Use it for what takes many files to find out; several calls in one answer run side by side.",
  reads: true,
  input: z.object({ question: z.string().min(1).max(8000) }),
  run: ({ question }, { explore: ask }) => ask(question),
});
