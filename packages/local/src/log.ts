/** What the local cloud tells the person who runs it: plain lines, and bugs with their stack. */
export function say(line: string): void {
  console.log(line);
}

/** A function's log: what went wrong is shown, its ordinary work is not. */
export function sayUnlessRoutine(line: string): void {
  if (!line.includes('{"level":"info"')) say(line);
}

export function bug(where: string, error: unknown): void {
  console.error(`[${where}]`, error);
}
