import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { startApp } from "../support/app.ts";
import { chromiumPath, phone, profile, screenshot } from "../support/browser.ts";
import { signIn } from "../support/client.ts";
import { editor, expectNothingBad, file, inBothThemes, message, projectWith, tab, textOf } from "../support/page.ts";

/** The layout of a project's page: panels, tabs, editor groups, the address and the status bar. */

describe.skipIf(chromiumPath === undefined)("the workspace", () => {
  const app = startApp({ demoPace: 0 });

  const tree = (page: Page) => page.getByRole("tree");
  const group = (page: Page, n: number, of: number) =>
    page.getByRole("region", { name: `Editor ${n} of ${of}`, exact: true });

  test("panels hide, come back by key and click, and are remembered", async () => {
    const { page, context, errors } = await app.open({ name: "Tidy" }, { "a.txt": "one" });
    await file(page, "a.txt").click();
    await editor(page, "a.txt").waitFor();
    await page.keyboard.press("Control+b");
    await tree(page).waitFor({ state: "hidden" });
    await page.keyboard.press("Control+Alt+b");
    await message(page).waitFor({ state: "hidden" });
    await page.reload();
    await editor(page, "a.txt").waitFor();
    expect(await tree(page).isVisible()).toBe(false);
    expect(await message(page).isVisible()).toBe(false);
    await page.getByRole("button", { name: "Show agent panel" }).click();
    await message(page).waitFor();
    await page.getByRole("button", { name: "Search", exact: true }).click();
    await page.getByRole("searchbox", { name: "Search in all files" }).waitFor();
    await page.reload();
    await page.getByRole("searchbox", { name: "Search in all files" }).waitFor();
    // The active icon hides its panel.
    await page.getByRole("button", { name: "Search", exact: true }).click();
    await page.getByRole("searchbox", { name: "Search in all files" }).waitFor({ state: "hidden" });
    await page.keyboard.press("Control+Shift+e");
    await tree(page).waitFor();
    await expect.poll(() => tree(page).evaluate((element) => element === document.activeElement)).toBe(true);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("at 768 px the editor has room, and the side panel lies over it until a file is chosen", async () => {
    const client = await signIn(app.url, { name: "Tablet" });
    const project = await projectWith(client, { "a.txt": "one" });
    const viewport = { width: 768, height: 1024 };
    const { page, context } = await profile(app.browser, { origin: app.url, client, viewport });
    await page.goto(`/projects/${project}`);
    await page.getByRole("button", { name: "Files", exact: true }).click();
    await file(page, "a.txt").click();
    await editor(page, "a.txt").waitFor();
    await tree(page).waitFor({ state: "hidden" });
    const width = async () => (await editor(page, "a.txt").boundingBox())?.width ?? 0;
    expect(await width()).toBeGreaterThan(320);
    await page.keyboard.press("Control+Alt+b");
    await expect.poll(width).toBeGreaterThan(600);
    await page.keyboard.press("Control+Alt+b");
    for (const [name, size] of [
      ["tablet", viewport],
      ["phone", phone],
    ] as const) {
      await page.setViewportSize(size);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      await inBothThemes(page, async (theme) => {
        await expectNothingBad(page);
        await screenshot(page, `workspace-${name}-${theme}`);
      });
    }
    await context.close();
  });

  test("a file that is read late comes behind the one that was asked for after it", async () => {
    const { page, context, errors } = await app.open(
      { name: "Quick" },
      { "a.txt": "one\n", "b.txt": "two\n", "c.txt": "" },
    );
    const shown = Promise.withResolvers<void>();
    const late = ["b.txt", "c.txt"].map((name) => `**/files/${name}`);
    for (const url of late) await page.route(url, (route) => shown.promise.then(() => route.continue()));
    const read = Promise.all(late.map((url) => page.waitForResponse(url)));
    await file(page, "b.txt").dblclick();
    await file(page, "c.txt").click();
    await file(page, "a.txt").dblclick();
    await editor(page, "a.txt").waitFor();
    shown.resolve();
    await read;
    // It was asked to stay open; the other one was only looked at, and is gone by now.
    await page.getByRole("tab", { name: "b.txt" }).waitFor();
    await page.getByRole("tab", { name: "a.txt", selected: true }).waitFor();
    expect(await editor(page, "a.txt").isVisible()).toBe(true);
    expect(await page.getByRole("tab", { name: "c.txt" }).count()).toBe(0);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("Ctrl+\\ splits the editor, tabs are dragged between groups, and both show what is typed", async () => {
    const { page, context, errors } = await app.open({ name: "Splitter" }, { "a.txt": "one\n", "b.txt": "two\n" });
    await file(page, "b.txt").dblclick();
    await file(page, "a.txt").dblclick();
    await editor(page, "a.txt").press("Control+\\");
    await group(page, 2, 2).waitFor();
    const [left, right] = [group(page, 1, 2), group(page, 2, 2)];
    await right.getByRole("textbox", { name: "a.txt" }).press("Control+End");
    await page.keyboard.type("typed");
    await left.getByRole("textbox", { name: "a.txt" }).getByText("typed").waitFor();
    await page.getByText("Ln 2, Col 6").waitFor();
    await left.getByRole("tab", { name: "b.txt" }).dragTo(right.getByRole("tab", { name: /^a\.txt/ }));
    await right.getByRole("textbox", { name: "b.txt" }).waitFor();
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `split-${theme}`);
    });
    await page.reload();
    await right.getByRole("textbox", { name: "b.txt" }).waitFor();
    await left.getByRole("textbox", { name: "a.txt" }).getByText("typed").waitFor();
    // The last tab of a group takes the group with it.
    await left.getByRole("tab", { name: "a.txt" }).press("Delete");
    await page.getByRole("region", { name: "Editor", exact: true }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("tabs are tabs: arrows move, names that are alike have their folders, and the address follows", async () => {
    const client = await signIn(app.url, { name: "Addressed" });
    const project = await projectWith(client, { "a/index.ts": "let a;", "b/index.ts": "let b;", "c.txt": "c" });
    const { page, context, errors } = await profile(app.browser, { origin: app.url, client });
    await page.goto(`/projects/${project}?file=${encodeURIComponent("a/index.ts")}`);
    await editor(page, "a/index.ts").waitFor();
    await file(page, "b").click();
    await page.getByRole("treeitem", { name: "index.ts" }).last().dblclick();
    await editor(page, "b/index.ts").waitFor();
    await tab(page, "index.ts a").waitFor();
    await expect.poll(() => page.title()).toContain("b/index.ts");
    expect(new URL(page.url()).searchParams.get("file")).toBe("b/index.ts");
    await tab(page, "index.ts b").focus();
    await page.keyboard.press("ArrowLeft");
    await editor(page, "a/index.ts").waitFor();
    await page.goBack();
    await editor(page, "b/index.ts").waitFor();
    await page.goForward();
    await editor(page, "a/index.ts").waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("find counts, Ctrl+H replaces, Ctrl+G goes to a line, Tab leaves the editor when asked to", async () => {
    const { page, context, errors } = await app.open({ name: "Finder" }, { "a.txt": "one two\nTwo twofold\ntwo\n" });
    await file(page, "a.txt").click();
    await editor(page, "a.txt").press("Control+Home");
    await page.keyboard.press("Control+f");
    const find = page.getByRole("search", { name: "Find and replace" });
    await find.getByRole("textbox", { name: "Find" }).fill("two");
    await find.getByText("1 of 4").waitFor();
    await page.keyboard.press("Enter");
    await find.getByText("2 of 4").waitFor();
    await find.getByRole("button", { name: "Match case" }).click();
    await find.getByRole("button", { name: "Whole words" }).click();
    await find.getByText(/of 2/).waitFor();
    await page.keyboard.press("Control+h");
    await find.getByRole("textbox", { name: "Replace with" }).fill("three");
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `find-${theme}`);
    });
    await find.getByRole("button", { name: "Replace all" }).click();
    await editor(page, "a.txt").getByText("one three").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+g");
    await page.getByRole("combobox").fill(":2");
    await page.keyboard.press("Enter");
    await page.getByText("Ln 2, Col 1").waitFor();
    await page.keyboard.press("Control+m");
    await page.getByText("Tab moves focus", { exact: true }).waitFor();
    await page.keyboard.press("Tab");
    expect(await editor(page, "a.txt").evaluate((element) => element === document.activeElement)).toBe(false);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("an edited file stays open, and what shows a file follows it when it moves", async () => {
    const { client, project, page, context, errors } = await app.open(
      { name: "Mover" },
      { "a.html": "<h1>Moved</h1>", "b.txt": "b\n", "c.txt": "c\n" },
    );
    await file(page, "b.txt").click();
    await editor(page, "b.txt").press("Control+End");
    await page.keyboard.type("typed");
    await page.keyboard.press("Control+s");
    await file(page, "c.txt").click();
    await editor(page, "c.txt").waitFor();
    // Saved, and still there; one that was only looked at gives way.
    await tab(page, "b.txt").waitFor();
    await file(page, "a.html").click();
    await editor(page, "a.html").waitFor();
    await tab(page, "c.txt").waitFor({ state: "detached" });
    await page.keyboard.press("Alt+v");
    await tab(page, "Preview: a.html").waitFor();
    await file(page, "a.html").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Local history" }).click();
    await tab(page, "a.html (history)").waitFor();
    await client.request("PATCH", `/api/projects/${project}/files/a.html`, { body: { path: "z.html" } });
    await page.getByRole("listbox", { name: "Versions of z.html" }).getByRole("option").nth(1).waitFor();
    await tab(page, "z.html (history)").waitFor();
    await tab(page, "Preview: z.html").click();
    await page.frameLocator("iframe").getByRole("heading", { name: "Moved" }).waitFor();
    expect(await page.getByRole("textbox", { name: "Address in the project" }).inputValue()).toBe("z.html");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("an earlier version of a file is compared and restored, and one that is too long says so", async () => {
    const client = await signIn(app.url, { name: "Historian" });
    const long = "a line of some length\n".repeat(28_000);
    const project = await projectWith(client, { "a.txt": "first\n", "long.txt": long });
    const write = async (path: string, content: string) => {
      const url = `/api/projects/${project}/files/${path}`;
      const { rev } = (await client.get(url)).json();
      await client.request("PUT", url, { body: { content }, headers: { "if-match": `"${String(rev)}"` } });
    };
    await write("a.txt", "second\n");
    await write("long.txt", `${long}more\n`);
    const { page, context, errors } = await profile(app.browser, { origin: app.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "a.txt").dblclick();
    await editor(page, "a.txt").getByText("second").waitFor();
    await page.keyboard.press("Control+Shift+p");
    await page.getByRole("combobox").fill(">local history");
    await page.keyboard.press("Enter");
    const comparison = page.getByRole("textbox", { name: "Changes of a.txt since this version" });
    await comparison.locator(".cm-deletedLine").getByText("first").waitFor();
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `history-${theme}`);
    });
    await page.getByRole("button", { name: "Restore this version" }).click();
    await page.getByText("Version restored").waitFor();
    await expect.poll(() => textOf(client, project, "a.txt")).toBe("first\n");
    await tab(page, "a.txt").click();
    await editor(page, "a.txt").getByText("first").waitFor();
    await file(page, "long.txt").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Local history" }).click();
    await page.getByText("This file is too long to compare here.").waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });
});
