/** How long to wait for a model that is throttled or down. */

/** Failures of one step in a row: their number, and when the first one was. */
export interface Failures {
  count: number;
  /** Milliseconds since 1970. */
  since: number;
}

/** Seconds. Bedrock's quotas are per minute, so a run waits out several of them. */
const firstWait = 2;
const longestWait = 30;
const maxTotal = 300;

/**
 * Seconds until the next try after `failures`: what the service asked for, else 2 doubling to 30, with jitter so that
 * throttled runs do not return together. Undefined when the run would have waited more than five minutes in all.
 */
export function secondsToWait(
  failures: Failures,
  options: { now: number; retryAfter: number | undefined; random?: () => number },
): number | undefined {
  const { now, retryAfter, random = Math.random } = options;
  const doubled = Math.min(longestWait, firstWait * 2 ** (failures.count - 1));
  const seconds = retryAfter === undefined ? doubled * (0.5 + random() / 2) : retryAfter + random() * firstWait;
  const whole = Math.max(1, Math.ceil(seconds));
  return (now - failures.since) / 1000 + whole > maxTotal ? undefined : whole;
}

/** Seconds that a response asks to wait: `retry-after-ms`, or `retry-after` as seconds or as a date. */
export function retryAfterOf(headers: Readonly<Record<string, string>> | undefined, now: number): number | undefined {
  const milliseconds = Number.parseFloat(headers?.["retry-after-ms"] ?? "");
  if (milliseconds >= 0) return milliseconds / 1000;
  const value = headers?.["retry-after"] ?? "";
  const seconds = /^\s*\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return seconds >= 0 ? seconds : undefined;
}

/** Seconds that Google's error asks to wait: it has no header for that. */
export function retryDelayIn(body: string): number | undefined {
  const seconds = /"retryDelay":\s*"(\d{1,6}(?:\.\d+)?)s"/.exec(body)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
