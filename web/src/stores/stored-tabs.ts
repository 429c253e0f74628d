import { z } from "zod";
import { readStored, writeStored } from "./stored.ts";

/** A tab as this browser keeps it. `kind` names an entry of `workspace/tab-kinds.tsx`. */
export const Tab = z.object({
  kind: z.enum(["file", "review", "compare", "preview"]),
  /** What it shows: the path of a file, the id of a run. */
  subject: z.string(),
  /** Absent if the subject is the title. */
  title: z.string().optional(),
  /** A preview gives way to the next one. */
  pinned: z.boolean(),
});
export type Tab = z.infer<typeof Tab>;

const StoredTabs = z.object({ tabs: z.array(Tab), active: z.string().optional() });
type StoredTabs = z.infer<typeof StoredTabs>;

const storageKey = (projectID: string) => `tabs ${projectID}`;

/** Unique among the tabs of a project. A file's is its path, which no other kind's can be. */
export function keyOf(tab: Pick<Tab, "kind" | "subject">): string {
  return tab.kind === "file" ? tab.subject : `//${tab.kind}/${tab.subject}`;
}

export function readTabs(projectID: string): StoredTabs {
  return readStored(storageKey(projectID), StoredTabs) ?? { tabs: [] };
}

export function writeTabs(projectID: string, tabs: StoredTabs): void {
  writeStored(storageKey(projectID), tabs);
}

/** The file whose tab was active. */
export function activeFile(projectID: string): string | undefined {
  const { tabs, active } = readTabs(projectID);
  return tabs.find((tab) => tab.kind === "file" && tab.subject === active)?.subject;
}
