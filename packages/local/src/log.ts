/** Terminal output of the local cloud: plain lines, and bugs with their stack. */
export function say(line: string): void {
  console.log(line);
}

/** A function's log without its routine lines. */
export function sayUnlessRoutine(line: string): void {
  if (!line.includes('{"level":"info"')) say(line);
}

export function bug(where: string, error: unknown): void {
  console.error(`[${where}]`, error);
}
