/** Links in a line of a terminal's output. What a program prints is not to be trusted: only what is named here is a link. */
export type Link = { start: number; end: number } & (
  | { kind: "file"; path: string; line: number | undefined; column: number | undefined }
  | { kind: "port"; port: number; path: string }
  | { kind: "address"; url: string }
);

/** A link that stays in the workspace. */
export type InnerLink = Exclude<Link, { kind: "address" }>;

/** Characters of a line that are looked at: a minified bundle on one line holds up nothing. */
const longest = 4000;
const address = /\bhttps?:\/\/[^\s"'<>`{}|\\^\p{Cc}\p{Cf}]+/gu;
const loopback = /^https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]):(\d{1,5})(?![\w.-])(.*)$/i;
/** What may be a path with a place: `src/a.ts`, `./src/a.ts:12`, `/home/me/project/src/a.ts:12:3`, `src/a.ts(12,3)`. */
const word = /[\w.@~+$/\\()[\]:,-]+/gu;
const place = /(?::(\d{1,7})(?::(\d{1,7}))?|\((\d{1,7}),(\d{1,7})\))$/;

/** `exists` says which paths of the project there are. */
export function findLinks(text: string, exists: (path: string) => boolean): Link[] {
  const line = text.slice(0, longest);
  const links: Link[] = [];
  for (const match of line.matchAll(address)) {
    const url = withoutTail(match[0]);
    const span = { start: match.index, end: match.index + url.length };
    const local = loopback.exec(url);
    const port = Number(local?.[1]);
    if (local && port >= 1 && port <= 65_535) links.push({ ...span, kind: "port", port, path: local[2] || "/" });
    else if (URL.canParse(url)) links.push({ ...span, kind: "address", url });
  }
  for (const { 0: found, index } of line.matchAll(word)) {
    if (links.some(({ start, end }) => index < end && index + found.length > start)) continue;
    const link = fileIn(found, index, exists);
    if (link) links.push(link);
  }
  return links;
}

/** Punctuation that ends a sentence, or closes what was opened before the address. */
function withoutTail(url: string): string {
  const trimmed = url.replace(/[.,;:!?]+$/, "");
  return trimmed.endsWith(")") && !trimmed.includes("(") ? trimmed.slice(0, -1) : trimmed;
}

function fileIn(found: string, index: number, exists: (path: string) => boolean): Link | undefined {
  // As in "at run (src/a.ts:1:2)".
  const opened = /^[([]+/.exec(found)?.[0].length ?? 0;
  let whole = found.slice(opened).replace(/[.,:]+$/, "");
  for (const [open, close] of ["()", "[]"])
    if (whole.endsWith(close ?? "") && !whole.includes(open ?? "")) whole = whole.slice(0, -1);
  const suffix = place.exec(whole);
  const path = inProject(suffix ? whole.slice(0, suffix.index) : whole, exists);
  if (path === undefined) return undefined;
  const [line, column] = [suffix?.[1] ?? suffix?.[3], suffix?.[2] ?? suffix?.[4]];
  const start = index + opened;
  return {
    kind: "file",
    start,
    end: start + whole.length,
    path,
    line: line === undefined ? undefined : Number(line),
    column: column === undefined ? undefined : Number(column),
  };
}

/** The project's path that a program means: relative to its folder, or absolute in the sandbox. */
function inProject(name: string, exists: (path: string) => boolean): string | undefined {
  const relative = name.replace(/^(?:\.\/)+/, "");
  if (!name.startsWith("/")) return exists(relative) ? relative : undefined;
  const segments = name.split("/");
  for (let at = 1; at < Math.min(segments.length, 12); at++) {
    const path = segments.slice(at).join("/");
    // A lone name at the end of an absolute path is probably another file.
    if (exists(path) && (path.includes("/") || name.includes("prj_"))) return path;
  }
  return undefined;
}
