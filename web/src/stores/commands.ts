import { createSignal, onCleanup } from "solid-js";

/** An action by name or shortcut. A component registers its commands while it is mounted. */
export interface Command {
  id: string;
  title: string;
  group: string;
  /** As "Mod+Shift+F": Mod is ⌘ on a Mac, Ctrl elsewhere; Ctrl is itself everywhere. The first is shown, all work. */
  keys?: readonly string[];
  /** Left out of the palette. */
  hidden?: boolean;
  /** Its keys work in a terminal too, to which all others belong there. */
  inTerminal?: boolean;
  /** Only listed in the sheet: another part, such as the editor, handles the keys. */
  listed?: boolean;
  run?(): void;
}

/** A source of palette entries besides commands. */
export interface Source {
  group: string;
  /** "" is always asked; another prefix only if the query starts with it, such as "@" for symbols. */
  prefix: string;
  /** What has to be read first is listed behind the commands. */
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

/** Runs a command by its id, if it is registered. */
export function runCommand(id: string): void {
  commands()
    .find((command) => command.id === id)
    ?.run?.();
}

/** Registers commands for the life of the calling component. */
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
  const wants = (name: string) => wanted.includes(name);
  const ctrl = wants("Ctrl") || (wants("Mod") && !isMac);
  const meta = wants("Mod") && isMac;
  if (event.ctrlKey !== ctrl || event.metaKey !== meta || event.altKey !== wants("Alt")) return false;
  // Characters such as ? need Shift on many keyboards.
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  if (!isSign && event.shiftKey !== wants("Shift")) return false;
  return event.key.toLowerCase() === key.toLowerCase();
}

/** Whether unmodified keys are text input. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable='true']");
}

/** Where keys are a program's, such as a shell's. */
function isTerminal(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(".xterm") !== null;
}

/** Runs the command whose keys were pressed, except during IME composition. */
export function onShortcut(event: KeyboardEvent): void {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  const hasModal = document.querySelector("dialog[open]") !== null;
  for (const command of commands().toReversed()) {
    const keys = command.listed ? undefined : command.keys?.find((each) => matches(event, each));
    if (keys === undefined || (isTerminal(event.target) && !command.inTerminal)) continue;
    if (keys.length === 1 && isTyping(event.target)) return;
    // A dialog blocks all shortcuts except those that open and close dialogs.
    if (hasModal && command.group !== "Slipway") return;
    event.preventDefault();
    event.stopPropagation();
    command.run?.();
    return;
  }
}
