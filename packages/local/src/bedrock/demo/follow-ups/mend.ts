import type { Done } from "../conversation.ts";
import { commandWords } from "../languages/command-words.ts";
import { call, callAll, readFiles, listFiles, type Call, type Context, type Say, type Script } from "../script.ts";
import { bullets, code, escapeRegExp } from "../words.ts";
import { excerpt, exitOf, find, outputOf, testIn, testResult, type Workspace } from "./commands.ts";
import { changedCode } from "./fix.ts";

/**
 * Repairs a failing test: reads what it says, tries simple slips in the code under test, one at a time, and keeps the one after
 * which fewer tests fail. Each try is run, so nothing is claimed; what does not help is taken back.
 */
export function* mendTests(context: Context): Script {
  const words = commandWords[context.language.code];
  const workspace = yield* find(context);
  if (typeof workspace === "string") return workspace;
  if (workspace.test === undefined) return words.noTests;
  let done = yield* testIn(workspace, words);
  if (exitOf(done) === 0 || exitOf(done) === undefined) return testResult(done, words);

  const mended: string[] = [];
  for (let tries = maxTries; tries > 0;) {
    const contents = yield* sources(workspace);
    const before = failuresIn(done);
    let helped = false;
    for (const change of changesFor(done, contents, context)) {
      if (tries-- === 0) break;
      const tried = yield* attempt(change, workspace, context);
      if (tried === undefined) continue;
      const after = failuresIn(tried);
      if (exitOf(tried) === 0 || after < before || hasMovedOn(done, tried, change)) {
        mended.push(`${code(change.path)}: ${change.about}`);
        done = tried;
        helped = true;
        break;
      }
      yield* callAll([edit(change.path, change.newText, change.oldText)]);
    }
    if (exitOf(done) === 0) return words.mended(bullets(mended));
    if (!helped) break;
  }
  if (mended.length > 0)
    return `${context.language.says.fixed(bullets(mended))}\n\n${words.partlyMended}\n\n${excerpt(outputOf(done))}`;
  return `${words.notMended}\n\n${excerpt(outputOf(done))}`;
}

/** Each costs two steps of the run. */
const maxTries = 16;

export interface Change {
  path: string;
  oldText: string;
  newText: string;
  /** For people. */
  about: string;
  /** A slip that the output names: the next fault shows that this one is mended. */
  isNamed?: boolean;
}

function* attempt(change: Change, workspace: Workspace, context: Context): Generator<Say, Done | undefined, Done[]> {
  const words = commandWords[context.language.code];
  const { path, oldText, newText, about } = change;
  const { name, input } = edit(path, oldText, newText);
  const edited = yield* call(name, input, words.mending(`- ${code(path)}: ${about}`));
  return edited.failed
    ? undefined
    : yield* testIn({ folder: workspace.folder, ...(workspace.test ? { test: workspace.test } : {}) }, words);
}

function edit(path: string, oldText: string, newText: string): Call {
  return { name: "edit_file", input: { path, edits: [{ oldText, newText }] } };
}

function hasMovedOn(before: Done, after: Done, { isNamed }: Change): boolean {
  return isNamed === true && messageIn(outputOf(before)) !== messageIn(outputOf(after));
}

/** How many tests fail, by what their runner says. */
export function failuresIn(done: Done): number {
  const output = outputOf(done);
  const found =
    /^(?:#|ℹ) fail (\d+)/m.exec(output) ??
    /Tests\s+(\d+) failed/.exec(output) ??
    /(\d+) failed\b/.exec(output) ??
    /FAILED \((?:failures|errors)=(\d+)/.exec(output);
  return found?.[1] === undefined ? 1 : Number(found[1]);
}

function messageIn(output: string): string {
  return /(?:\w*Error|error):.*/.exec(output)?.[0] ?? "";
}

function* sources({ folder }: Workspace): Generator<Say, Map<string, string>, Done[]> {
  const paths = yield* listFiles();
  const isCode = (path: string) => /\.(?:m?[jt]sx?|py|go)$/.test(path) && !/(?:^|\/)(?:node_modules|dist)\//.test(path);
  const inside = paths.filter((path) => (folder === "" || path.startsWith(`${folder}/`)) && isCode(path));
  return yield* readFiles(inside.slice(0, 40));
}

const isTest = (path: string) => /(?:^|\/)tests?\/|[._]test\.|(?:^|\/)test_/.test(path);

/** What may mend it, the likeliest first. */
export function changesFor(done: Done, contents: ReadonlyMap<string, string>, context: Context): Change[] {
  const output = outputOf(done);
  const code = [...contents].filter(([path]) => !isTest(path));
  const own = code.flatMap(([path, content]) =>
    changedCode(path, content, context).flatMap(({ found, edit }) =>
      edit === undefined ? [] : [{ path, ...edit, about: found }],
    ),
  );
  return unique([
    ...own,
    ...missingExport(output, code),
    ...misspelt(output, [...contents]),
    ...wrongText(output, code),
    ...wrongOperator(output, contents),
  ]);
}

function unique(changes: readonly Change[]): Change[] {
  return [
    ...new Map(changes.map((change) => [`${change.path}\n${change.oldText}\n${change.newText}`, change])).values(),
  ];
}

type File = readonly [path: string, content: string];

/** A name that a test imports, and that its module has and does not export. */
function missingExport(output: string, files: readonly File[]): Change[] {
  const names = [
    ...output.matchAll(/does not provide an export named '(\w+)'|(?:^|[\s(.])(\w+)\)? is not a function/gm),
  ].map(([, one, other]) => one ?? other ?? "");
  return names.flatMap((name) =>
    files.flatMap(([path, content]): Change[] => {
      const declared = new RegExp(`^((?:async )?(?:function|class|const|let) ${name}\\b.*)$`, "m").exec(content)?.[1];
      if (declared === undefined) return [];
      const exported = /^(module\.exports = \{)(.*)$/m.exec(content);
      if (exported?.[1] !== undefined)
        return [
          {
            path,
            oldText: exported[0],
            newText: `${exported[1]} ${name},${exported[2]}`,
            about: `exports \`${name}\``,
            isNamed: true,
          },
        ];
      return [{ path, oldText: declared, newText: `export ${declared}`, about: `exports \`${name}\``, isNamed: true }];
    }),
  );
}

/** A name that is nowhere declared, and the one in the same file that is nearest to it. */
function misspelt(output: string, files: readonly File[]): Change[] {
  const names = [...output.matchAll(/\b(\w+) is not defined|name '(\w+)' is not defined/g)].map(
    ([, one, other]) => one ?? other ?? "",
  );
  return [...new Set(names)].flatMap((name) =>
    files.flatMap(([path, content]): Change[] => {
      const line = content.split("\n").find((each) => new RegExp(`\\b${escapeRegExp(name)}\\b`).test(each));
      if (line === undefined || content.split(line).length !== 2) return [];
      const others = [...new Set(content.match(/\b[A-Za-z_]\w+\b/g) ?? [])].filter((each) => each !== name);
      const [nearest] = others
        .map((each) => ({ each, distance: distanceOf(name, each) }))
        .filter(({ distance }) => distance <= Math.min(2, Math.floor(name.length / 3)))
        .toSorted((a, b) => a.distance - b.distance);
      if (nearest === undefined) return [];
      const mended = line.replace(new RegExp(`\\b${escapeRegExp(name)}\\b`, "g"), nearest.each);
      return [{ path, oldText: line, newText: mended, about: `\`${name}\` → \`${nearest.each}\``, isNamed: true }];
    }),
  );
}

/** Levenshtein, where a swap of neighbours counts once. */
function distanceOf(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 2) return 3;
  const rows = [Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const cost = one[i - 1] === other[j - 1] ? 0 : 1;
      let best = Math.min((rows[i - 1]?.[j] ?? 9) + 1, (row[j - 1] ?? 9) + 1, (rows[i - 1]?.[j - 1] ?? 9) + cost);
      if (one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        best = Math.min(best, (rows[i - 2]?.[j - 2] ?? 9) + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return rows.at(-1)?.at(-1) ?? 9;
}

/** A text that differs from what the test expects: the test is taken for what is meant. */
function wrongText(output: string, files: readonly File[]): Change[] {
  return textsIn(output).flatMap(([actual, expected]) => {
    let start = 0;
    while (start < Math.min(actual.length, expected.length) && actual[start] === expected[start]) start++;
    let end = 0;
    while (end < Math.min(actual.length, expected.length) - start && actual.at(-1 - end) === expected.at(-1 - end))
      end++;
    return files.flatMap(([path, content]): Change[] => {
      // The widest part around the difference that the code has once.
      for (let wide = 80; wide >= 0; wide--) {
        for (let left = Math.min(wide, start); left >= 0; left--) {
          const from = start - left;
          const to = actual.length - Math.max(0, end - (wide - left));
          const old = actual.slice(from, to);
          if (old.length < 2 || content.split(old).length !== 2) continue;
          const text = expected.slice(from, expected.length - (actual.length - to));
          return [{ path, ...lineWith(content, old, text), about: `\`${old}\` → \`${text}\`` }];
        }
      }
      return [];
    });
  });
}

/** The whole line, which is unique more often. */
function lineWith(content: string, old: string, text: string): { oldText: string; newText: string } {
  const line = content.split("\n").find((each) => each.includes(old));
  const isUnique = line !== undefined && content.split(line).length === 2;
  return isUnique ? { oldText: line, newText: line.replace(old, () => text) } : { oldText: old, newText: text };
}

/** What was there and what was expected, as the runners say it. */
function textsIn(output: string): [actual: string, expected: string][] {
  const pairs: [string, string][] = [];
  const add = (actual: string | undefined, expected: string | undefined) => {
    if (actual !== undefined && expected !== undefined && actual !== expected) pairs.push([actual, expected]);
  };
  for (const [, expected, actual] of output.matchAll(/expected: '(.*)'\n\s*actual: '(.*)'/g)) add(actual, expected);
  for (const [, actual, expected] of output.matchAll(/^\s*actual: '(.*)',?\n\s*expected: '(.*)',?$/gm))
    add(actual, expected);
  for (const [, actual, expected] of output.matchAll(/^\s*'(.*)' !== '(.*)'$/gm)) add(actual, expected);
  for (const [, actual, expected] of output.matchAll(/AssertionError: '(.*)' != '(.*)'/g)) add(actual, expected);
  for (const [, actual, expected] of output.matchAll(/expected '(.*)' to (?:be|equal|deeply equal) '(.*)'/g))
    add(actual, expected);
  return pairs;
}

const swaps: [RegExp, string[]][] = [
  [/ \+ 1\b(?!\.)/, [" - 1", ""]],
  [/ - 1\b(?!\.)/, [" + 1", ""]],
  [/ <= /, [" < ", " >= "]],
  [/ >= /, [" > ", " <= "]],
  [/ < /, [" <= ", " > "]],
  [/ > /, [" >= ", " < "]],
  [/ !== /, [" === "]],
  [/ === /, [" !== "]],
  [/ != /, [" == "]],
  [/ == /, [" != "]],
  [/ && /, [" || "]],
  [/ \|\| /, [" && "]],
  [/ and /, [" or "]],
  [/ or /, [" and "]],
  [/ \+= /, [" -= "]],
  [/ -= /, [" += "]],
  [/ \+ /, [" - "]],
  [/ - /, [" + "]],
  [/ \* /, [" / "]],
  [/ \/ /, [" * "]],
  [/\b(?:let|const) (\w+) = 1\b/, ["let $1 = 0"]],
  [/\b(?:let|const) (\w+) = 0\b/, ["let $1 = 1"]],
  [/\breturn !/, ["return "]],
];

/** An operator in a function that the failing line calls, or one below it. */
function wrongOperator(output: string, contents: ReadonlyMap<string, string>): Change[] {
  const called = new Set<string>();
  for (const [path, content] of contents) {
    if (!isTest(path)) continue;
    const lines = content.split("\n");
    for (const [, number] of output.matchAll(new RegExp(`${escapeRegExp(path)}"?(?::|, line )(\\d+)`, "g"))) {
      const at = Number(number) - 1;
      // The statement may be longer than its line, or only be the test's first.
      for (const line of lines.slice(Math.max(0, at - 1), at + 8))
        for (const [, name] of line.matchAll(/\b(\w+)\(/g)) if (name !== undefined) called.add(name);
    }
  }
  const found: Change[] = [];
  for (const [path, content] of contents) {
    if (isTest(path)) continue;
    const lines = content.split("\n");
    for (const name of called) {
      const first = lines.findIndex((line) =>
        new RegExp(`\\b(?:function|def|func|const|let)\\s+${name}\\b|^\\s+(?:async )?${name}\\(.*\\{$`).test(line),
      );
      if (first === -1) continue;
      const indent = /^\s*/.exec(lines[first] ?? "")?.[0].length ?? 0;
      for (let at = first; at < Math.min(lines.length, first + 60); at++) {
        const line = lines[at] ?? "";
        const isLater = at > first && line.trim() !== "" && (/^\s*/.exec(line)?.[0].length ?? 0) <= indent;
        if (isLater && !/^\s*[})\]]/.test(line)) break;
        for (const [pattern, replacements] of swaps)
          for (const replacement of replacements) {
            const changed = line.replace(pattern, replacement);
            if (changed !== line)
              found.push({
                path,
                ...unambiguous(lines, at, changed),
                about: `\`${line.trim()}\` → \`${changed.trim()}\``,
              });
          }
        if (isLater) break;
      }
    }
  }
  return found;
}

/** With as many lines around as make the place unique. */
function unambiguous(lines: readonly string[], at: number, changed: string): { oldText: string; newText: string } {
  const content = lines.join("\n");
  for (let around = 0; around < 5; around++) {
    const from = Math.max(0, at - around);
    const old = lines.slice(from, at + 1).join("\n");
    if (content.split(old).length === 2)
      return { oldText: old, newText: [...lines.slice(from, at), changed].join("\n") };
  }
  return { oldText: lines[at] ?? "", newText: changed };
}
