import type { Random } from "./random.ts";

/** How students write an edit that they have in mind: each has its own way of getting it wrong. */

export interface Intended {
  path: string;
  /** Number of the first line of `before`. */
  line: number;
  /** Lines as the student read them. */
  before: readonly string[];
  removed: readonly string[];
  inserted: readonly string[];
  after: readonly string[];
}

export interface Call {
  name: string;
  input: Record<string, unknown>;
}

export interface Policy {
  name: string;
  /** What it writes when it errs. */
  errs(edit: Intended, random: Random): Call;
  /** Makes the same call again and again until it is told so. */
  loops?: boolean;
  /** Does again what it has done. */
  forgets?: boolean;
}

/** Writes what it means, in one of the forms that the tools take. */
export function exactly(edit: Intended, random: Random): Call {
  const form = Math.floor(random() * 3);
  if (form === 0) return asEdit(edit);
  return form === 1 ? asDiff(edit) : asPatch(edit);
}

export const policies: readonly Policy[] = [
  { name: "perfect", errs: exactly },
  {
    name: "miscounts hunks",
    errs(edit, random) {
      const off = () => Math.floor(random() * 7) - 3;
      return asDiff(edit, { line: off() * 2, removed: off(), inserted: off() });
    },
  },
  {
    name: "strips indentation",
    errs(edit) {
      const lines = [...edit.before, ...edit.removed, ...edit.inserted, ...edit.after];
      const indentations = lines.filter((line) => line.trim() !== "").map((line) => /^\s*/.exec(line)?.[0].length ?? 0);
      const common = Math.min(...indentations);
      return asEdit(mapped(edit, (line) => line.slice(common)));
    },
  },
  {
    name: "mixes line endings",
    errs(edit, random) {
      const { path, oldText, newText } = textsOf(edit);
      const mixed = (text: string) => text.replaceAll("\n", () => (random() < 0.5 ? "\r\n" : "\n"));
      return editCall(path, mixed(oldText), mixed(newText));
    },
  },
  { name: "retypes quotes", errs: (edit) => asEdit({ ...mapped(edit, retyped), inserted: edit.inserted }) },
  {
    name: "keeps line numbers",
    errs(edit) {
      const { line, before, removed, after } = edit;
      const numbered = (lines: readonly string[], from: number) => lines.map((text, at) => `${from + at}: ${text}`);
      return asEdit({
        ...edit,
        before: numbered(before, line),
        removed: numbered(removed, line + before.length),
        after: numbered(after, line + before.length + removed.length),
      });
    },
  },
  {
    name: "abbreviates",
    errs(edit) {
      const { removed } = edit;
      const short = removed.length > 2 ? [...removed.slice(0, 1), "  // …", ...removed.slice(-1)] : removed;
      return asEdit({ ...edit, before: edit.before.slice(-1), removed: short, after: edit.after.slice(0, 1) });
    },
  },
  { name: "loops", errs: exactly, loops: true },
  { name: "forgets", errs: exactly, forgets: true },
];

function mapped(edit: Intended, change: (line: string) => string): Intended {
  return {
    ...edit,
    before: edit.before.map(change),
    removed: edit.removed.map(change),
    inserted: edit.inserted.map(change),
    after: edit.after.map(change),
  };
}

/** Plain quotes and dashes for typographic ones, or the other way round. */
function retyped(line: string): string {
  const plain = line.replaceAll(/[“”]/g, '"').replaceAll(/[‘’]/g, "'").replaceAll(/[–—]/g, "-");
  return plain === line ? line.replaceAll(/"([^"]*)"/g, "“$1”") : plain;
}

function textsOf({ path, before, removed, inserted, after }: Intended): {
  path: string;
  oldText: string;
  newText: string;
} {
  const around = (lines: readonly string[]) => [...before, ...lines, ...after].join("\n");
  return { path, oldText: around(removed), newText: around(inserted) };
}

function asEdit(edit: Intended): Call {
  const { path, oldText, newText } = textsOf(edit);
  return editCall(path, oldText, newText);
}

function editCall(path: string, oldText: string, newText: string): Call {
  return { name: "edit_file", input: { path, edits: [{ oldText, newText }] } };
}

/** A unified diff, with numbers that may be off. */
function asDiff(edit: Intended, off = { line: 0, removed: 0, inserted: 0 }): Call {
  const { path, line, before, removed, inserted, after } = edit;
  const around = before.length + after.length;
  const start = Math.max(1, line + off.line);
  const count = (lines: readonly string[], by: number) => Math.max(1, around + lines.length + by);
  const header = `@@ -${start},${count(removed, off.removed)} +${start},${count(inserted, off.inserted)} @@`;
  const patch = [`--- a/${path}`, `+++ b/${path}`, header, ...bodyOf(edit)].join("\n");
  return { name: "apply_patch", input: { patch: `${patch}\n` } };
}

function asPatch(edit: Intended): Call {
  const lines = ["*** Begin Patch", `*** Update File: ${edit.path}`, "@@", ...bodyOf(edit), "*** End Patch"];
  return { name: "apply_patch", input: { patch: lines.join("\n") } };
}

function bodyOf({ before, removed, inserted, after }: Intended): string[] {
  return [
    ...before.map((text) => ` ${text}`),
    ...removed.map((text) => `-${text}`),
    ...inserted.map((text) => `+${text}`),
    ...after.map((text) => ` ${text}`),
  ];
}
