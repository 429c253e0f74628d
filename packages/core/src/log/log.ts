/**
 * Structured logs: one JSON line each, with ids and never contents or tokens. CloudWatch indexes the fields.
 */
type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

export function info(event: string, fields: Fields = {}): void {
  write("info", event, fields);
}

export function warn(event: string, fields: Fields = {}): void {
  write("warn", event, fields);
}

/** The error's own message may hold contents, so only its name, its code and the places of its stack are written. */
export function error(event: string, cause: unknown, fields: Fields = {}): void {
  const known = cause instanceof Error ? cause : undefined;
  const frames = known?.stack?.split("\n").filter((line) => /^\s+at /.test(line));
  write("error", event, {
    ...fields,
    error: known?.name ?? typeof cause,
    at: frames?.slice(0, 6).join(" | "),
  });
}

function write(level: string, event: string, fields: Fields): void {
  process.stdout.write(`${JSON.stringify({ level, event, time: new Date().toISOString(), ...fields })}\n`);
}
