import { SearchQuery } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import { countMatches } from "./count-matches.ts";

const state = EditorState.create({ doc: "one two\nTwo twofold two", selection: { anchor: 20, head: 23 } });

test("counts the matches and says which one is selected", () => {
  expect(countMatches(new SearchQuery({ search: "two" }), state)).toEqual({ current: 4, count: 4, isCut: false });
  expect(countMatches(new SearchQuery({ search: "two", caseSensitive: true, wholeWord: true }), state)).toEqual({
    current: 2,
    count: 2,
    isCut: false,
  });
  expect(countMatches(new SearchQuery({ search: "none" }), state)).toEqual({ current: 0, count: 0, isCut: false });
});

test("stops counting where it would hold up typing", () => {
  const many = EditorState.create({ doc: "x".repeat(50_000) });
  const { count, isCut } = countMatches(new SearchQuery({ search: "x" }), many);
  expect(isCut).toBe(true);
  expect(count).toBeLessThanOrEqual(10_000);
});
