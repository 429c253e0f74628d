import { createSignal } from "solid-js";
import { readText, writeText } from "../api/browser-store.ts";

export type Theme = "system" | "light" | "dark";
export const themes: readonly Theme[] = ["system", "light", "dark"];

const isBrowser = typeof document !== "undefined";
const stored = isBrowser ? readText("theme") : undefined;
const [dark, setDark] = createSignal(isBrowser && document.documentElement.dataset.theme === "dark");
const [theme, setSignal] = createSignal<Theme>(stored === "light" || stored === "dark" ? stored : "system");
/** Kept in this browser; without a store it lasts as long as the page. */
export { theme };

export function setTheme(chosen: Theme): void {
  setSignal(chosen);
  writeText("theme", chosen);
  apply();
}

/** To the other of light and dark, so that every use changes what is seen. */
export function toggleTheme(): void {
  setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
}

/** Whether the page is dark now. Follows the system where the person chose no theme. */
export { dark as isDark };

function apply(): void {
  const system = matchMedia("(prefers-color-scheme: dark)").matches;
  setDark(theme() === "dark" || (theme() === "system" && system));
  document.documentElement.dataset.theme = dark() ? "dark" : "light";
}

if (isBrowser) matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
