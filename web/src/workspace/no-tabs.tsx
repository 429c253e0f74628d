import { For } from "solid-js";
import { text } from "#text/workspace.ts";
import { Keys } from "../components/keys.tsx";
import { Mark } from "../components/mark.tsx";
import { shownKeys } from "../stores/commands.ts";

const hints: readonly [string, string][] = [
  [text.goToFile, "Mod+P"],
  [text.searchProject, "Mod+Shift+F"],
  [text.goToAnything, "Mod+K"],
  [text.toggleSide, "Mod+B"],
  [text.allShortcuts, "?"],
];

/** In place of an editor while no file is open. */
export function NoTabs() {
  return (
    <div class="flex h-full flex-col items-center justify-center gap-5 p-6 text-center text-quiet">
      <div class="opacity-40">
        <Mark size={56} />
      </div>
      <p class="text-sm">{text.selectFile}</p>
      <dl class="grid grid-cols-[auto_auto] items-center gap-x-6 gap-y-1.5 text-left text-xs max-md:hidden">
        <For each={hints}>
          {([what, keys]) => (
            <>
              <dt>{what}</dt>
              <dd>
                <Keys keys={shownKeys(keys)} />
              </dd>
            </>
          )}
        </For>
      </dl>
    </div>
  );
}
