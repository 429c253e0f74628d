import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pick, randomOf, type Random } from "./random.ts";
import type { Change, LineChange, Task } from "./task.ts";

/** Tasks over real files: this repository's own, as they are now, and a text with typographic quotes. */

const root = join(import.meta.dirname, "../../../..");
const folders = ["packages/core/src", "packages/agent/src", "packages/contract/src"];
/** Files of a project that are to stay as they are. */
const bystanders = 8;

interface Source {
  path: string;
  content: string;
}

interface Made<Of = Change> {
  files: Record<string, string>;
  changes: Of[];
}

type Kind = (random: Random, own: Source, sources: readonly Source[]) => Made;

const kinds: readonly (readonly [count: number, name: string, make: Kind])[] = [
  [3, "a line is replaced", (random, own) => inFile(own, lineChange(random, own, { remove: 1 }))],
  [2, "lines are added", (random, own) => inFile(own, lineChange(random, own, { remove: 0 }))],
  [2, "lines are removed", (random, own) => inFile(own, { ...lineChange(random, own, { remove: 3 }), insert: [] })],
  [
    3,
    "a nested block is replaced",
    (random, own) => inFile(own, lineChange(random, own, { remove: 5, isNested: true })),
  ],
  [2, "two places of a file are changed", (random, own) => inFile(own, ...twoChanges(random, own))],
  [
    2,
    "two files are changed",
    (random, own, sources) => {
      const other = pick(
        random,
        sources.filter(({ path }) => path !== own.path),
      );
      const first = inFile(own, lineChange(random, own, { remove: 2 }));
      const second = inFile(other, lineChange(random, other, { remove: 2 }));
      return { files: { ...first.files, ...second.files }, changes: [...first.changes, ...second.changes] };
    },
  ],
  [4, "one of several equal lines is replaced", (random, _, sources) => equalLineChange(random, sources)],
  [2, "a block with CRLF is replaced", (random, own) => withCRLF(inFile(own, lineChange(random, own, { remove: 4 })))],
  [1, "lines are added with CRLF", (random, own) => withCRLF(inFile(own, lineChange(random, own, { remove: 0 })))],
  [
    3,
    "a text with typographic quotes is changed",
    (random) => {
      const text: Source = { path: "docs/guide.md", content: typographic };
      return inFile(text, lineChange(random, text, { remove: 1 }));
    },
  ],
  [
    2,
    "a file is to be found",
    (random, own) => {
      const { files, changes } = inFile(own, lineChange(random, own, { remove: 1 }));
      return { files, changes: changes.map((change) => ({ ...change, path: undefined })) };
    },
  ],
  [
    1,
    "a long file is changed at its end",
    (random, _, sources) => {
      const lines = sources.flatMap(({ content }) => content.split("\n")).slice(0, 3200);
      const long: Source = { path: "src/long.ts", content: lines.join("\n") };
      return inFile(long, lineChange(random, long, { remove: 2, from: 2800 }));
    },
  ],
  [
    1,
    "a file is made",
    (_, own) => ({
      files: { [own.path]: own.content },
      changes: [{ kind: "create", path: "src/new/thing.ts", content: "export const thing = 1;\n" }],
    }),
  ],
  [
    1,
    "a file is renamed",
    (_, own) => ({
      files: { [own.path]: own.content },
      changes: [{ kind: "rename", path: own.path, to: "src/renamed.ts" }],
    }),
  ],
];

/** The same for the same seed and the same repository. */
export function tasks(seed = "slipway"): Task[] {
  const sources = readSources();
  return kinds.flatMap(([count, kind, make]) =>
    Array.from({ length: count }, (_, at): Task => {
      const name = `${kind}, ${at + 1}`;
      const random = randomOf(seed, name);
      const { files, changes } = make(random, pick(random, sources), sources);
      const beside = Array.from({ length: bystanders }, () => pick(random, sources)).filter(
        ({ content }) => !changes.some((change) => change.kind === "lines" && content.includes(change.anchor)),
      );
      const others = Object.fromEntries(beside.map(({ path, content }) => [path, content]));
      return { name, changes, files: { ...others, ...files } };
    }),
  );
}

function inFile({ path, content }: Source, ...changes: LineChange[]): Made<LineChange> {
  return { files: { [path]: content }, changes: changes.map((change) => ({ ...change, path })) };
}

function withCRLF({ files, changes }: Made): Made {
  const converted = Object.entries(files).map(([path, content]) => [path, content.replaceAll("\n", "\r\n")]);
  return { files: Object.fromEntries(converted), changes };
}

function twoChanges(random: Random, own: Source): LineChange[] {
  const middle = Math.floor(own.content.split("\n").length / 2);
  return [
    lineChange(random, own, { remove: 2, to: middle - 3 }),
    lineChange(random, own, { remove: 1, from: middle + 3 }),
  ];
}

/** A change at a line that only one place can mean. */
function lineChange(
  random: Random,
  { path, content }: Source,
  {
    remove,
    isNested = false,
    from = 0,
    to = Infinity,
  }: { remove: number; isNested?: boolean; from?: number; to?: number },
): LineChange {
  const lines = content.split("\n");
  const anchors = [...lines.entries()].filter(([at, line]) => {
    const fits = at >= from && at + remove <= Math.min(to, lines.length - 1);
    if (!fits || line.trim().length < 12 || (isNested && !line.startsWith("    "))) return false;
    return lines.filter((each) => each.trim() === line.trim()).length === 1;
  });
  if (anchors.length === 0) throw new Error(`${path} has no line to change`);
  const [at, line] = pick(random, anchors);
  const indentation = /^\s*/.exec(line)?.[0] ?? "";
  const insert =
    remove === 0
      ? [`${indentation}// Added here,`, `${indentation}  // and deeper here.`]
      : lines.slice(at, at + remove).map((each) => each.replace(/[A-Za-z]\w+/, (word) => `${word}Changed`));
  return { kind: "lines", anchor: line.trim(), offset: 0, remove, insert };
}

/** A change of a line that others equal: only what stands before it tells which one is meant. */
function equalLineChange(random: Random, sources: readonly Source[]): Made {
  const places = sources.flatMap((source) => {
    const lines = source.content.split("\n");
    const copies = (text: string) => lines.filter((line) => line.trim() === text.trim()).length;
    return [...lines.entries()].flatMap(([at, line]) => {
      if (line.trim().length < 8 || copies(line) < 2) return [];
      const offset = [1, 2, 3].find(
        (back) => (lines[at - back] ?? "").trim().length >= 12 && copies(lines[at - back] ?? "") === 1,
      );
      return offset === undefined ? [] : [{ source, line, anchor: (lines[at - offset] ?? "").trim(), offset }];
    });
  });
  const { source, line, anchor, offset } = pick(random, places);
  const insert = [line.replace(/[A-Za-z]\w+/, (word) => `${word}Changed`)];
  return inFile(source, { kind: "lines", anchor, offset, remove: 1, insert });
}

function readSources(): Source[] {
  const paths = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`),
  );
  return paths
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .toSorted()
    .map((path) => ({ path, content: readFileSync(join(root, path), "utf8") }))
    .filter(({ content }) => {
      const lines = content.split("\n").length;
      // Deep enough for a nested block, short enough to be read at once.
      return lines > 60 && lines < 400 && /\n {6}\S/.test(content);
    });
}

const typographic = `# The editor’s guide

“Save” isn’t a button: every key stroke is kept – always.

- The panel’s “history” holds each version — with its author.
- “Restore” brings one back; “compare” shows what’s different.
- A file’s name can’t hold “\\” or “:” – rename it first.

## What’s shared

Everybody’s cursor is shown. “Follow” moves with somebody’s view – until you type.
The owner’s settings decide who may “invite” – and who mayn’t.
`;
