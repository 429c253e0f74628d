import { createEffect, createSignal } from "solid-js";

/** A signal that is kept in this browser. Without storage it lasts until the page is closed. */
export function createStored/*:: <Value extends object> */(key /*: string */, initial /*: Value */) {
  const [value, setValue] = createSignal/*:: <Value> */(load(key, initial));
  createEffect(() => {
    try {
      localStorage.setItem(key, JSON.stringify(value()));
    } catch {
      // Nothing to do: the value stays in memory.
    }
  });
  return [value, setValue] /*:: as const */;
}

function load/*:: <Value> */(key /*: string */, initial /*: Value */) /*: Value */ {
  try {
    const saved = localStorage.getItem(key);
    return saved === null ? initial : JSON.parse(saved);
  } catch {
    return initial;
  }
}
