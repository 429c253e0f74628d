import { expect, test } from "vitest";
import { mergeTexts } from "./merge-texts.ts";

test("changes of different lines are both kept", () => {
  expect(mergeTexts("a\nb\nc", "A\nb\nc", "a\nb\nC")).toBe("A\nb\nC");
  expect(mergeTexts("a", "a", "b")).toBe("b");
  expect(mergeTexts("a\nb", "a\nb", "b")).toBe("b");
});

test("lines that both appended to the end are all kept, the earlier writer's first", () => {
  expect(mergeTexts("log\n", "log\nmine\n", "log\ntheirs\n")).toBe("log\ntheirs\nmine\n");
  expect(mergeTexts("", "mine", "theirs")).toBeUndefined();
  expect(mergeTexts("log", "log\nmine", "log\ntheirs")).toBe("log\ntheirs\nmine");
});

test("changes of the same lines are a conflict", () => {
  expect(mergeTexts("a\nb", "a\nmine", "a\ntheirs")).toBeUndefined();
  expect(mergeTexts("a\nb", "a", "a\nchanged")).toBeUndefined();
  expect(mergeTexts("a\nz", "a\nm\nz", "a\nt\nz")).toBeUndefined();
});
