/** What the local cloud tells the person who runs it: plain lines, and bugs with their stack. */
export function say(line: string): void {
  console.log(line);
}

export function bug(where: string, error: unknown): void {
  console.error(`[${where}]`, error);
}
