import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Started } from "@slipway/contract/operation";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launch, profile, screenshot } from "../support/browser.ts";
import { signIn } from "../support/client.ts";
import { cloudWith, type Cloud } from "../support/cloud.ts";
import { editor, expectNothingBad, file, inBothThemes, pathsOf, projectWith, tab, textOf } from "../support/page.ts";

/** The file tree by mouse, by keyboard and by drag and drop. */

describe.skipIf(chromiumPath === undefined)("the file tree", () => {
  let cloud: Cloud & { remove(): Promise<void> };
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    [cloud, browser] = await Promise.all([cloudWith({ demoPace: 0 }), launch()]);
    folder = mkdtempSync(join(tmpdir(), "slipway-upload-"));
  });
  afterAll(async () => {
    await browser.close();
    await cloud.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const tree = (page: Page) => page.getByRole("tree");
  const names = async (page: Page) =>
    await page
      .getByRole("treeitem")
      .all()
      .then((all) => Promise.all(all.map((each) => each.getAttribute("aria-label"))));

  test("creates, opens, renames, deletes and undoes by keyboard", async () => {
    const client = await signIn(cloud.url, { name: "Typist" });
    const project = await projectWith(client, { "src/a.ts": "a", "src/b.ts": "b", "README.md": "r" });
    const { page, context, errors } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "src").waitFor();
    await tree(page).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await file(page, "a.ts").waitFor();
    expect(await names(page)).toEqual(["src", "a.ts", "b.ts", "README.md"]);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("F2");
    const field = page.getByRole("textbox", { name: "New name of a.ts" });
    await field.waitFor();
    expect(await field.evaluate((input: HTMLInputElement) => input.value.slice(0, input.selectionEnd ?? 0))).toBe("a");
    await page.keyboard.type("first");
    await page.keyboard.press("Enter");
    await file(page, "first.ts").waitFor();
    await page.getByText("Renamed a.ts").waitFor();
    await page.keyboard.press("Delete");
    await file(page, "first.ts").waitFor({ state: "detached" });
    await page.keyboard.press("Control+z");
    await file(page, "first.ts").waitFor();
    await page.keyboard.press("Control+z");
    await file(page, "a.ts").waitFor();
    expect(await textOf(client, project, "src/a.ts")).toBe("a");
    await page.keyboard.press("Shift+F10");
    await page.getByRole("menuitem", { name: "New file" }).waitFor();
    await page.keyboard.press("n");
    await page.keyboard.press("Enter");
    await page
      .getByRole("textbox", { name: "Name of the new folder" })
      .or(page.getByRole("textbox", { name: "Name of the new file" }))
      .fill("made.ts");
    await page.keyboard.press("Enter");
    await expect.poll(() => pathsOf(client, project)).toContain("made.ts");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("deleting many files shows progress, can be stopped, and can be undone", async () => {
    const client = await signIn(cloud.url, { name: "Tidy" });
    const count = 1900;
    const files = Object.fromEntries(Array.from({ length: count }, (_, n) => [`big/${n}.txt`, "x"]));
    const project = await projectWith(client, { ...files, "README.md": "r" });
    const { page, context, errors } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "big").click();
    const started = page.waitForResponse((reply) => reply.request().method() === "DELETE");
    await page.keyboard.press("Delete");
    const { operation } = Started.parse(await (await started).json());
    const done = async () => Number((await client.get(`/api/operations/${operation.id}`)).json().done);
    await expect.poll(done).toBeGreaterThan(0);
    // Its execution ends behind the product's back, so that it cannot finish before the button is pressed.
    expect(cloud.endExecution("file-operation", `${operation.id}-1`)).toBe(true);
    await cloud.kill("operation");
    const stop = page.getByRole("button", { name: /Stop: Deleting big: \d+ of 1900/ });
    await stop.waitFor();
    await screenshot(page, "operation");
    await expectNothingBad(page);
    await stop.click();
    const stopped = page.getByText(/Stopped after \d+ of 1900 changes/);
    await stopped.waitFor();
    expect((await pathsOf(client, project)).length).toBeGreaterThan(1);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(async () => (await pathsOf(client, project)).length).toBe(count + 1);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("deleting a folder closes its tabs and can be undone; a moved file keeps its tab", async () => {
    const client = await signIn(cloud.url, { name: "Mover" });
    const project = await projectWith(client, { "old/deep/a.txt": "deep", "old/b.txt": "b", "target/x.txt": "x" });
    const { page, context, errors } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "old").click();
    await file(page, "b.txt").dblclick();
    await tab(page, "b.txt").waitFor();
    await file(page, "b.txt").dragTo(file(page, "target"));
    await page.getByText("Moved b.txt").waitFor();
    expect(await pathsOf(client, project)).toEqual(["old/deep/a.txt", "target/b.txt", "target/x.txt"]);
    await editor(page, "target/b.txt").getByText("b").waitFor();
    await page.getByRole("button", { name: "Undo" }).first().click();
    await editor(page, "old/b.txt").waitFor();
    await file(page, "old").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await tab(page, "b.txt").waitFor({ state: "detached" });
    await page.getByText("Deleted old").waitFor();
    await page.getByRole("button", { name: "Undo" }).last().click();
    await expect.poll(() => pathsOf(client, project)).toEqual(["old/b.txt", "old/deep/a.txt", "target/x.txt"]);
    expect(await textOf(client, project, "old/deep/a.txt")).toBe("deep");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("uploads text, binaries and folders with progress, and asks before overwriting", async () => {
    const client = await signIn(cloud.url, { name: "Uploader" });
    const project = await projectWith(client, { "there.txt": "mine" });
    mkdirSync(join(folder, "tree/deep"), { recursive: true });
    writeFileSync(join(folder, "tree/one.txt"), "1");
    writeFileSync(join(folder, "tree/deep/two.txt"), "2");
    const { page, context, errors } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "there.txt").waitFor();
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByRole("button", { name: "Upload files" }).click(),
    ]);
    // As buffers, since file names on disk depend on the machine's locale.
    await chooser.setFiles([
      { name: "there.txt", mimeType: "text/plain", buffer: Buffer.from("theirs") },
      { name: "ümlaut – name.txt", mimeType: "text/plain", buffer: Buffer.from("odd\r\nname") },
      { name: "bytes.bin", mimeType: "", buffer: Buffer.from([0, 1, 2, 255]) },
    ]);
    await page.getByRole("dialog", { name: "Files already exist" }).waitFor();
    await page.getByRole("button", { name: "Keep both" }).click();
    await file(page, "there (2).txt").waitFor();
    await file(page, "bytes.bin").waitFor();
    expect(await textOf(client, project, "there.txt")).toBe("mine");
    expect(await textOf(client, project, "there (2).txt")).toBe("theirs");
    expect(await textOf(client, project, "ümlaut – name.txt")).toBe("odd\r\nname");
    await page.getByRole("button", { name: "More file actions" }).click();
    const [folderChooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByRole("menuitem", { name: "Upload folder" }).click(),
    ]);
    await folderChooser.setFiles(join(folder, "tree"));
    await file(page, "tree").waitFor();
    expect(await pathsOf(client, project)).toContain("tree/deep/two.txt");
    // Drops into the folder under the pointer.
    const dropped = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(["dropped"], "dropped.txt"));
      return data;
    });
    await file(page, "tree").dispatchEvent("drop", { dataTransfer: dropped });
    await expect.poll(() => pathsOf(client, project)).toContain("tree/dropped.txt");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("downloads a file alone and the project as a zip", async () => {
    const client = await signIn(cloud.url, { name: "Downloader" });
    const project = await projectWith(client, { "a.txt": "the text", "b/c.txt": "c" });
    const { page, context } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "a.txt").click({ button: "right" });
    const [single] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: "Download" }).click(),
    ]);
    expect(single.suggestedFilename()).toBe("a.txt");
    expect(readFileSync(await single.path(), "utf8")).toBe("the text");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill("zip");
    const [whole] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("option", { name: /Download project as zip/ }).click(),
    ]);
    expect(whole.suggestedFilename()).toBe("Test-project.zip");
    expect(
      readFileSync(await whole.path())
        .subarray(0, 2)
        .toString(),
    ).toBe("PK");
    await context.close();
  });

  test("copies a file, explains a refused name, previews on click and pins on double click", async () => {
    const client = await signIn(cloud.url, { name: "Copier" });
    const project = await projectWith(client, { "a.txt": "a", "b.txt": "b", "c.txt": "c" });
    const { page, context } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "a.txt").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Duplicate" }).click();
    await file(page, "a copy.txt").waitFor();
    await page.getByRole("button", { name: "New file" }).click();
    const field = page.getByRole("textbox", { name: "Name of the new file" });
    for (const [name, said] of [
      ["b.txt", "b.txt already exists."],
      ["../x", 'Names can\'t contain "..".'],
      [`${"x".repeat(300)}.txt`, "longer than 255 bytes"],
    ] as const) {
      await field.fill(name);
      await page.keyboard.press("Enter");
      await page.getByRole("alert").filter({ hasText: said }).waitFor();
      // What was typed is still there to be mended.
      expect(await field.inputValue()).toBe(name);
    }
    await page.keyboard.press("Escape");
    await file(page, "b.txt").click();
    await tab(page, "b.txt").waitFor();
    await file(page, "c.txt").click();
    await tab(page, "c.txt").waitFor();
    await tab(page, "b.txt").waitFor({ state: "detached" });
    await file(page, "c.txt").dblclick();
    await file(page, "b.txt").click();
    await tab(page, "b.txt").waitFor();
    expect(await tab(page, "c.txt").count()).toBe(1);
    await context.close();
  });

  test("a name that is not changed is not renamed, also one that ends in a space", async () => {
    const client = await signIn(cloud.url, { name: "Unchanged" });
    const project = await projectWith(client, { "odd.txt ": "a", "b.txt": "b" });
    const { page, context } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    const patches: string[] = [];
    page.on("request", (request) => request.method() === "PATCH" && patches.push(request.url()));
    await page.getByRole("treeitem", { name: "odd.txt" }).click();
    await tree(page).focus();
    await page.keyboard.press("F2");
    await page.getByRole("textbox", { name: /New name of odd.txt/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: /New name of/ }).waitFor({ state: "detached" });
    expect(await pathsOf(client, project)).toContain("odd.txt ");
    expect(patches).toEqual([]);
    await context.close();
  });

  test("several files are selected, copied, cut, pasted and deleted at once, and undone", async () => {
    const client = await signIn(cloud.url, { name: "Selector" });
    const project = await projectWith(client, { "a.txt": "a", "b.txt": "b", "c.txt": "c", "src/x.txt": "x" });
    const { page, context, errors } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "a.txt").click();
    await file(page, "b.txt").click({ modifiers: ["Shift"] });
    await page.keyboard.press("Control+c");
    await file(page, "src").click();
    await page.keyboard.press("Control+v");
    await expect.poll(() => pathsOf(client, project)).toContain("src/b.txt");
    expect(await pathsOf(client, project)).toContain("src/a.txt");
    // Once more, under other names.
    await file(page, "src").focus();
    await tree(page).focus();
    await page.keyboard.press("Control+v");
    await expect.poll(() => pathsOf(client, project)).toContain("src/b copy.txt");
    await page.keyboard.press("Control+z");
    await expect.poll(() => pathsOf(client, project)).not.toContain("src/b copy.txt");
    await page.getByText("Copied 2 items").first().waitFor();
    const [first] = await page.getByRole("treeitem", { name: "c.txt", exact: true }).all();
    await first?.click();
    await page.keyboard.press("Control+x");
    await file(page, "src").click();
    await page.keyboard.press("Control+v");
    await expect.poll(() => pathsOf(client, project)).toContain("src/c.txt");
    expect(await pathsOf(client, project)).not.toContain("c.txt");
    await file(page, "src").click({ button: "right" });
    await page.keyboard.press("Escape");
    await tree(page).focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Delete");
    await expect.poll(() => pathsOf(client, project)).toEqual([]);
    // The toast goes with what it would undo.
    const toast = page.getByText(/^Deleted \d items$/);
    await toast.waitFor();
    await page.keyboard.press("Control+z");
    await expect.poll(async () => (await pathsOf(client, project)).length).toBe(6);
    await toast.waitFor({ state: "detached" });
    expect(errors).toEqual([]);
    await context.close();
  });

  test("opens and scrolls 10,000 entries, and axe finds nothing", async () => {
    const client = await signIn(cloud.url, { name: "Large" });
    const files: Record<string, string> = {};
    for (let n = 0; n < 10_000; n++) files[`d${Math.floor(n / 100)}/f${n}.txt`] = "";
    const project = await projectWith(client, files);
    const { page, context } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "d0").waitFor();
    expect(await page.getByRole("treeitem").count()).toBeLessThan(100);
    for (const name of ["d2", "d1", "d0"]) await file(page, name).click();
    await tree(page).focus();
    // Scrolling stays smooth because few rows are drawn.
    const drawn = await page.evaluate(async () => {
      const tree = document.querySelector("[role=tree]");
      const counts: number[] = [];
      for (let n = 0; n < 60; n++) {
        tree?.scrollBy(0, 400);
        await new Promise((resolve) => requestAnimationFrame(resolve));
        counts.push(document.querySelectorAll("[role=treeitem]").length);
      }
      return counts;
    });
    expect(Math.max(...drawn)).toBeLessThan(100);
    await page.keyboard.press("End");
    await file(page, "d99").waitFor();
    await inBothThemes(page, () => expectNothingBad(page));
    await screenshot(page, "tree-10000");
    await context.close();
  });

  test("files called like members of every object open, save, are shown and renamed", async () => {
    const client = await signIn(cloud.url, { name: "Prototype" });
    const names = ["constructor", "__proto__", "toString", "hasOwnProperty"];
    const project = await projectWith(
      client,
      Object.fromEntries([["index.html", "index"], ...names.map((n) => [n, n])]),
    );
    const { page, context, errors } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    for (const name of names) {
      await file(page, name).click();
      await editor(page, name).press("Control+Home");
      await page.keyboard.type("my ");
      await page.keyboard.press("Control+s");
      await expect.poll(() => textOf(client, project, name)).toBe(`my ${name}`);
    }
    await page.keyboard.press("Alt+v");
    const frame = page.frameLocator("iframe");
    await frame.getByText("index").waitFor();
    for (const name of names) {
      await page.getByRole("textbox", { name: "Address in the project" }).fill(name);
      await page.keyboard.press("Enter");
      await frame.getByText(`my ${name}`).waitFor();
    }
    for (const name of names) {
      await file(page, name).click();
      await editor(page, name).getByText(`my ${name}`).waitFor();
      await tree(page).focus();
      await page.keyboard.press("F2");
      await page.keyboard.type(`${name}2`);
      await page.keyboard.press("Enter");
      await editor(page, `${name}2`).getByText(`my ${name}`).waitFor();
    }
    expect((await pathsOf(client, project)).sort()).toEqual([...names.map((name) => `${name}2`), "index.html"].sort());
    expect(errors).toEqual([]);
    await context.close();
  });
});
