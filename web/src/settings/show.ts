/** Money and months as people read them. */

/** "$0.0042", "$1.25": as many digits as it takes to see something. */
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
