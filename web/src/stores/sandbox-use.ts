import type { WatchEvent } from "@slipway/contract/sandbox";

const shell = /^-?(?:ba|z|da|fi)?sh$/;

/** Whether a terminal waits at its prompt, by the name of its program. */
export function isShell(title: string): boolean {
  return shell.test(title);
}

/**
 * Whether a page keeps the sandbox: somebody looks at it, or it is open and a command or server runs that was started in it. A
 * hidden page alone, or one with a terminal at its prompt, does not.
 */
export function isInUse(isVisible: boolean, watch: Pick<WatchEvent, "commands" | "terminals"> | undefined): boolean {
  if (isVisible || watch === undefined) return isVisible;
  return watch.commands.some(({ alive }) => alive > 0) || watch.terminals.some(({ title }) => !isShell(title));
}
