import { z } from "zod";
import { readStored, writeStored } from "./stored.ts";

/** A tab as this browser keeps it. `kind` names an entry of `workspace/tab-kinds.tsx`. */
export const Tab = z.object({
  kind: z.enum(["file", "review", "compare", "preview", "port", "history"]),
  /** What it shows: the path of a file, the id of a run, a port. */
  subject: z.string(),
  /** Absent if the subject is the title. */
  title: z.string().optional(),
  /** A preview gives way to the next one. */
  pinned: z.boolean(),
  /** The editor group that it is in. */
  group: z.int().default(0),
});
export type Tab = z.infer<typeof Tab>;

const StoredTabs = z.object({
  tabs: z.array(Tab),
  /** Of the focused group; `entry-server.tsx` reads it to request the file early. */
  active: z.string().optional(),
  /** The active tab of each group. */
  actives: z.record(z.string(), z.string()).default({}),
});
type StoredTabs = z.infer<typeof StoredTabs>;

const storageKey = (projectID: string) => `tabs ${projectID}`;

/** Unique among the tabs of a group. A file's is its path, which no other kind's can be. */
export function keyOf(tab: Pick<Tab, "kind" | "subject">): string {
  return tab.kind === "file" ? tab.subject : `//${tab.kind}/${tab.subject}`;
}

export function readTabs(projectID: string): StoredTabs {
  return readStored(storageKey(projectID), StoredTabs) ?? { tabs: [], actives: {} };
}

export function writeTabs(projectID: string, tabs: StoredTabs): void {
  writeStored(storageKey(projectID), tabs);
}

/** The file whose tab was active. */
export function activeFile(projectID: string): string | undefined {
  const { tabs, active } = readTabs(projectID);
  return tabs.find((tab) => tab.kind === "file" && tab.subject === active)?.subject;
}
