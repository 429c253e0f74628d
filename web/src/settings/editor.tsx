import { createSignal, For, onMount, Show } from "solid-js";
import { text as editor } from "#text/editor.ts";
import { text } from "#text/settings.ts";
import { Section, Toggle } from "../components/section.tsx";
import { preferences, setPreference } from "../stores/preferences.ts";

export function EditorSection() {
  const [mounted, setMounted] = createSignal(false);
  onMount(() => setMounted(true));
  return (
    <Section id="editor" title={text.editor} about={text.editorAbout}>
      <Show when={mounted()} fallback={<div class="skeleton h-40" />}>
        <div class="flex flex-wrap gap-4">
          <label class="flex flex-col gap-1 text-sm">
            {text.textSize}
            <select
              class="field w-32"
              value={preferences().fontSize}
              onChange={(event) => setPreference("fontSize", Number(event.currentTarget.value))}
            >
              <For each={[12, 13, 14, 16, 18, 20]}>{(size) => <option value={size}>{text.pixels(size)}</option>}</For>
            </select>
          </label>
          <label class="flex flex-col gap-1 text-sm">
            {text.indentation}
            <select
              class="field w-32"
              value={preferences().tabSize}
              onChange={(event) => setPreference("tabSize", Number(event.currentTarget.value))}
            >
              <For each={[2, 4, 8]}>{(size) => <option value={size}>{text.spaces(size)}</option>}</For>
            </select>
          </label>
          <label class="flex flex-col gap-1 text-sm">
            {text.terminalTextSize}
            <select
              class="field w-32"
              value={preferences().terminalFontSize}
              onChange={(event) => setPreference("terminalFontSize", Number(event.currentTarget.value))}
            >
              <For each={[12, 13, 14, 16, 18, 20]}>{(size) => <option value={size}>{text.pixels(size)}</option>}</For>
            </select>
          </label>
        </div>
        <Toggle label={text.wrap} checked={preferences().wrap} onChange={(on) => setPreference("wrap", on)} />
        <Toggle label={text.minimap} checked={preferences().minimap} onChange={(on) => setPreference("minimap", on)} />
        <Toggle
          label={editor.stickyScroll}
          about={editor.stickyScrollAbout}
          checked={preferences().stickyScroll}
          onChange={(on) => setPreference("stickyScroll", on)}
        />
        <Toggle
          label={editor.bracketColors}
          checked={preferences().bracketColors}
          onChange={(on) => setPreference("bracketColors", on)}
        />
        <Toggle
          label={editor.ligatures}
          about={editor.ligaturesAbout}
          checked={preferences().ligatures}
          onChange={(on) => setPreference("ligatures", on)}
        />
        <Toggle
          label={editor.formatOnSave}
          about={editor.formatOnSaveAbout}
          checked={preferences().formatOnSave}
          onChange={(on) => setPreference("formatOnSave", on)}
        />
        <Toggle
          label={text.ghostText}
          about={text.ghostTextAbout}
          checked={preferences().ghostText}
          onChange={(on) => setPreference("ghostText", on)}
        />
        <Toggle
          label={text.quickEdit}
          about={text.quickEditAbout}
          checked={preferences().quickEdit}
          onChange={(on) => setPreference("quickEdit", on)}
        />
        <Toggle
          label={text.screenReader}
          about={text.screenReaderAbout}
          checked={preferences().screenReader}
          onChange={(on) => setPreference("screenReader", on)}
        />
      </Show>
    </Section>
  );
}
