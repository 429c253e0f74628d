import { createSignal, onCleanup } from "solid-js";

/** What can be done by name or by keys. A page or part of it adds its own for as long as it is there. */
export interface Command {
  id: string;
  title: string;
  group: string;
  /** As "Mod+Shift+F": Mod is ⌘ on a Mac, Ctrl elsewhere. The first is shown, all work. */
  keys?: readonly string[];
  /** Not among the palette's commands. */
  hidden?: boolean;
  /** Only a line in the sheet: somebody else, such as the editor, answers the keys. */
  listed?: boolean;
  run?(): void;
}

/** What the palette finds besides commands. */
export interface Source {
  group: string;
  /** "" is asked with everything, others when the words begin with it: "@" for symbols. */
  prefix: string;
  items(): readonly Item[] | Promise<readonly Item[]>;
}
export interface Item {
  title: string;
  detail?: string;
  run(): void;
}

const [sets, setSets] = createSignal<readonly (() => readonly Command[])[]>([]);
const [sources, setSources] = createSignal<readonly Source[]>([]);
export { sources };

export function commands(): Command[] {
  return sets().flatMap((each) => each());
}

/** For the life of the component that calls it. */
export function useCommands(list: () => readonly Command[]): void {
  setSets((all) => [...all, list]);
  onCleanup(() => setSets((all) => all.filter((each) => each !== list)));
}

export function useSource(source: Source): void {
  setSources((all) => [...all, source]);
  onCleanup(() => setSources((all) => all.filter((each) => each !== source)));
}

const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** "Ctrl Shift F", or "⌘ ⇧ F" on a Mac. */
export function shownKeys(keys: string): string[] {
  const names: Record<string, string> = isMac
    ? { Mod: "⌘", Shift: "⇧", Alt: "⌥" }
    : { Mod: "Ctrl", Shift: "Shift", Alt: "Alt" };
  return keys.split("+").map((key) => names[key] ?? key);
}

function matches(event: KeyboardEvent, keys: string): boolean {
  const wanted = keys.split("+");
  const key = wanted.pop() ?? "";
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const other = isMac ? event.ctrlKey : event.metaKey;
  if (mod !== wanted.includes("Mod") || other || event.altKey !== wanted.includes("Alt")) return false;
  // A sign such as ? is typed with Shift on many keyboards.
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  if (!isSign && event.shiftKey !== wanted.includes("Shift")) return false;
  return event.key.toLowerCase() === key.toLowerCase();
}

/** Whether keys without a modifier are somebody's text. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable='true']");
}

/** Runs the command whose keys were pressed; never in the middle of an input method's composition. */
export function onShortcut(event: KeyboardEvent): void {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  const hasModal = document.querySelector("dialog[open]") !== null;
  for (const command of commands().toReversed()) {
    const keys = command.listed ? undefined : command.keys?.find((each) => matches(event, each));
    if (keys === undefined) continue;
    if (!keys.includes("+") && isTyping(event.target)) return;
    // A dialog has the keyboard to itself, but for what opens and closes dialogs.
    if (hasModal && command.group !== "Slipway") return;
    event.preventDefault();
    event.stopPropagation();
    command.run?.();
    return;
  }
}
