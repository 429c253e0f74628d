import type { Tab } from "./tabs.ts";

/** The tabs as this browser keeps them, for each project. */
export interface StoredTabs {
  tabs?: Tab[];
  active?: string | undefined;
}

const storageKey = (projectID: string) => `tabs ${projectID}`;

export function readTabs(projectID: string): StoredTabs {
  try {
    return JSON.parse(localStorage.getItem(storageKey(projectID)) ?? "{}") as StoredTabs;
  } catch {
    // What cannot be read was not written by this.
    return {};
  }
}

export function writeTabs(projectID: string, tabs: StoredTabs): void {
  try {
    localStorage.setItem(storageKey(projectID), JSON.stringify(tabs));
  } catch {
    // A full store loses the tabs, nothing else.
  }
}

/** The file that was open; undefined when it was none. */
export function activeFile(projectID: string): string | undefined {
  const { tabs = [], active } = readTabs(projectID);
  return tabs.some(({ path, runID, compared }) => path === active && !runID && !compared) ? active : undefined;
}
