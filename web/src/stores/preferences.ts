import { createRoot, createSignal } from "solid-js";

/** Preferences of the person, kept in this browser and applied to all open editors. */
export interface Preferences {
  fontSize: number;
  tabSize: number;
  wrap: boolean;
  minimap: boolean;
  /** Completions by the model at the cursor. */
  ghostText: boolean;
  quickEdit: boolean;
}

const usual: Preferences = { fontSize: 13, tabSize: 2, wrap: false, minimap: true, ghostText: true, quickEdit: true };
const storageKey = "preferences";

function read(): Preferences {
  if (typeof localStorage === "undefined") return usual;
  try {
    const stored = JSON.parse(localStorage.getItem(storageKey) ?? "{}") as Partial<Record<keyof Preferences, unknown>>;
    const fits = Object.entries(stored).filter(
      ([name, value]) => name in usual && typeof value === typeof usual[name as keyof Preferences],
    );
    return { ...usual, ...(Object.fromEntries(fits) as Partial<Preferences>) };
  } catch {
    return usual;
  }
}

const [preferences, setSignal] = createRoot(() => createSignal<Preferences>(read()));
export { preferences };

export function setPreference<K extends keyof Preferences>(name: K, value: Preferences[K]): void {
  setSignal((all) => ({ ...all, [name]: value }));
  try {
    localStorage.setItem(storageKey, JSON.stringify(preferences()));
  } catch {
    // With a full store the choice lasts as long as the page.
  }
}

if (typeof addEventListener !== "undefined")
  addEventListener("storage", ({ key }) => key === storageKey && setSignal(read()));
