/**
 * This browser's own storage. A browser may forbid it, in which case even naming it throws, and it may be full: then what
 * is kept here is lost with the page, and nothing else.
 */
type Area = "local" | "session";

const areaOf = (area: Area): Storage => (area === "local" ? localStorage : sessionStorage);

export function readText(key: string, area: Area = "local"): string | undefined {
  try {
    return areaOf(area).getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Undefined removes. False if nothing was written. */
export function writeText(key: string, value: string | undefined, area: Area = "local"): boolean {
  try {
    if (value === undefined) areaOf(area).removeItem(key);
    else areaOf(area).setItem(key, value);
    return true;
  } catch {
    return false;
  }
}
