import { createRoot, createSignal } from "solid-js";
import { z } from "zod";
import { readStored, writeStored } from "./stored.ts";

/** The panels of a project's page, kept in this browser for all projects. */
const Layout = z.object({
  /** Pixels. */
  left: z.number().catch(288),
  right: z.number().catch(400),
  side: z.enum(["files", "search", "source"]).catch("files"),
  hasSide: z.boolean().catch(true),
  hasAgent: z.boolean().catch(true),
  /** Height of the terminal panel. */
  bottom: z.number().catch(280),
  hasTerminal: z.boolean().catch(false),
  hasOutline: z.boolean().catch(false),
});
export type Layout = z.infer<typeof Layout>;
export type Side = Layout["side"];

const storageKey = "layout";
const [layout, setSignal] = createRoot(() => createSignal<Layout>(readStored(storageKey, Layout) ?? Layout.parse({})));
export { layout };

export function setLayout(changes: Partial<Layout>): void {
  setSignal((all) => ({ ...all, ...changes }));
  writeStored(storageKey, layout());
}

function watched(query: string): () => boolean {
  if (typeof matchMedia === "undefined") return () => false;
  const media = matchMedia(query);
  const [matches, setMatches] = createRoot(() => createSignal(media.matches));
  media.addEventListener("change", () => setMatches(media.matches));
  return matches;
}
/** Too narrow for the side panel beside the editor: it lies over it. */
export const isNarrow = watched("(max-width: 1023px)");
/** Room for one view at a time. */
export const isPhone = watched("(max-width: 767px)");
