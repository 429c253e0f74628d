import {
  Annotation,
  Transaction,
  type ChangeSet,
  type ChangeSpec,
  type EditorState,
  type TransactionSpec,
} from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import type { Documents, TextListener } from "../stores/documents.ts";
import { lineChanges, type TextChange } from "../stores/merge.ts";

/** Marks changes that were not typed in this editor. */
export const remote = Annotation.define<boolean>();

/** A change from elsewhere: cursor, scroll and the person's own undo history stay and follow it. */
export function remoteChange(changes: ChangeSpec): TransactionSpec {
  return { changes, annotations: [remote.of(true), Transaction.addToHistory.of(false)] };
}

/** A file's editor while another one is shown: its history, selection and scroll. */
export interface Kept {
  state: EditorState;
  scroll: number;
}

/** One editor of the page, and what it keeps of the files that it has shown. */
export interface Pane {
  shown: { path: string; view: EditorView } | undefined;
  kept: Map<string, Kept>;
}

const maxKept = 50;

/** All editors of a project's page. Every change of a file reaches each state of it, shown or not. */
export function createPanes() {
  const panes = new Map<number, Pane>();
  /** Changes every state of a file, except the one where it was typed. */
  function each(path: string, specOf: (state: EditorState) => TransactionSpec, typedIn?: Pane): void {
    for (const pane of panes.values()) {
      if (pane === typedIn) continue;
      if (pane.shown?.path === path) pane.shown.view.dispatch(specOf(pane.shown.view.state));
      const kept = pane.kept.get(path);
      if (kept) kept.state = kept.state.update(specOf(kept.state)).state;
    }
  }
  return {
    /** What was typed in one editor, for the others. */
    change(path: string, changes: ChangeSet, typedIn?: Pane): void {
      each(path, ({ doc }) => (doc.length === changes.length ? remoteChange(changes) : {}), typedIn);
    },
    pane(group: number): Pane {
      const pane = panes.get(group) ?? { shown: undefined, kept: new Map<string, Kept>() };
      panes.set(group, pane);
      return pane;
    },
    onText(path: string, changes: readonly TextChange[], before: string, after: string): void {
      // An editor may be behind: a moved file is read again, without what has not been saved.
      each(path, ({ doc }) =>
        remoteChange(doc.length === before.length ? changes : lineChanges(doc.toString(), after)),
      );
    },
    /** What a pane kept of a file, or what another one shows of it or has kept: its history and selection. */
    take(pane: Pane, path: string): Kept | undefined {
      const own = pane.kept.get(path);
      pane.kept.delete(path);
      if (own) return own;
      for (const { shown, kept } of panes.values()) {
        if (shown?.path === path) return { state: shown.view.state, scroll: shown.view.scrollDOM.scrollTop };
        const other = kept.get(path);
        if (other) return { ...other };
      }
      return undefined;
    },
    onMove(from: string, to: string): void {
      for (const pane of panes.values()) {
        if (pane.shown?.path === from) pane.shown.path = to;
        const kept = pane.kept.get(from);
        if (kept) pane.kept.set(to, kept);
        pane.kept.delete(from);
      }
    },
  } satisfies TextListener & Record<string, unknown>;
}
type Panes = ReturnType<typeof createPanes>;

const all = new WeakMap<Documents, Panes>();
/** They live as long as the documents: an editor that is replaced by a review or a conflict loses nothing. */
export function panesOf(documents: Documents): Panes {
  const known = all.get(documents);
  if (known) return known;
  const panes = createPanes();
  documents.listen(panes);
  all.set(documents, panes);
  return panes;
}

/** Keeps the shown file, and forgets the one that was shown longest ago. */
export function keepShown(pane: Pane): void {
  if (!pane.shown) return;
  const { path, view } = pane.shown;
  pane.kept.set(path, { state: view.state, scroll: view.scrollDOM.scrollTop });
  const oldest = pane.kept.keys().next().value;
  if (pane.kept.size > maxKept && oldest !== undefined) pane.kept.delete(oldest);
}
