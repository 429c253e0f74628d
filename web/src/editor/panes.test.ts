import { history, undo } from "@codemirror/commands";
import { EditorState, type ChangeSpec } from "@codemirror/state";
import { expect, test } from "vitest";
import { lineChanges } from "../stores/merge.ts";
import { createPanes, type Kept } from "./panes.ts";

/** Files that are open and not shown, so that no browser is needed: shown ones take the same transactions. */
function openFile(doc: string): { kept: Kept; change(to: string): void; type(changes: ChangeSpec): void } {
  const panes = createPanes();
  const kept = { state: EditorState.create({ doc, extensions: history() }), scroll: 0 };
  panes.pane(0).kept.set("a.txt", kept);
  return {
    kept,
    change(to) {
      const before = kept.state.doc.toString();
      panes.onText("a.txt", lineChanges(before, to), before, to);
    },
    type(changes) {
      const { state } = kept.state.update({ changes, userEvent: "input.type" });
      kept.state = state;
    },
  };
}

const lines = Array.from({ length: 60 }, (_, n) => `line ${n + 1}`);
const startOf = (state: EditorState, line: number) => state.doc.line(line).from;

test("the cursor stays in its word while changes arrive above and below it", () => {
  const { kept, change } = openFile(lines.join("\n"));
  const at = startOf(kept.state, 30) + 4;
  kept.state = kept.state.update({ selection: { anchor: at } }).state;
  change(["new first", ...lines.with(1, "another second line").with(57, "another end")].join("\n"));
  const { head } = kept.state.selection.main;
  expect(kept.state.doc.lineAt(head)).toMatchObject({ text: "line 30", number: 31 });
  expect(head - kept.state.doc.lineAt(head).from).toBe(4);
});

test("undo takes back what was typed here, and leaves what came from elsewhere", () => {
  const { kept, change, type } = openFile(lines.join("\n"));
  type({ from: startOf(kept.state, 3), insert: "typed " });
  const before = kept.state.doc.toString().split("\n");
  change(["agent's first", ...before.slice(1, 40), ...before.slice(45)].join("\n"));
  const dispatch = (transaction: { state: EditorState }) => (kept.state = transaction.state);
  expect(undo({ state: kept.state, dispatch })).toBe(true);
  expect(kept.state.doc.line(1).text).toBe("agent's first");
  expect(kept.state.doc.line(3).text).toBe("line 3");
  expect(undo({ state: kept.state, dispatch })).toBe(false);
});

test("a file that changes while another is shown keeps its own undo, also after it has moved", () => {
  const panes = createPanes();
  const kept = { state: EditorState.create({ doc: "one\ntwo", extensions: history() }), scroll: 0 };
  panes.pane(0).kept.set("a.txt", kept);
  kept.state = kept.state.update({ changes: { from: 7, insert: " typed" } }).state;
  const change = (path: string, before: string, after: string) =>
    panes.onText(path, lineChanges(before, after), before, after);
  change("a.txt", "one\ntwo typed", "ONE\ntwo typed");
  panes.onMove("a.txt", "b.txt");
  // Read again without what was typed, and merged with it.
  change("b.txt", "zero\nONE\ntwo", "zero\nONE\ntwo typed");
  const moved = panes.pane(0).kept.get("b.txt");
  undo({ state: kept.state, dispatch: ({ state }) => (kept.state = state) });
  expect(moved?.state.doc.toString()).toBe("zero\nONE\ntwo");
});

test("what is typed in one editor reaches the others that hold the file", () => {
  const panes = createPanes();
  const other = { state: EditorState.create({ doc: "one", extensions: history() }), scroll: 0 };
  panes.pane(1).kept.set("a.txt", other);
  const typed = EditorState.create({ doc: "one" }).update({ changes: { from: 3, insert: " two" } });
  panes.change("a.txt", typed.changes, panes.pane(0));
  expect(other.state.doc.toString()).toBe("one two");
  expect(undo({ state: other.state, dispatch: () => undefined })).toBe(false);
});
