import { z } from "zod";
import { readStored, writeStored } from "../stores/stored.ts";

/** Cursor and scroll of the most recent files, kept in this browser. */
const View = z.object({ head: z.number(), scroll: z.number() });
export type View = z.infer<typeof View>;
const Views = z.record(z.string(), View);

const maxFiles = 100;
const storageKey = (projectID: string) => `views ${projectID}`;

export function recall(projectID: string, path: string): View | undefined {
  const views = readStored(storageKey(projectID), Views) ?? {};
  // A file may be called `constructor`.
  return Object.hasOwn(views, path) ? views[path] : undefined;
}

export function remember(projectID: string, path: string, view: View): void {
  const { [path]: _, ...others } = readStored(storageKey(projectID), Views) ?? {};
  writeStored(storageKey(projectID), Object.fromEntries([...Object.entries(others).slice(1 - maxFiles), [path, view]]));
}
