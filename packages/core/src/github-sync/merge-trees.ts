/**
 * Merges two trees with their common base, path by path, as git does: what one side changed is taken, what both changed
 * is a question. A name is a file or a folder, so a file on one side and a folder of that name on the other is a question
 * too, asked once for the name and all below it.
 */

/** An entry in git's terms; undefined when there is none. */
export type Side = { sha: string; mode: string } | undefined;
type Sides = ReadonlyMap<string, NonNullable<Side>>;

export interface Question {
  path: string;
  /** `content`: both changed the file. `clash`: a file on one side, a folder on the other. `kept`: see `keeps`. */
  kind: "content" | "clash" | "kept";
}

export interface TreeMerge {
  /** What turns the target into the merge. */
  changes: Map<string, Side>;
  /** What nobody has decided yet. Each leaves the target as it is. */
  questions: Question[];
  /** Where a rename on one side and an edit on the other meet: the path before it, by the path after it. */
  renamed: Map<string, string>;
}

export interface MergeInput {
  base: Sides;
  target: Sides;
  incoming: Sides;
  /** Decisions by path. */
  choose?(path: string): "target" | "incoming" | undefined;
  /** Whether an entry of the target may only be replaced or deleted by a decision. */
  keeps?(path: string): boolean;
  /** Renames since the base: the path after, by the path before. */
  renames?: { target?: ReadonlyMap<string, string>; incoming?: ReadonlyMap<string, string> };
}

export function mergeTrees(input: MergeInput): TreeMerge {
  const { choose = () => undefined, keeps = () => false } = input;
  const { base, target, incoming, renamed, arrivals } = followRenames(input);
  const changes = new Map<string, Side>();
  const questions = new Map<string, Question["kind"]>();
  for (const path of new Set([...base.keys(), ...incoming.keys()])) {
    const [before, there, next] = [base.get(path), target.get(path), incoming.get(path)];
    if (isSameSide(before, next) || isSameSide(there, next)) continue;
    if (!isSameSide(before, there)) questions.set(path, "content");
    else if (there && keeps(path)) questions.set(path, "kept");
    else changes.set(path, next);
  }
  for (const path of clashesOf({ target, incoming, changes, questions })) {
    for (const map of [changes, questions]) for (const each of map.keys()) if (isWithin(each, path)) map.delete(each);
    questions.set(path, "clash");
  }
  for (const [path, kind] of questions) {
    const choice = choose(path);
    if (choice === undefined) continue;
    questions.delete(path);
    if (choice === "target") continue;
    if (kind === "clash") takeWhole(path);
    else changes.set(path, incoming.get(path));
  }
  // The target still has the old name.
  for (const [to, from] of arrivals) {
    if (!changes.has(to)) changes.set(to, target.get(to));
    changes.set(from, undefined);
  }
  return { changes, questions: [...questions].map(([path, kind]) => ({ path, kind })), renamed };

  /** The incoming side of a name and of all below it. A link that its own files have replaced there is gone. */
  function takeWhole(path: string): void {
    const hasFolder = [...incoming.keys()].some((each) => each.startsWith(`${path}/`));
    for (const each of new Set([...target.keys(), ...incoming.keys()])) {
      if (!isWithin(each, path)) continue;
      const next = each === path && hasFolder ? undefined : incoming.get(each);
      if (!isSameSide(target.get(each), next)) changes.set(each, next);
    }
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Names that would be a file and a folder at once, outermost first and none below another. */
function clashesOf(state: {
  target: Sides;
  incoming: Sides;
  changes: ReadonlyMap<string, Side>;
  questions: ReadonlyMap<string, unknown>;
}): string[] {
  const { target, incoming, changes, questions } = state;
  const present = new Set([...target.keys()].filter((path) => !changes.has(path) || changes.get(path) !== undefined));
  for (const [path, side] of changes) if (side) present.add(path);
  for (const path of questions.keys()) if (target.has(path) || incoming.has(path)) present.add(path);
  const clashes = new Set<string>();
  for (const path of present) {
    for (let slash = path.indexOf("/"); slash > 0; slash = path.indexOf("/", slash + 1)) {
      const folder = path.slice(0, slash);
      if (!present.has(folder)) continue;
      clashes.add(folder);
      break;
    }
  }
  return [...clashes];
}

/** The sides as if a file that one of them renamed and the other edited had its new name everywhere. */
function followRenames({ base, target, incoming, renames = {} }: MergeInput) {
  const sides = { base: new Map(base), target: new Map(target), incoming: new Map(incoming) };
  const renamed = new Map<string, string>();
  /** Renames of the incoming side that the target has to follow. */
  const arrivals = new Map<string, string>();
  const move = (map: Map<string, NonNullable<Side>>, from: string, to: string) => {
    const side = map.get(from);
    map.delete(from);
    if (side) map.set(to, side);
  };
  for (const [from, to] of renames.incoming ?? []) {
    if (isSameSide(base.get(from), target.get(from)) || renames.target?.has(from)) continue;
    if (!target.has(from) || target.has(to)) continue;
    move(sides.base, from, to);
    move(sides.target, from, to);
    renamed.set(to, from);
    arrivals.set(to, from);
  }
  for (const [from, to] of renames.target ?? []) {
    const other = renames.incoming?.get(from);
    if (other === to) move(sides.base, from, to);
    else {
      if (other !== undefined || !incoming.has(from) || incoming.has(to)) continue;
      if (isSameSide(base.get(from), incoming.get(from))) continue;
      move(sides.base, from, to);
      move(sides.incoming, from, to);
    }
    renamed.set(to, from);
  }
  return { ...sides, renamed, arrivals };
}

export function isSameSide(a: Side, b: Side): boolean {
  return a?.sha === b?.sha && plainMode(a?.mode) === plainMode(b?.mode);
}

/** Old repositories hold 100664, which git now treats as 100644. */
function plainMode(mode: string | undefined): string | undefined {
  return mode === "100664" ? "100644" : mode;
}
