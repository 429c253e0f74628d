import type { ToolSet } from "ai";
import type { BoundTool, Tool } from "./tool.ts";

/** Tools by name. */
export interface Toolbox {
  /** What the model is offered. */
  readonly definitions: ToolSet;
  /** For cards; the name itself when there is no such tool. */
  titleOf(name: string): string;
  /** Whether calls of it in a row run side by side. */
  reads(name: string): boolean;
  /** Undefined when there is no such tool. @throws ZodError when the input does not fit */
  bind(name: string, input: unknown): BoundTool | undefined;
}

export function createToolbox(tools: readonly Tool[]): Toolbox {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  return {
    definitions: Object.fromEntries(tools.map(({ name, definition }) => [name, definition])),
    titleOf: (name) => byName.get(name)?.title ?? name,
    reads: (name) => byName.get(name)?.reads ?? false,
    bind: (name, input) => byName.get(name)?.bind(input),
  };
}
