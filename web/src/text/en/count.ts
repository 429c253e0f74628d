const number = new Intl.NumberFormat("en");

/** `1 file`, `1,200 files`. */
export function count(n: number, one: string, many: string): string {
  return `${number.format(n)} ${n === 1 ? one : many}`;
}
