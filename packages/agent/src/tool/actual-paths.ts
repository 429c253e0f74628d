import * as File from "@slipway/core/file";
import type { ToolContext } from "./tool.ts";

export async function actualPath(context: ToolContext, path: string): Promise<string> {
  const [actual = path] = await actualPaths(context, [path]);
  return actual;
}

/** The paths as they are stored: a model writes a name in another Unicode form than its file has. */
export function actualPaths({ actor, projectID }: ToolContext, paths: readonly string[]): Promise<string[]> {
  return File.actualPaths(actor, projectID, paths);
}
