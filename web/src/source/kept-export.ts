import { z } from "zod";

/** An export form, kept for this browser tab while the person connects GitHub. */
const KeptExport = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("pull-request"), title: z.string(), body: z.string() }),
  z.object({ kind: z.literal("repository"), name: z.string(), description: z.string(), isPrivate: z.boolean() }),
]);
export type KeptExport = z.infer<typeof KeptExport>;

const keptKey = (projectID: string) => `export ${projectID}`;

export function keepExport(projectID: string, kept: KeptExport): void {
  sessionStorage.setItem(keptKey(projectID), JSON.stringify(kept));
}

/** Returns it once. */
export function takeKept(projectID: string): KeptExport | undefined {
  const kept = sessionStorage.getItem(keptKey(projectID));
  sessionStorage.removeItem(keptKey(projectID));
  return kept === null ? undefined : KeptExport.safeParse(JSON.parse(kept)).data;
}
