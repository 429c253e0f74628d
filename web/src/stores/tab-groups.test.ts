import { expect, test } from "vitest";
import { keyOf, type Tab } from "./stored-tabs.ts";
import { activeIn, addGroup, change, drop, move, noTabs, put, tabsIn, type TabGroups } from "./tab-groups.ts";

const tab = (subject: string, group = 0, pinned = true): Tab => ({ kind: "file", subject, pinned, group });
const opened = (...tabs: Tab[]) => tabs.reduce((state, each) => put(state, each), noTabs);
const names = (state: TabGroups, group = 0) => tabsIn(state, group).map(keyOf);
const named = (state: TabGroups, subject: string, group = 0) => {
  const found = tabsIn(state, group).find((each) => each.subject === subject);
  if (!found) throw new Error(`no tab ${subject}`);
  return found;
};
/** a, b | c */
function split(): TabGroups {
  const { state } = addGroup(opened(tab("a"), tab("b")), 0);
  return put(state, tab("c", 1));
}

test("a preview gives way to the next tab of its group alone", () => {
  const state = put(split(), tab("p", 0, false));
  expect(names(put(state, tab("q", 0, false)))).toEqual(["a", "b", "q"]);
  expect(names(put(state, tab("q", 1, false)))).toEqual(["a", "b", "p"]);
});

test("closing the active tab activates the one before it", () => {
  const state = drop(opened(tab("a"), tab("b"), tab("c")), ({ subject }) => subject === "c");
  expect(activeIn(state, 0)?.subject).toBe("b");
  expect(
    activeIn(
      drop(state, ({ subject }) => subject === "b"),
      0,
    )?.subject,
  ).toBe("a");
  expect(
    activeIn(
      drop(opened(tab("a")), () => true),
      0,
    ),
  ).toBeUndefined();
});

test("an empty group goes, and its neighbour has the focus; the last group stays", () => {
  const state = drop(split(), ({ subject }) => subject === "c");
  expect(state.groups).toEqual([0]);
  expect(state.focused).toBe(0);
  expect(drop(state, () => true).groups).toEqual([0]);
});

test("tabs move within a group and between groups", () => {
  const state = split();
  expect(names(move(state, named(state, "b"), 0, named(state, "a")))).toEqual(["b", "a"]);
  const moved = move(state, named(state, "b"), 1, named(state, "c", 1));
  expect([names(moved), names(moved, 1)]).toEqual([["a"], ["b", "c"]]);
  expect([activeIn(moved, 0)?.subject, activeIn(moved, 1)?.subject, moved.focused]).toEqual(["a", "b", 1]);
  const merged = move(state, named(state, "c", 1), 0);
  expect([merged.groups, names(merged)]).toEqual([[0], ["a", "b", "c"]]);
});

test("a tab that moves to a group which has its file becomes one with it", () => {
  const state = put(split(), tab("a", 1));
  const moved = move(state, named(state, "a", 0), 1);
  expect([names(moved), names(moved, 1)]).toEqual([["b"], ["c", "a"]]);
});

test("tabs that follow a moved file stay where they are, and the active ones active", () => {
  const history: Tab = { kind: "history", subject: "a", title: "History of a", pinned: true, group: 1 };
  const state = put(split(), history);
  const moved = change(state, (each) => (each.subject === "a" ? { ...each, subject: "z" } : each));
  expect([names(moved), names(moved, 1)]).toEqual([
    ["z", "b"],
    ["c", "//history/z"],
  ]);
  expect([activeIn(moved, 0)?.subject, activeIn(moved, 1)?.subject]).toEqual(["b", "z"]);
});
