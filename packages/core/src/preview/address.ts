/** With a `*` in the origin each preview has an origin of its own. Without one, all share an origin and differ by path. */
export function addressAt(origin: string, label: string): string {
  return origin.includes("*") ? `${origin.replace("*", label)}/` : `${origin}/~${label}/`;
}
