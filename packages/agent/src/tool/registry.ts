import { tool as describe, type ToolSet } from "ai";
import { fetchURL } from "./fetch-tool.ts";
import { listFiles, readFile, searchFiles } from "./read-tools.ts";
import type { Risk, Tool, ToolContext, ToolOutcome } from "./tool.ts";
import { createFile, createFolder, deleteFiles, editFile, moveFiles, patchFiles, renameFile } from "./write-tools.ts";

/** A tool whose input has been checked against its own schema. */
export interface BoundTool {
  risk(context: ToolContext): Promise<Risk>;
  run(context: ToolContext): Promise<ToolOutcome>;
}

interface Entry {
  name: string;
  definition: ToolSet[string];
  bind(input: unknown): BoundTool;
}

function entry<I>(definition: Tool<I>): Entry {
  return {
    name: definition.name,
    // No `execute`: our executor runs the call, by its id, when the step is safe.
    definition: describe({ description: definition.description, inputSchema: definition.input }) as ToolSet[string],
    bind(raw) {
      const input = definition.input.parse(raw);
      return {
        risk: async (context) => definition.risk?.(input, context),
        run: (context) => definition.run(input, context),
      };
    },
  };
}

const entries: readonly Entry[] = [
  entry(listFiles),
  entry(readFile),
  entry(searchFiles),
  entry(createFile),
  entry(editFile),
  entry(patchFiles),
  entry(renameFile),
  entry(moveFiles),
  entry(deleteFiles),
  entry(createFolder),
  entry(fetchURL),
];

/** What the model is offered. */
export const toolSet: ToolSet = Object.fromEntries(entries.map(({ name, definition }) => [name, definition]));

/** A call's tool with its input. Undefined for a name that is not offered. @throws ZodError */
export function bind(name: string, input: unknown): BoundTool | undefined {
  return entries.find((candidate) => candidate.name === name)?.bind(input);
}
