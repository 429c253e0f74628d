import { expect, test } from "vitest";
import { renderMarkdown, splitLastBlock } from "./render-markdown.ts";

/** The blocks that a growing text is cut into, at each length. */
function cut(text: string): string[] {
  const parts: string[] = [];
  let rest = text;
  for (let at = splitLastBlock(rest); at !== undefined && at > 0; at = splitLastBlock(rest)) {
    parts.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...parts, rest];
}

const answer =
  "# Plan\n\nFirst a *paragraph*\nof two lines.\n\n- one\n\n- two\n  - three\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```ts\nlet a;\n\nlet b;\n```\n\n> quoted\n\nThe end.";

test("a growing text is cut before its last block, and its parts render as the whole does", () => {
  for (let length = 1; length <= answer.length; length++) {
    const text = answer.slice(0, length);
    const parts = cut(text);
    expect(parts.join("")).toBe(text);
    expect(parts.map((part) => renderMarkdown(part)).join("")).toBe(renderMarkdown(text));
  }
});

test.each([
  ["a list", "- one\n- two\n\n- three"],
  ["an open fence", "```\none\n\ntwo\n"],
  ["a table", "|a|\n|-|\n|1|\n"],
  ["nothing", ""],
])("%s is one block", (_, text) => {
  expect(splitLastBlock(text)).toBe(0);
});
