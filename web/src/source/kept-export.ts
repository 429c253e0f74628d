/** An export form, kept in this browser while the person connects GitHub. */
export type KeptExport =
  | { kind: "pull-request"; title: string; body: string }
  | { kind: "repository"; name: string; description: string; isPrivate: boolean };

const keptKey = (projectID: string) => `export ${projectID}`;

export function keepExport(projectID: string, kept: KeptExport): void {
  sessionStorage.setItem(keptKey(projectID), JSON.stringify(kept));
}

/** Returns it once. */
export function takeKept(projectID: string): KeptExport | undefined {
  const kept = sessionStorage.getItem(keptKey(projectID));
  sessionStorage.removeItem(keptKey(projectID));
  return kept === null ? undefined : (JSON.parse(kept) as KeptExport);
}
