import { useEffect, useState } from "react";

/** State that is kept in this browser. Without storage it lasts until the page is closed. */
export function useStored/*:: <Value> */(key /*: string */, initial /*: Value */) {
  const [value, setValue] = useState(() => load(key, initial));
  useEffect(() => {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Nothing to do: the value stays in memory.
    }
  }, [key, value]);
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
