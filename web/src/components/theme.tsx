import Monitor from "lucide-solid/icons/monitor";
import Moon from "lucide-solid/icons/moon";
import Sun from "lucide-solid/icons/sun";
import { createSignal, onCleanup, onMount } from "solid-js";

export type Theme = "system" | "light" | "dark";
const next: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
const names: Record<Theme, string> = { system: "as the system", light: "light", dark: "dark" };

/** Goes round system, light and dark; the choice stays in this browser. */
export function ThemeSwitch() {
  const [theme, setTheme] = createSignal<Theme>("system");
  onMount(() => {
    const stored = localStorage.getItem("theme");
    if (stored === "light" || stored === "dark") setTheme(stored);
    const system = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => apply(theme());
    system.addEventListener("change", follow);
    onCleanup(() => system.removeEventListener("change", follow));
  });
  function apply(chosen: Theme): void {
    const dark = chosen === "dark" || (chosen === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  }
  return (
    <button
      class="icon-button"
      aria-label={`Theme: ${names[theme()]}. Change it`}
      title={`Theme: ${names[theme()]}`}
      onClick={() => {
        const chosen = next[theme()];
        setTheme(chosen);
        localStorage.setItem("theme", chosen);
        apply(chosen);
      }}
    >
      {theme() === "system" ? <Monitor size={16} /> : theme() === "light" ? <Sun size={16} /> : <Moon size={16} />}
    </button>
  );
}
