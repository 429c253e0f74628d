import { createSignal } from "solid-js";
import { z } from "zod";
import { readStored, writeStored } from "./stored.ts";

/** The terminals of a project: tabs, each of one or more shown side by side. Kept in this browser; the runner has their shells. */
const Stored = z.object({
  groups: z.array(z.array(z.string())).catch([]),
  active: z.string().optional(),
  names: z.record(z.string(), z.string()).catch({}),
});
type Stored = z.infer<typeof Stored>;

const maxTerminals = 16;

export function createTerminals(projectID: string) {
  const key = `terminals ${projectID}`;
  const [state, setState] = createSignal<Stored>(readStored(key, Stored) ?? { groups: [], names: {} });
  /** What is typed into a terminal once its shell has said something. */
  const typed = new Map<string, string>();
  /** Closed here: the sandbox may list them for a moment more. */
  const removed = new Set<string>();
  const tails = new Map<string, () => string[]>();
  const typedListeners = new Set<() => void>();
  const all = () => state().groups.flat();
  const active = () => {
    const { active: id } = state();
    return id !== undefined && all().includes(id) ? id : all()[0];
  };

  function set(changes: Partial<Stored>): void {
    setState((before) => ({ ...before, ...changes }));
    writeStored(key, state());
  }

  function add(beside?: string, name?: string): string | undefined {
    if (all().length >= maxTerminals) return undefined;
    const id = `t-${crypto.randomUUID().slice(0, 13)}`;
    const { groups, names } = state();
    set({
      groups: groups.some((group) => beside !== undefined && group.includes(beside))
        ? groups.map((group) => (group.includes(beside ?? "") ? [...group, id] : group))
        : [...groups, [id]],
      active: id,
      names: name === undefined ? names : { ...names, [id]: name },
    });
    return id;
  }

  return {
    groups: () => state().groups,
    all,
    active,
    activate: (id: string) => set({ active: id }),
    nameOf: (id: string): string | undefined => state().names[id],
    rename(id: string, name: string): void {
      const { [id]: _, ...others } = state().names;
      set({ names: name === "" ? others : { ...others, [id]: name } });
    },
    /** Undefined if there are as many as a sandbox takes. */
    add,
    /** A terminal of this name, made if there is none, into which the line is typed. Undefined if there are too many. */
    run(name: string, line: string, isIdle: (id: string) => boolean): string | undefined {
      const known = all().find((id) => state().names[id] === name);
      if (known !== undefined) set({ active: known });
      const id = known ?? add(undefined, name);
      if (id === undefined) return undefined;
      if (known === undefined || isIdle(known)) {
        typed.set(id, `${line}\r`);
        for (const listener of typedListeners) listener();
      }
      return id;
    },
    /** Hands out the line that waits for a terminal. It stays until it was sent. */
    sendTyped(id: string, send: (line: string) => boolean): void {
      const line = typed.get(id);
      if (line !== undefined && send(line)) typed.delete(id);
    },
    onTyped(listener: () => void): () => void {
      typedListeners.add(listener);
      return () => typedListeners.delete(listener);
    },
    /** The last lines that a terminal has printed, as long as this page shows it. */
    tailOf: (id: string): string[] => tails.get(id)?.() ?? [],
    keepTail(id: string, read: () => string[]): () => void {
      tails.set(id, read);
      return () => tails.delete(id);
    },
    remove(id: string): void {
      removed.add(id);
      const { groups, active: before, names } = state();
      const { [id]: _, ...others } = names;
      const at = groups.findIndex((group) => group.includes(id));
      const left = groups.map((group) => group.filter((each) => each !== id)).filter((group) => group.length > 0);
      const next = left[Math.min(at, left.length - 1)]?.at(-1);
      set({ groups: left, names: others, ...(before === id && next !== undefined ? { active: next } : {}) });
    },
    /** Other windows have opened these. */
    include(ids: readonly string[]): void {
      const known = new Set([...all(), ...removed]);
      const added = ids.filter((id) => !known.has(id));
      if (added.length > 0) set({ groups: [...state().groups, ...added.map((id) => [id])] });
    },
  };
}
