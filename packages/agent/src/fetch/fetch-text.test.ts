import type { Fetched } from "@slipway/core/fetch";
import { describe, expect, test } from "vitest";
import { createFetcher } from "./fetch-text.ts";

const { signal } = new AbortController();

function read(content: string, type = "text/html"): Promise<string> {
  const fetched: Fetched = { url: new URL("https://example.com/page"), type, bytes: Buffer.from(content) };
  return createFetcher(() => Promise.resolve(fetched))("https://example.com/page", signal);
}

test("converts a page to text without scripts and markup", async () => {
  const text = await read("<h1>Title</h1><p>Some <b>text</b>.</p><script>x</script>");
  expect(text).toMatch(/title/i);
  expect(text).toContain("Some text.");
  expect(text).not.toMatch(/[<>]|x$/);
});

test("returns JSON unchanged and refuses other binary types", async () => {
  expect(await read('{"a":1}', "application/json")).toBe('{"a":1}');
  await expect(read("x", "image/png")).rejects.toMatchObject({ code: "invalid_input" });
});

describe("truncates a page built to exhaust the reader", () => {
  // Each took 1 to 12 seconds, or the whole stack.
  test.each([
    ["divs", "<div>".repeat(200_000)],
    ["inline elements", "<b>".repeat(300_000)],
    ["tables", "<table><tr><td>".repeat(60_000)],
    ["lists", "<ol><li>".repeat(120_000)],
    ["paragraphs", "<p>x".repeat(250_000)],
    ["foreign elements", "<svg><a>".repeat(120_000)],
  ])("%s", async (_, hostile) => {
    expect(await read(`<p>Some text.</p>${"<i>y</i>".repeat(600)}${hostile}`)).toMatch(
      /^Some text\.[^]*\[cut: the page/,
    );
  });

  test.each([
    ["attributes", `<a ${"a ".repeat(400_000)}`],
    ["brackets", "<".repeat(1_000_000)],
    ["entities", "&amp;".repeat(200_000)],
    ["comments", "<!--".repeat(250_000)],
    ["scripts", "<script>".repeat(120_000)],
  ])("and %s are only text", async (_, hostile) => {
    expect(await read(`<p>Some text.</p>${hostile}`)).toMatch(/^Some text\./);
  });
});
