import { createSignal } from "solid-js";

export type Theme = "system" | "light" | "dark";
const next: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };

const isBrowser = typeof document !== "undefined";
const stored = isBrowser ? localStorage.getItem("theme") : null;
const [theme, setSignal] = createSignal<Theme>(stored === "light" || stored === "dark" ? stored : "system");
/** Kept in this browser. */
export { theme };

export function setTheme(chosen: Theme): void {
  setSignal(chosen);
  try {
    localStorage.setItem("theme", chosen);
  } catch {
    // With a full store the choice lasts as long as the page.
  }
  apply();
}

export function cycleTheme(): void {
  setTheme(next[theme()]);
}

function apply(): void {
  const system = matchMedia("(prefers-color-scheme: dark)").matches;
  const dark = theme() === "dark" || (theme() === "system" && system);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

if (isBrowser) matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
