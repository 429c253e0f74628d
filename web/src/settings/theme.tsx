import { createSignal, For, onMount } from "solid-js";
import { text } from "#text/settings.ts";
import { Section } from "../components/section.tsx";
import { setTheme, theme, themes } from "../components/theme.tsx";

export function ThemeSection() {
  // Preferences are stored in the browser, so the server cannot render them.
  const [mounted, setMounted] = createSignal(false);
  onMount(() => setMounted(true));
  return (
    <Section id="theme" title={text.theme}>
      <div role="radiogroup" aria-label={text.theme} class="flex flex-wrap gap-4">
        <For each={themes}>
          {(each) => (
            <label class="touch-target flex cursor-pointer items-center gap-2 text-sm">
              <input
                type="radio"
                name="theme"
                class="accent-accent"
                checked={mounted() && theme() === each}
                onChange={() => setTheme(each)}
              />
              {text.themes[each]}
            </label>
          )}
        </For>
      </div>
    </Section>
  );
}
