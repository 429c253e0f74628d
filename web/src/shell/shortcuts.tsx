import { createMemo, For } from "solid-js";
import { text } from "#text/shell.ts";
import { Dialog } from "../components/dialog.tsx";
import { commands, shownKeys, type Command } from "../stores/commands.ts";
import { Keys } from "../components/keys.tsx";

/** The shortcuts that are active on this page. */
export default function ShortcutSheet(props: { onClose(): void }) {
  const groups = createMemo(() => {
    const byGroup = new Map<string, Command[]>();
    for (const command of commands()) {
      if (command.keys === undefined) continue;
      byGroup.set(command.group, [...(byGroup.get(command.group) ?? []), command]);
    }
    return [...byGroup];
  });
  return (
    <Dialog open title={text.shortcuts} wide onClose={props.onClose}>
      <div class="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        <For each={groups()}>
          {([group, list]) => (
            <section>
              <h3 class="mb-1 text-xs font-semibold text-quiet">{group}</h3>
              <dl>
                <For each={list}>
                  {(command) => (
                    <div class="flex items-center justify-between gap-4 py-1 text-sm">
                      <dt>{command.title}</dt>
                      <dd class="shrink-0">
                        <Keys keys={shownKeys(command.keys?.[0] ?? "")} />
                      </dd>
                    </div>
                  )}
                </For>
              </dl>
            </section>
          )}
        </For>
      </div>
    </Dialog>
  );
}
