import { expect, test } from "vitest";
import { slashCommands } from "./slash.ts";

const names = (words: string, ...paths: string[]) => slashCommands(words, paths).map(({ name }) => name);

test("own commands come first, then the project's, of which Slipway's folder wins", () => {
  expect(names("")).toEqual(["/plan", "/compact"]);
  const found = slashCommands("", [
    ".claude/commands/review.md",
    ".slipway/commands/review.md",
    ".claude/commands/a/b.md",
  ]);
  expect(found.slice(2)).toEqual([
    { name: "/review", about: ".slipway/commands/review.md" },
    { name: "/a:b", about: ".claude/commands/a/b.md" },
  ]);
});

test("only what begins with the letters, and only names that a message can have", () => {
  expect(names("pl")).toEqual(["/plan"]);
  expect(
    names("", ".claude/commands/two words.md", ".claude/commands/plan.md", ".claude/x.md", "commands/a.md"),
  ).toEqual(["/plan", "/compact"]);
});
