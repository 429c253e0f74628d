/** One line of JSON per event, to where the task's log goes. Never contents, tokens or addresses. */
export function log(event: string, fields: Record<string, string | number | boolean | null> = {}): void {
  process.stdout.write(`${JSON.stringify({ event, at: new Date().toISOString(), ...fields })}\n`);
}
