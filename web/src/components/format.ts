/** Money, months and sizes for people. */

import { text } from "#text/common.ts";

/** "$0.0042", "$1.25": four digits for less than a dollar. */
export function dollars(amount: number): string {
  const digits = amount === 0 || amount >= 1 ? 2 : 4;
  return `$${amount.toFixed(digits)}`;
}

/** 2026-11 → "November 2026". */
export function monthName(month: string): string {
  return new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" }).format(
    new Date(`${month}-01T00:00:00Z`),
  );
}

/** "12 bytes", "3.4 KB", "120 MB". */
export function bytesText(bytes: number): string {
  if (bytes < 1024) return text.bytes(bytes);
  const units = ["KB", "MB", "GB"];
  let [value, unit] = [bytes / 1024, 0];
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit] ?? ""}`;
}
