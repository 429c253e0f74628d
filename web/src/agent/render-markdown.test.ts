import { describe, expect, test } from "vitest";
import { renderMarkdown } from "./render-markdown.ts";

describe("an answer", () => {
  test("becomes HTML: headings, lists, tables, code with its language", () => {
    const html = renderMarkdown(
      "# Plan\n\n- **one**\n- ~~two~~\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n\n```ts\nlet a = 1 < 2;\n```\n",
    );
    expect(html).toContain("<h1>Plan</h1>");
    expect(html).toContain("<strong>one</strong>");
    expect(html).toContain("<s>two</s>");
    expect(html).toContain('<td align="right">2</td>');
    expect(html).toContain('<pre><code data-language="ts">let a = 1 &lt; 2;</code></pre>');
  });

  test("links what is written as an address, and shows an image as a link", () => {
    const html = renderMarkdown("See https://example.com/a and ![a cat](https://example.com/cat.png)");
    expect(html).toContain('<a href="https://example.com/a">');
    expect(html).toContain('<a href="https://example.com/cat.png">a cat</a>');
    expect(html).not.toContain("<img");
  });

  test("keeps plain tags; other HTML is text", () => {
    expect(renderMarkdown("Press <kbd>Tab</kbd><br>and <b onclick=x>go</b>")).toBe(
      "<p>Press <kbd>Tab</kbd><br>and &lt;b onclick=x&gt;go</b></p>\n",
    );
    expect(renderMarkdown("<details>\n<summary>More</summary>\n<img src=//evil.test>\n</details>")).toBe(
      "<details>\n<summary>More</summary>\n&lt;img src=//evil.test&gt;\n</details>",
    );
    expect(renderMarkdown('<div\nstyle="background: url(//evil.test)">\n<script')).not.toMatch(/<(?!\/?p>)/);
  });

  test("that is still being written is rendered at every length", () => {
    const text = "Some `code`, a [link](https://example.com) and\n\n```js\nlet a;\n```\n\n| a |\n|---|\n| **b** |\n";
    for (let end = 0; end <= text.length; end++) expect(renderMarkdown(text.slice(0, end))).toBeTypeOf("string");
  });
});

/** The bounds are on what comes out; the test's own timeout, far above any real duration, catches a freeze. */
describe("a hostile answer is rendered within bounds, or shown as plain text", () => {
  const size = 90_000;
  const fill = (part: string) => part.repeat(Math.floor(size / part.length));
  const lines = (count: number, line: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => line(at)).join("\n");

  test.each([
    ["3,000 nested quotes", `${">".repeat(3000)} a`],
    ["quotes nested over many lines", lines(300, (at) => `${">".repeat(at)} a`)],
    ["5,000 nested lists on one line", `${"- ".repeat(5000)}a`],
    ["400 nested lists", lines(400, (at) => `${" ".repeat(at * 2)}- a`)],
    ["2,000 nested ordered lists", `${"1. ".repeat(2000)}a`],
    ["a table that asks for millions of cells", `${"|a".repeat(3000)}\n${"|-".repeat(3000)}\n${"a\n".repeat(3000)}`],
    ["many such tables", `${"|a".repeat(1000)}\n${"|-".repeat(1000)}\n${"a\n".repeat(70)}\n`.repeat(20)],
    ["a text longer than any answer", "word ".repeat(100_000)],
  ])("%s: plain text", (_, text) => {
    expect(renderMarkdown(text)).toBeUndefined();
  });

  test.each([
    ["opening brackets", fill("[")],
    ["brackets that close", `${"[".repeat(size / 2)}a${"]".repeat(size / 2)}`],
    ["images that never end", fill("![")],
    ["links that never end", fill("[a](")],
    ["link titles that never end", fill('[a](<b "')],
    ["runs of emphasis", fill("*a **b ")],
    ["underscores within words", fill("a_b__c")],
    ["one run of stars", `${"*".repeat(size)}a`],
    ["tildes", fill("~a~~b")],
    ["backtick runs of every length", lines(400, (at) => `e${"`".repeat(at)}`)],
    ["an unclosed fence", `\`\`\`\n${fill("x\n")}`],
    ["one line without an end", fill("word ")],
    ["comments that never end", fill("<!--")],
    ["comments that almost end", fill("<!--x>")],
    ["tags that never end", fill("<a ")],
    ["CDATA that never ends", fill("<![CDATA[")],
    ["addresses without an end", fill("http://a")],
    ["entities", fill("&#")],
    ["backslashes", fill("\\")],
    ["definitions that refer to each other", `${lines(2000, (at) => `[r${at}]: /u`)}\n${"[r1]".repeat(2000)}`],
    ["newlines", fill("\n")],
    ["spaces", `a${" ".repeat(size)}b`],
  ])("%s: no more than 60 times its size", (_, text) => {
    const html = renderMarkdown(text);
    expect(html?.length ?? 0).toBeLessThan(60 * text.length);
  });
});
