import { headerOf, type Form, type Hunk } from "./hunk.ts";
import { below, pick, type Random } from "./students/random.ts";

/** The faults that models make when they write an edit down. */

export interface Mutation {
  name: string;
  /** A line of the file with what the fault needs to show: before the edit, and only if the edit keeps it. */
  everyLine?(line: string, random: Random): string;
  keptLine?(line: string, random: Random): string;
  /** A hunk's lines with the fault. */
  lines?(hunk: Hunk, random: Random): string[];
  /** Of a unified hunk. */
  header?(hunk: Hunk, before: readonly string[], random: Random): string;
  /** Of a Codex hunk. */
  anchors?(hunk: Hunk, before: readonly string[], random: Random): string[];
  /** Of a text to replace. */
  texts?(edit: { oldText: string; newText: string }, random: Random): { oldText: string; newText: string };
  hasCRLF?(random: Random): boolean;
  isSentWithCRLF?(random: Random): boolean;
}

const each = (change: (line: string, sign: string) => string) => (hunk: Hunk) =>
  hunk.lines.map((line) => line.charAt(0) + change(line.slice(1), line.charAt(0)));
const indent = (line: string) => /^\s*/.exec(line)?.[0] ?? "";

/** What becomes of a share of the lines. */
const some = (share: number, change: (line: string) => string) => (line: string, random: Random) =>
  line !== "" && random() < share ? change(line) : line;

function dedented(hunk: Hunk): string[] {
  const indents = hunk.lines.filter((line) => line.slice(1).trim() !== "").map((line) => indent(line.slice(1)).length);
  const least = Math.min(...indents);
  return each((line) => line.slice(Math.min(least, indent(line).length)))(hunk);
}

const typed = (text: string) =>
  text.replace(/[“”]/g, '"').replace(/[‘’]/g, "'").replace(/[–—]/g, "-").replaceAll("\u00A0", " ");
const typographic = (text: string) => text.replace(/"([^"]*)"/g, "“$1”").replace(/'([^']*)'/g, "‘$1’");

const common: readonly Mutation[] = [
  { name: "none" },
  {
    name: "trailing space lost",
    keptLine: some(0.4, (line) => `${line}  `),
    lines: each((line) => line.trimEnd()),
  },
  {
    name: "trailing space added",

    lines: each((line) => `${line} `),
  },
  { name: "dedented", lines: dedented },
  { name: "indented", lines: each((line) => (line === "" ? line : `    ${line}`)) },
  { name: "indentation lost", lines: each((line) => line.trimStart()) },
  {
    name: "tabs for spaces",

    lines: each((line) =>
      line.replace(/^ +/, (spaces) => "\t".repeat(spaces.length / 2) + " ".repeat(spaces.length % 2)),
    ),
  },
  {
    name: "twice the indentation",

    lines: each((line) => indent(line) + line),
  },
  {
    name: "typography lost",
    everyLine: some(0.5, (line) => typographic(line).replaceAll(" - ", " – ")),
    lines: each(typed),
  },
  { name: "typography added", lines: each(typographic) },
  {
    name: "typography added to some",
    everyLine: some(0.2, typographic),
    lines: (hunk, random) => each((line) => (random() < 0.5 ? typographic(line) : line))(hunk),
  },
  {
    name: "CRLF",

    hasCRLF: (random) => random() < 0.7,
    isSentWithCRLF: (random) => random() < 0.5,
  },
  {
    name: "space and typography lost",
    keptLine: some(0.4, (line) => `${typographic(line)} `),
    lines: (hunk) =>
      each((line, sign) => (sign === "+" ? line : typed(line)).trimEnd())({ ...hunk, lines: dedented(hunk) }),
  },
];

const numbered = ({ from, to, lines }: Hunk, isNumbered: (sign: string) => boolean): string[] => {
  let [old, now] = [from, to];
  return lines.map((line) => {
    const sign = line.charAt(0);
    const number = sign === "+" ? now : old;
    if (sign !== "+") old++;
    if (sign !== "-") now++;
    return isNumbered(sign) ? `${sign}${number}: ${line.slice(1)}` : line;
  });
};

const numbers: readonly Mutation[] = [
  { name: "line numbers", lines: (hunk) => numbered(hunk, () => true) },
  { name: "line numbers of new lines", lines: (hunk) => numbered(hunk, (sign) => sign === "+") },
  { name: "line numbers of old lines", lines: (hunk) => numbered(hunk, (sign) => sign !== "+") },
];

const unified: readonly Mutation[] = [
  {
    name: "wrong counts",

    header: (hunk, _, random) =>
      headerOf(hunk).replace(/,\d+/g, (count) => (count === ",0" ? count : `,${1 + below(random, 20)}`)),
  },
  {
    name: "wrong numbers",

    header(hunk, before, random) {
      const by = pick(random, [-40, -7, -3, -2, -1, 1, 2, 3, 7, 40]);
      const [from, to] = [hunk.from + by, hunk.to + by];
      const quoted = hunk.lines.filter((line) => !line.startsWith("+")).map((line) => line.slice(1));
      // Where the lines are there too, the patch says that place as clearly.
      const isElsewhere = from < 1 || to < 1 || quoted.every((line, at) => before[from - 1 + at] === line);
      return headerOf(isElsewhere ? hunk : { ...hunk, from, to });
    },
  },
  { name: "no numbers", header: () => "@@" },
];

/** The lines above a hunk that it is within, outermost first. */
function anchorsOf({ from }: Hunk, before: readonly string[]): string[] {
  const anchors: string[] = [];
  let depth = indent(before[from - 1] ?? "").length;
  for (let at = from - 2; at >= 0 && depth > 0; at--) {
    const line = before[at] ?? "";
    if (line.trim() === "" || indent(line).length >= depth) continue;
    depth = indent(line).length;
    anchors.unshift(line);
  }
  return anchors;
}

const codex: readonly Mutation[] = [
  {
    name: "anchors",

    anchors(hunk, before, random) {
      const anchors = anchorsOf(hunk, before).slice(-1 - below(random, 3));
      return anchors.length === 0 ? ["@@"] : anchors.map((line) => `@@ ${line.trim()}`);
    },
  },
  {
    name: "wrong anchors",

    anchors(hunk, before, random) {
      const quote = hunk.lines.filter((line) => !line.startsWith("+")).map((line) => line.slice(1).trim());
      const first = quote[0] ?? "";
      const isOnce = before.filter((line) => line.trim() === first).length === 1;
      const line = pick(random, before).trim();
      // Lines that are in several places are told apart by their anchor alone: a wrong one is as good as a right one.
      return [isOnce && line !== "" ? `@@ ${line}` : "@@ def nowhere():"];
    },
  },
  {
    name: "anchors cut short",

    anchors(hunk, before, random) {
      const anchor = anchorsOf(hunk, before).at(-1)?.trim() ?? "";
      return [anchor === "" ? "@@" : `@@ ${anchor.slice(0, 3 + below(random, anchor.length)).trim()}`];
    },
  },
];

const replacing: readonly Mutation[] = [
  {
    name: "ends cut off",

    texts(edit) {
      const [old, now] = [edit.oldText, edit.newText].map((text) => [indent(text), /\s*$/.exec(text)?.[0]].join("|"));
      // Ends that differ are a part of the edit.
      return old === now && edit.newText.trim() !== ""
        ? { oldText: edit.oldText.trim(), newText: edit.newText.trim() }
        : edit;
    },
  },
  {
    name: "line numbers with gaps",

    // The new text keeps the numbers that its lines had.
    lines: (hunk) => numbered(hunk, (sign) => sign !== "+"),
  },
];

export function mutationsOf(form: Form): readonly Mutation[] {
  switch (form) {
    case "unified":
      return [...common, ...numbers, ...unified];
    case "codex":
      return [...common, ...numbers, ...codex];
    case "replace":
      return [...common, ...numbers, ...replacing];
  }
}
