import { createRoot, createSignal } from "solid-js";
import { z } from "zod";
import { readStored, writeStored } from "./stored.ts";

/** Preferences of the person, kept in this browser and applied to all open editors. A value that does not fit is replaced. */
const Preferences = z.object({
  fontSize: z.number().catch(13),
  terminalFontSize: z.number().catch(13),
  /** Terminals are read out. */
  screenReader: z.boolean().catch(false),
  tabSize: z.number().catch(2),
  wrap: z.boolean().catch(false),
  minimap: z.boolean().catch(true),
  /** The font draws `=>` and `===` as one sign. */
  ligatures: z.boolean().catch(false),
  stickyScroll: z.boolean().catch(true),
  bracketColors: z.boolean().catch(true),
  formatOnSave: z.boolean().catch(false),
  /** The agent's work opens in the editor. */
  follow: z.boolean().catch(true),
  /** Search results are shown by folder. */
  searchTree: z.boolean().catch(false),
  /** Completions by the model at the cursor. */
  ghostText: z.boolean().catch(true),
  quickEdit: z.boolean().catch(true),
});
export type Preferences = z.infer<typeof Preferences>;

const storageKey = "preferences";
const read = () => readStored(storageKey, Preferences) ?? Preferences.parse({});

const [preferences, setSignal] = createRoot(() => createSignal<Preferences>(read()));
export { preferences };

export function setPreference<K extends keyof Preferences>(name: K, value: Preferences[K]): void {
  setSignal((all) => ({ ...all, [name]: value }));
  writeStored(storageKey, preferences());
  applyToPage();
}

/** What holds for all code on the page: editors, diffs, search results, answers. */
function applyToPage(): void {
  document.documentElement.style.setProperty("--ligatures", preferences().ligatures ? "normal" : "none");
}

if (typeof document !== "undefined") {
  applyToPage();
  addEventListener("storage", ({ key }) => {
    if (key !== storageKey) return;
    setSignal(read());
    applyToPage();
  });
}
