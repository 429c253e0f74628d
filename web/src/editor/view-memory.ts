/** Cursor and scroll of the most recent files, kept in this browser. */
export interface View {
  head: number;
  scroll: number;
}

const maxFiles = 100;
const storageKey = (projectID: string) => `views ${projectID}`;

function read(projectID: string): Record<string, View> {
  try {
    return JSON.parse(localStorage.getItem(storageKey(projectID)) ?? "{}") as Record<string, View>;
  } catch {
    return {};
  }
}

export function recall(projectID: string, path: string): View | undefined {
  return read(projectID)[path];
}

export function remember(projectID: string, path: string, view: View): void {
  const { [path]: _, ...others } = read(projectID);
  const kept = Object.fromEntries([...Object.entries(others).slice(1 - maxFiles), [path, view]]);
  try {
    localStorage.setItem(storageKey(projectID), JSON.stringify(kept));
  } catch {
    // A full store loses positions, nothing else.
  }
}
