import { asSchema, jsonSchema, tool, type ToolSet } from "ai";
import { z } from "zod";

/** Tools as a model was once offered them: a release that words one differently must not change what stands before. */

export const FrozenTool = z.object({
  name: z.string(),
  description: z.string().optional(),
  inputSchema: z.record(z.string(), z.unknown()),
});
export type FrozenTool = z.infer<typeof FrozenTool>;

export async function freeze(tools: ToolSet): Promise<FrozenTool[]> {
  return Promise.all(
    Object.entries(tools).map(async ([name, { description, inputSchema }]) => ({
      name,
      ...(typeof description === "string" ? { description } : {}),
      inputSchema: z.record(z.string(), z.unknown()).parse(await asSchema(inputSchema).jsonSchema),
    })),
  );
}

/** Without an `execute` and without a check of inputs: both are the executor's. */
export function thaw(tools: readonly FrozenTool[]): ToolSet {
  return Object.fromEntries(
    tools.map(({ name, description, inputSchema }) => [
      name,
      tool({ inputSchema: jsonSchema(inputSchema), ...(description === undefined ? {} : { description }) }),
    ]),
  );
}

/** Whether both offer tools of the same names. */
export function isSameChoice(tools: readonly FrozenTool[], others: readonly FrozenTool[]): boolean {
  const names = (all: readonly FrozenTool[]) => all.map(({ name }) => name).toSorted();
  return JSON.stringify(names(tools)) === JSON.stringify(names(others));
}
