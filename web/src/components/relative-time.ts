import { text } from "#text/common.ts";

const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** "2 hours ago", "yesterday", "just now". */
export function relativeTime(time: number, now = Date.now()): string {
  for (const [unit, length] of units) {
    if (now - time >= length) return format.format(-Math.floor((now - time) / length), unit);
  }
  return text.justNow;
}
