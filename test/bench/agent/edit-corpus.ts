import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { diffArrays, structuredPatch, type StructuredPatch } from "diff";
import { plainText, toLF } from "../../../packages/agent/src/tool/line-endings.ts";
import { apply, parse } from "../../../packages/agent/src/tool/patch.ts";
import { replaceTexts } from "../../../packages/agent/src/tool/replace-text.ts";
import { ToolFailure } from "../../../packages/agent/src/tool/tool.ts";
import { headerOf, type Form, type Hunk } from "./hunk.ts";
import { mutationsOf, type Mutation } from "./mutations.ts";
import { below, pick, randomOf, type Random } from "./students/random.ts";

/**
 * Random edits of this repository's own files, written down as models do: with the faults that they make. What each must
 * give is known, so an outcome is right, refused or wrong.
 */

export interface EditCase {
  path: string;
  form: Form;
  mutation: string;
  before: string;
  intended: string;
  /** A patch, or the texts to replace in order. */
  written: string | readonly { oldText: string; newText: string }[];
}

export type Outcome = "right" | "refused" | "wrong";

const root = join(import.meta.dirname, "../../..");

/** A seed repeats the cases for the same files. */
export function editCorpus(seed: number, count: number): EditCase[] {
  const random = randomOf(seed);
  const files = sources();
  const cases: EditCase[] = [];
  while (cases.length < count) {
    const path = pick(random, files);
    const form = pick<Form>(random, ["unified", "codex", "replace"]);
    const mutation = pick(random, mutationsOf(form));
    const source = readFileSync(join(root, path), "utf8").split("\n");
    if (source.length < 5) continue;
    const file = source.map((line) => mutation.everyLine?.(line, random) ?? line);
    const [lines, result] = keptLines(file, edited(file, random), (line) => mutation.keptLine?.(line, random) ?? line);
    const [before, intended] = [lines.join("\n"), result.join("\n")];
    if (intended === before) continue;
    const context = pick(random, form === "replace" ? [0, 1, 2, 3] : [0, 1, 2, 3, 3, 3]);
    const hunks = hunksOf(structuredPatch(path, path, before, intended, "", "", { context }));
    const written = write(form, { path, hunks, mutation, before: lines, random });
    if (written === undefined) continue;
    const isCRLF = mutation.hasCRLF?.(random) ?? false;
    const ends = (text: string) => (isCRLF ? text.replaceAll("\n", "\r\n") : text);
    cases.push({ path, form, mutation: mutation.name, before: ends(before), intended: ends(intended), written });
  }
  return cases;
}

/** The file afterwards; undefined where the edit was refused. */
export function resultOf({ before, written, path }: EditCase): string | undefined {
  const { text, restore } = plainText(before);
  const result = typeof written === "string" ? patched(text, written, path) : replaced(text, written);
  return result === undefined ? undefined : restore(result);
}

export function outcomeOf(each: EditCase): Outcome {
  const result = resultOf(each);
  if (result === undefined) return "refused";
  return result === each.intended ? "right" : "wrong";
}

function patched(text: string, patch: string, path: string): string | undefined {
  try {
    const files = parse(patch);
    const [file, ...others] = files;
    return file?.path === path && others.length === 0 ? apply(text, file).text : undefined;
  } catch (error) {
    if (error instanceof ToolFailure) return undefined;
    throw error;
  }
}

function replaced(text: string, edits: readonly { oldText: string; newText: string }[]): string | undefined {
  const plain = edits.map(({ oldText, newText }) => ({ oldText: toLF(oldText), newText: toLF(newText) }));
  const result = replaceTexts(text, plain);
  return result.kind === "replaced" ? result.text : undefined;
}

function sources(): string[] {
  const { stdout } = spawnSync("git", ["ls-files", "packages", "web", "infra", "docs", "scripts"], {
    cwd: root,
    encoding: "utf8",
  });
  return stdout
    .split("\n")
    .filter((path) => /\.(?:tsx?|js|mjs|py|md|html|css|ya?ml)$/.test(path))
    .toSorted();
}

function hunksOf({ hunks }: StructuredPatch): Hunk[] {
  return hunks.map(({ oldStart, newStart, lines }) => ({ from: oldStart, to: newStart, lines }));
}

/** One to three changes, apart from each other or side by side. */
function edited(lines: readonly string[], random: Random): string[] {
  const result = [...lines];
  for (let left = 1 + below(random, 3); left > 0; left--) {
    const at = below(random, result.length - 1);
    const count = 1 + below(random, 3);
    const block = result.slice(at, Math.min(at + count, result.length - 1));
    result.splice(at, block.length, ...pick(random, changes)(block, result, random));
  }
  return result;
}

/** Both sides with a change of lines that the edit keeps. */
function keptLines(
  before: readonly string[],
  after: readonly string[],
  change: (line: string) => string,
): [before: string[], after: string[]] {
  const sides: [string[], string[]] = [[], []];
  for (const { added, removed, value } of diffArrays([...before], [...after])) {
    const lines = added || removed ? value : value.map(change);
    if (!added) sides[0].push(...lines);
    if (!removed) sides[1].push(...lines);
  }
  return sides;
}

const indent = (line: string) => /^\s*/.exec(line)?.[0] ?? "";

type Change = (block: readonly string[], all: readonly string[], random: Random) => readonly string[];

const changes: readonly Change[] = [
  function rename(block, _, random) {
    const name = `renamed${below(random, 1000)}`;
    return block.map((line) => line.replace(/[A-Za-z]{3,}/, name));
  },
  function remove() {
    return [];
  },
  function insert([first = "", ...rest], all, random) {
    const count = 1 + below(random, 3);
    const from = below(random, all.length);
    // Lines of the file itself: what is new looks like what is there.
    const copied = all.slice(from, from + count).map((line) => `${indent(first)}${line.trim()}`.trimEnd());
    return [first, ...copied, ...rest];
  },
  function wrap(block) {
    const depth = indent(block[0] ?? "");
    return [`${depth}if (isWrapped) {`, ...block.map((line) => (line === "" ? line : `  ${line}`)), `${depth}}`];
  },
  function rewrite([first = "", ...rest], _, random) {
    return [`${indent(first)}rewritten(${below(random, 1000)});`, ...rest.slice(below(random, 2))];
  },
  function duplicate(block) {
    return [...block, ...block.map((line) => line.trimEnd())];
  },
];

interface Writing {
  path: string;
  hunks: readonly Hunk[];
  mutation: Mutation;
  before: readonly string[];
  random: Random;
}

/** Undefined when the mutation would not show, or would make it say something else that is as clear. */
function write(form: Form, { path, hunks, mutation, before, random }: Writing): EditCase["written"] | undefined {
  const mutated = hunks.map((hunk) => ({ ...hunk, lines: mutation.lines?.(hunk, random) ?? hunk.lines }));
  const isShown =
    mutation.lines === undefined || mutated.some((hunk, at) => hunk.lines.join() !== hunks[at]?.lines.join());
  if (!isShown || !mutated.every((hunk, at) => isFair(hunk, hunks[at], before))) return undefined;
  switch (form) {
    case "unified": {
      const body = mutated.flatMap((hunk) => [
        mutation.header?.(hunk, before, random) ?? headerOf(hunk),
        ...hunk.lines,
      ]);
      return ended(body.includes("") ? undefined : [`--- a/${path}`, `+++ b/${path}`, ...body], mutation, random);
    }
    case "codex": {
      // Added lines alone go to the end in this form.
      if (mutated.some(({ lines }) => lines.every((line) => line.startsWith("+")))) return undefined;
      const body = mutated.flatMap((hunk) => [...(mutation.anchors?.(hunk, before, random) ?? ["@@"]), ...hunk.lines]);
      const file = ["*** Begin Patch", `*** Update File: ${path}`, ...body, "*** End Patch"];
      return ended(body.includes("") ? undefined : file, mutation, random);
    }
    case "replace": {
      const edits = mutated.map(({ lines }) => ({ oldText: sideOf(lines, "-"), newText: sideOf(lines, "+") }));
      if (edits.some(({ oldText }) => oldText.trim() === "")) return undefined;
      return edits.map((edit) => mutation.texts?.(edit, random) ?? edit);
    }
  }
}

function ended(lines: readonly string[] | undefined, { isSentWithCRLF }: Mutation, random: Random): string | undefined {
  const end = isSentWithCRLF?.(random) === true ? "\r\n" : "\n";
  return lines === undefined ? undefined : lines.map((line) => line + end).join("");
}

function sideOf(lines: readonly string[], sign: "-" | "+"): string {
  return lines
    .flatMap((line) => (line.startsWith(" ") || line.startsWith(sign) ? [`${line.slice(1)}\n`] : []))
    .join("");
}

/**
 * A fault can be seen in the lines that are quoted, or nobody could tell that there is one; and those are not, with it,
 * exactly the lines of another place.
 */
function isFair(hunk: Hunk, original: Hunk | undefined, before: readonly string[]): boolean {
  const quote = (lines: readonly string[] = []) =>
    lines.filter((line) => !line.startsWith("+")).map((line) => line.slice(1));
  const added = (lines: readonly string[] = []) => lines.filter((line) => line.startsWith("+")).join("\n");
  const [now, was] = [quote(hunk.lines), quote(original?.lines)];
  if (now.join("\n") === was.join("\n")) return added(hunk.lines) === added(original?.lines);
  // A text to replace need not begin where a line does.
  return !`\n${before.join("\n")}\n`.includes(`${now.join("\n")}\n`);
}
