import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { startApp } from "../support/app.ts";
import { chromiumPath, profile } from "../support/browser.ts";
import { signIn, type Client } from "../support/client.ts";
import { editor, file, projectWith, saved, tab, textOf } from "../support/page.ts";

/** Files that change elsewhere while they are open, and browsers that store nothing. */

describe.skipIf(chromiumPath === undefined)("an open file", () => {
  const app = startApp({ demoPace: 0 });

  const lines = Array.from({ length: 60 }, (_, n) => `line ${n + 1}`);

  /** Changes a file from outside of the page. */
  async function rewrite(client: Client, project: string, path: string, change: (text: string) => string) {
    const url = `/api/projects/${project}/files/${path}`;
    const { rev, content } = (await client.get(url)).json();
    const body = { content: change(String(content)) };
    const reply = await client.request("PUT", url, { body, headers: { "if-match": String(rev) } });
    expect(reply.status).toBe(200);
  }

  async function clickLine(page: Page, path: string, words: string): Promise<void> {
    await editor(page, path).getByText(words, { exact: true }).click();
    await page.keyboard.press("End");
  }

  test("what is typed stays in its line while others change lines above and below, and undo leaves theirs", async () => {
    const { client, project, page, context, errors } = await app.open(
      { name: "Interrupted" },
      { "a.txt": lines.join("\n"), "b.txt": "b" },
    );
    await file(page, "b.txt").dblclick();
    await file(page, "a.txt").dblclick();
    await clickLine(page, "a.txt", "line 30");
    await page.keyboard.type(" begun");
    await page.keyboard.press("Control+s");
    await saved(page).waitFor();
    await rewrite(client, project, "a.txt", (text) =>
      text.replace("line 2\n", "their second\nand one more\n").replace("line 58", "their end"),
    );
    await editor(page, "a.txt").getByText("their second").waitFor();
    await page.keyboard.type(" and done");
    await page.keyboard.press("Control+s");
    await expect.poll(() => textOf(client, project, "a.txt")).toContain("line 30 begun and done\nline 31");
    // Changed once more while another tab is shown.
    await tab(page, "b.txt").click();
    await editor(page, "b.txt").waitFor();
    await rewrite(client, project, "a.txt", (text) => text.replace("line 4\n", "their fourth\n"));
    await tab(page, "a.txt").click();
    await editor(page, "a.txt").getByText("their fourth").waitFor();
    await editor(page, "a.txt").focus();
    for (let n = 0; n < 4; n++) await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+s");
    await expect
      .poll(() => textOf(client, project, "a.txt"))
      .toBe(
        ["line 1", "their second", "and one more", "line 3", "their fourth", ...lines.slice(4, 57), "their end"]
          .concat(lines.slice(58))
          .join("\n"),
      );
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a move elsewhere keeps what was typed and its undo", async () => {
    const { client, project, page, context } = await app.open({ name: "Followed" }, { "a.txt": "one\n" });
    await file(page, "a.txt").dblclick();
    await editor(page, "a.txt").press("Control+End");
    await page.keyboard.type("typed");
    await client.request("PATCH", `/api/projects/${project}/files/a.txt`, { body: { path: "deep/b.txt" } });
    await editor(page, "deep/b.txt").getByText("typed").waitFor();
    await expect.poll(() => textOf(client, project, "deep/b.txt")).toBe("one\ntyped");
    await editor(page, "deep/b.txt").focus();
    await page.keyboard.press("Control+z");
    await expect.poll(() => textOf(client, project, "deep/b.txt")).toBe("one\n");
    await context.close();
  });

  test("a byte order mark survives every way to save, also in a file that is too large for a reply", async () => {
    const client = await signIn(app.url, { name: "Marked" });
    const large = `\ufeff${`${"漢字".repeat(30)}\n`.repeat(24_000)}`;
    const project = await projectWith(client, { "small.txt": "\ufeffone\r\ntwo\r\n" });
    const bytes = Buffer.from(large);
    const upload = (await client.post("/api/uploads", { projectId: project, size: bytes.length })).json();
    await fetch(String(upload.url), { method: "PUT", body: new Uint8Array(bytes) });
    await client.request("PUT", `/api/projects/${project}/files/large.txt`, { body: { upload: upload.id } });
    const { page, context } = await profile(app.browser, { origin: app.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "small.txt").click();
    await editor(page, "small.txt").press("Control+a");
    await page.keyboard.type("all new");
    await page.keyboard.press("Control+s");
    await expect.poll(() => textOf(client, project, "small.txt")).toBe("\ufeffall new");
    await file(page, "large.txt").click();
    await editor(page, "large.txt").press("Control+Home");
    await page.keyboard.type("X");
    await page.keyboard.press("Control+s");
    await saved(page).waitFor();
    const { url } = (await client.get(`/api/projects/${project}/files/large.txt`)).json();
    const start = Buffer.from(await (await fetch(String(url))).arrayBuffer()).subarray(0, 7);
    expect(start.toString()).toBe("\ufeffX漢");
    await context.close();
  });

  test("a browser that forbids storage shows the page, opens files, saves, and says what it cannot do", async () => {
    const client = await signIn(app.url, { name: "Private" });
    const project = await projectWith(client, { "a.txt": "one\n" });
    const { page, context, errors } = await profile(app.browser, { origin: app.url, client });
    await context.addInitScript(() => {
      const forbid = () => {
        throw new DOMException("forbidden", "SecurityError");
      };
      for (const name of ["localStorage", "sessionStorage", "indexedDB"])
        Object.defineProperty(globalThis, name, { get: forbid });
      Object.defineProperty(navigator, "locks", { value: undefined });
      Object.defineProperty(crypto, "randomUUID", { value: undefined });
    });
    await page.goto(`/projects/${project}`);
    await file(page, "a.txt").click();
    await editor(page, "a.txt").press("Control+End");
    await page.keyboard.type("two");
    await page.getByText("This browser can't keep drafts").waitFor();
    await saved(page).waitFor();
    expect(await textOf(client, project, "a.txt")).toBe("one\ntwo");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a very long line is edited without colours", async () => {
    const client = await signIn(app.url, { name: "Minified" });
    const project = await projectWith(client, { "a.js": `const a=[${"1,".repeat(400_000)}];`, "b.js": "const b = 1;" });
    const { page, context } = await profile(app.browser, { origin: app.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "b.js").click();
    await editor(page, "b.js").locator(".cm-line span[class]").first().waitFor();
    await file(page, "a.js").click();
    await editor(page, "a.js").press("Control+Home");
    await page.keyboard.type("x");
    await page.keyboard.press("Control+s");
    await expect.poll(async () => (await textOf(client, project, "a.js")).slice(0, 8)).toBe("xconst a");
    expect(await editor(page, "a.js").locator(".cm-line span[class]").count()).toBe(0);
    await context.close();
  });
});
