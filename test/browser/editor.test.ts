import { describe, expect, test } from "vitest";
import { startApp } from "../support/app.ts";
import { chromiumPath, profile, screenshot } from "../support/browser.ts";
import { signIn } from "../support/client.ts";
import {
  draftHolding,
  editor,
  expectNothingBad,
  file,
  inBothThemes,
  projectWith,
  saved,
  tab,
  textOf,
} from "../support/page.ts";
import { scriptSize, withTab } from "../support/script-size.ts";

/** The editor: file types, saving and its races, search, and assistance at the cursor. */

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

describe.skipIf(chromiumPath === undefined)("the editor", () => {
  const app = startApp({ demoPace: 0 });

  test("tabs, the open file, cursor and scroll survive a reload; breadcrumbs lead into the tree", async () => {
    const client = await signIn(app.url, { name: "Reloader" });
    const long = Array.from({ length: 400 }, (_, n) => `line ${n + 1}`).join("\n");
    const project = await projectWith(client, { "src/deep/long.txt": long, "b.txt": "b" });
    const { page, context, errors } = await profile(app.browser, { origin: app.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "b.txt").dblclick();
    await tab(page, "b.txt").waitFor();
    await page.keyboard.press("Control+p");
    await page.getByRole("combobox").fill("long");
    await page.getByRole("option", { name: /long.txt/ }).click();
    await editor(page, "src/deep/long.txt").press("Control+End");
    await page.getByText("line 400").waitFor();
    await page.reload();
    await editor(page, "src/deep/long.txt").getByText("line 400").waitFor();
    await tab(page, "b.txt").waitFor();
    await page.getByRole("button", { name: "Collapse all" }).click();
    await page.getByRole("list", { name: "File path" }).getByRole("button", { name: "deep" }).click();
    await file(page, "long.txt").waitFor();
    await page.keyboard.press("Alt+w");
    await tab(page, "long.txt").waitFor({ state: "detached" });
    expect(errors).toEqual([]);
    await context.close();
  });

  test("keeps line endings and unusual characters", async () => {
    const { client, project, page, context } = await app.open(
      { name: "Endings" },
      { "crlf.txt": "one\r\ntwo\r\n", "mixed.txt": "one\r\ntwo\nthree\r" },
    );
    for (const [name, content] of [
      ["crlf.txt", "Xone\r\ntwo\r\n"],
      ["mixed.txt", "Xone\r\ntwo\nthree\r"],
    ] as const) {
      await file(page, name).click();
      await editor(page, name).press("Control+Home");
      await page.keyboard.type("X");
      await page.keyboard.press("Control+s");
      await expect.poll(() => textOf(client, project, name)).toBe(content);
    }
    await context.close();
  });

  test("shows a conflicting change side by side and loses nothing", async () => {
    const { client, project, page, context, errors } = await app.open(
      { name: "Conflicted" },
      { "a.txt": "one\ntwo\nthree\n" },
    );
    await file(page, "a.txt").click();
    await editor(page, "a.txt").waitFor();
    await context.setOffline(true);
    await editor(page, "a.txt").getByText("two").click();
    await page.keyboard.press("End");
    await page.keyboard.type(" mine");
    await client.request("PUT", `/api/projects/${project}/files/a.txt`, {
      body: { content: "one\ntwo theirs\nthree\n" },
      headers: { "if-match": "1" },
    });
    await context.setOffline(false);
    await page.getByText("The same lines were changed elsewhere.").waitFor();
    const mine = page.getByRole("textbox", { name: "Yours: a.txt" });
    await mine.getByText("two mine").waitFor();
    await page.getByRole("textbox", { name: "Theirs: a.txt" }).getByText("two theirs").waitFor();
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `conflict-${theme}`);
    });
    await mine.getByText("two mine").click();
    await page.keyboard.press("End");
    await page.keyboard.type(" and theirs");
    await page.getByRole("button", { name: "Use mine" }).click();
    await editor(page, "a.txt").getByText("two mine and theirs").waitFor();
    await saved(page).waitFor();
    expect(await textOf(client, project, "a.txt")).toBe("one\ntwo mine and theirs\nthree\n");
    expect(errors.filter((text) => !/ERR_INTERNET_DISCONNECTED|409/.test(text))).toEqual([]);
    await context.close();
  });

  test("two tabs of one person never overwrite each other", async () => {
    const client = await signIn(app.url, { name: "Doubled" });
    const project = await projectWith(client, { "a.txt": "top\n\n\n\nbottom\n" });
    const { page: one, context } = await profile(app.browser, { origin: app.url, client });
    const two = await context.newPage();
    for (const page of [one, two]) {
      await page.goto(`/projects/${project}`);
      await file(page, "a.txt").click();
      await editor(page, "a.txt").waitFor();
    }
    await context.setOffline(true);
    await editor(one, "a.txt").press("Control+Home");
    await one.keyboard.type("first ");
    await editor(two, "a.txt").press("Control+End");
    await two.keyboard.type("second");
    await draftHolding(two, "second");
    await two.close({ runBeforeUnload: false });
    await context.setOffline(false);
    await saved(one).waitFor();
    const three = await context.newPage();
    await three.goto(`/projects/${project}`);
    await file(three, "a.txt").click();
    await editor(three, "a.txt").getByText("second").waitFor();
    await expect.poll(() => textOf(client, project, "a.txt")).toBe("first top\n\n\n\nbottom\nsecond");
    await context.close();
  });

  test("edits 2 MB, shows larger files read-only, and saves a paste of 5 MB", async () => {
    const client = await signIn(app.url, { name: "Heavy" });
    const line = `${"x".repeat(99)}\n`;
    const project = await projectWith(client, { "two.txt": line.repeat(19_000), "small.txt": "s" });
    await client.request("PUT", `/api/projects/${project}/files/three.txt`, { body: { content: line.repeat(30_000) } });
    const { page, context } = await profile(app.browser, { origin: app.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "two.txt").click();
    await editor(page, "two.txt").press("Control+Home");
    await page.keyboard.type("typed ");
    await page.keyboard.press("Control+s");
    await expect.poll(async () => (await textOf(client, project, "two.txt")).slice(0, 7)).toBe("typed x");
    await file(page, "three.txt").click();
    await page.getByText("This file is larger than 2 MB").waitFor();
    expect(await editor(page, "three.txt").getAttribute("aria-readonly")).toBe("true");
    await file(page, "small.txt").click();
    await editor(page, "small.txt").press("Control+End");
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.setData("text/plain", `${"y".repeat(99)}\n`.repeat(52_000));
      document.activeElement?.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
      );
    });
    await page.getByText("Saving…").waitFor();
    await saved(page).waitFor();
    const { files } = (await client.get(`/api/projects/${project}/files`)).json() as unknown as {
      files: { path: string; size: number }[];
    };
    expect(files.find(({ path }) => path === "small.txt")?.size).toBe(1 + 52_000 * 100);
    await context.close();
  });

  test("saves and warns when the browser's store is full and its clock is wrong", async () => {
    const client = await signIn(app.url, { name: "Full" });
    const project = await projectWith(client, { "a.txt": "one\n" });
    const { page, context } = await profile(app.browser, { origin: app.url, client });
    await context.addInitScript(() => {
      const full = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
      IDBObjectStore.prototype.put = full;
      Storage.prototype.setItem = full;
      const now = Date.now.bind(Date);
      Date.now = () => now() - 5 * 86_400_000;
    });
    await page.goto(`/projects/${project}`);
    await file(page, "a.txt").click();
    await editor(page, "a.txt").press("Control+End");
    await page.keyboard.type("two");
    await page.getByText("This browser can't keep drafts").waitFor();
    await saved(page).waitFor();
    expect(await textOf(client, project, "a.txt")).toBe("one\ntwo");
    await page.goto("/");
    await page.getByRole("link", { name: /just now/ }).waitFor();
    await context.close();
  });

  test("home loads at most 45 KB of script, and a TypeScript file with its minimap 260 KB", async () => {
    const client = await signIn(app.url, { name: "Weigher" });
    const lines = Array.from({ length: 300 }, (_, n) => `export const value${n}: number = ${n};`).join("\n");
    const project = await projectWith(client, { "main.ts": lines });
    const where = { browser: app.browser, origin: app.url, client };
    const home = await scriptSize({
      ...where,
      path: "/",
      settled: (page) => page.getByRole("link", { name: "Test project" }).waitFor(),
    });
    const route = await scriptSize({
      ...where,
      path: `/projects/${project}`,
      stored: withTab(project, "main.ts"),
      settled: (page) => page.locator(".cm-minimap").waitFor(),
    });
    expect(home / 1024).toBeLessThan(45);
    expect(route / 1024).toBeLessThan(260);
  });

  test("the minimap draws the text, leads to a place in it, and follows what is typed and folded", async () => {
    const client = await signIn(app.url, { name: "Cartographer" });
    const long = Array.from({ length: 2000 }, (_, n) => (n === 1000 ? "" : `line ${n + 1}`)).join("\n");
    const project = await projectWith(client, { "long.txt": long });
    const { page, context, errors } = await profile(app.browser, { origin: app.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "long.txt").dblclick();
    const map = page.locator(".cm-minimap");
    await map.waitFor();
    const drawn = () =>
      map.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
        const image = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height);
        return [...(image?.data ?? [])].filter((value, at) => at % 4 === 3 && value > 0).length;
      });
    await expect.poll(drawn).toBeGreaterThan(1000);
    const box = await map.boundingBox();
    if (!box) throw new Error("The minimap is not shown.");
    await page.mouse.move(box.x + 20, box.y + 2);
    await page.mouse.down();
    await page.mouse.move(box.x + 20, box.y + box.height - 1, { steps: 4 });
    await page.mouse.up();
    await page.getByText("line 2000", { exact: true }).waitFor();
    await editor(page, "long.txt").press("Control+a");
    await page.keyboard.type("x");
    await map.waitFor({ state: "visible" });
    await expect.poll(drawn).toBeLessThan(100);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("shows images, offers binaries for download, and loads each grammar on demand", async () => {
    const client = await signIn(app.url, { name: "Viewer" });
    const samples: Record<string, string> = {
      "a.js": "const x = 1;",
      "a.ts": "const x: number = 1;",
      "a.jsx": "const x = <p>1</p>;",
      "a.tsx": "const x = <p>1</p>;",
      "a.html": "<p>1</p>",
      "a.css": "p { color: red; }",
      "a.json": '{"a": true}',
      "a.md": "# Title",
      "a.mdx": "# Title",
      "a.py": "def f(): pass",
      "a.yaml": "a: true",
      "a.sql": "SELECT 1;",
      "a.go": "func main() {}",
      "a.rs": "fn main() {}",
      "a.java": "class A {}",
      "a.php": "<?php echo 1;",
      "a.sh": "if true; then echo 1; fi",
      "a.toml": "a = true",
      Dockerfile: "FROM node",
    };
    const project = await projectWith(client, samples);
    for (const [name, bytes] of [
      ["dot.png", png],
      ["raw.bin", Buffer.from([0, 1, 2])],
    ] as const) {
      const made = (await client.post("/api/uploads", { projectId: project, size: bytes.length })).json();
      await fetch(String(made.url), { method: "PUT", body: new Uint8Array(bytes) });
      await client.request("PUT", `/api/projects/${project}/files/${name}`, { body: { upload: made.id } });
    }
    const { page, context, errors } = await profile(app.browser, { origin: app.url, client });
    await page.goto(`/projects/${project}`);
    for (const name of Object.keys(samples)) {
      await file(page, name).click();
      // Some of it is highlighted.
      await editor(page, name).locator(".cm-line span[class]").first().waitFor();
    }
    await file(page, "dot.png").click();
    const picture = page.getByRole("img", { name: "dot.png" });
    await picture.waitFor();
    expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
    await file(page, "raw.bin").click();
    await page.getByText("This file is not text").waitFor();
    await page.getByText("3 bytes").waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("searches while typing, previews a replacement, applies and undoes it", async () => {
    const { client, project, page, context, errors } = await app.open(
      { name: "Seeker" },
      {
        "src/a.ts": "const needle = 1;\nneedle();\n",
        "docs/b.md": "The Needle.\n",
        "c.txt": "nothing",
      },
    );
    await file(page, "src").waitFor();
    await page.keyboard.press("Control+Shift+f");
    await page.keyboard.type("needle");
    await page.getByText("3 in 2 files").waitFor();
    await page.getByRole("button", { name: "Match case" }).click();
    await page.getByText("2 in 1 file", { exact: true }).waitFor();
    await page.getByRole("region", { name: "Search results" }).getByText("needle();").click();
    await editor(page, "src/a.ts").waitFor();
    expect(await page.evaluate(() => getSelection()?.toString())).toBe("needle");
    await page.getByRole("button", { name: "View as tree" }).click();
    const results = page.getByRole("region", { name: "Search results" });
    await results.getByRole("button", { name: "src", exact: true }).click();
    await results.getByText("needle();").waitFor({ state: "detached" });
    await results.getByRole("button", { name: "src", exact: true }).click();
    await results.getByText("needle();").waitFor();
    await page.getByRole("button", { name: "View as tree" }).click();
    await page.getByRole("button", { name: "Replace", exact: true }).click();
    await page.getByRole("textbox", { name: "Replace with" }).fill("pin");
    await page.locator("ins").getByText("pin").first().waitFor();
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `search-${theme}`);
    });
    await page.getByRole("button", { name: "Replace all" }).click();
    await editor(page, "src/a.ts").getByText("pin();").waitFor();
    expect(await textOf(client, project, "src/a.ts")).toBe("const pin = 1;\npin();\n");
    await page.getByRole("button", { name: "Undo" }).click();
    await editor(page, "src/a.ts").getByText("needle();").waitFor();
    await page.getByRole("searchbox", { name: "Search in all files" }).fill("(");
    await page.getByRole("button", { name: "Regular expression" }).click();
    await page.getByRole("alert").getByText("is not a regular expression").waitFor();
    expect(errors.filter((text) => !text.includes("422"))).toEqual([]);
    await context.close();
  });

  test("Tab accepts a suggestion, Esc dismisses it, and a stale one is never inserted", async () => {
    const client = await signIn(app.url, { name: "Ghost" });
    const project = await projectWith(client, { "a.ts": "const answer = computeAnswer(42);\n\n" });
    const { page, context, errors } = await profile(app.browser, { origin: app.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "a.ts").click();
    await editor(page, "a.ts").press("Control+End");
    await page.keyboard.type("const ans");
    const ghost = page.locator(".cm-ghost");
    await ghost.getByText("wer = computeAnswer(42);").waitFor();
    await screenshot(page, "ghost-text");
    await page.keyboard.type("x");
    await ghost.waitFor({ state: "detached" });
    await page.keyboard.press("Backspace");
    await ghost.waitFor();
    await page.keyboard.press("Escape");
    await ghost.waitFor({ state: "detached" });
    await page.keyboard.press("Backspace");
    await ghost.waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Control+s");
    await expect
      .poll(() => textOf(client, project, "a.ts"))
      .toBe("const answer = computeAnswer(42);\n\nconst answer = computeAnswer(42);");
    const { months } = (await client.get("/api/me/usage")).json() as unknown as {
      months: { runs: number; assists: number }[];
    };
    expect(months[0]?.runs).toBe(0);
    expect(months[0]?.assists).toBeGreaterThan(0);
    await page.goto("/settings");
    await page.getByRole("switch", { name: /Suggestions/ }).uncheck();
    await page.goto(`/projects/${project}`);
    const asked: string[] = [];
    page.on("request", (request) => request.url().includes("/api/assist") && asked.push(request.url()));
    await editor(page, "a.ts").press("Control+End");
    await page.keyboard.type("\nconst ans");
    // The suggestion's debounce is shorter than the save's, so a request would have been sent by now.
    await expect.poll(() => textOf(client, project, "a.ts")).toContain("(42);\nconst ans");
    expect(asked).toEqual([]);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("an undo during a save is saved too", async () => {
    const { client, project, page, context, errors } = await app.open({ name: "Hesitant" }, { "a.txt": "before\n" });
    await file(page, "a.txt").click();
    await editor(page, "a.txt").press("Control+End");
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    // The server has saved, but the page does not know yet.
    await page.route("**/files/a.txt", async (route) => {
      if (route.request().method() !== "PUT") return route.continue();
      const reply = await route.fetch();
      await held;
      await route.fulfill({ response: reply });
    });
    await page.keyboard.type("typed");
    await page.keyboard.press("Control+s");
    await expect.poll(() => textOf(client, project, "a.txt")).toBe("before\ntyped");
    await page.keyboard.press("Control+z");
    await editor(page, "a.txt").getByText("typed").waitFor({ state: "detached" });
    release();
    await expect.poll(() => textOf(client, project, "a.txt")).toBe("before\n");
    await saved(page).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a quick edit shows a diff and changes nothing until accepted", async () => {
    const client = await signIn(app.url, { name: "Quick" });
    const project = await projectWith(client, { "a.ts": "let one = 1;\nlet two = 2;\nlet three = 3;\n" });
    const { page, context, errors } = await profile(app.browser, { origin: app.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "a.ts").click();
    await editor(page, "a.ts").press("Control+Home");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Shift+ArrowDown");
    await page.getByRole("button", { name: "Quick edit" }).click();
    await page.getByRole("textbox", { name: "What to change in the selection" }).fill("use const");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Reject" }).waitFor();
    await page.locator(".cm-quick-added").getByText("const one = 1;").waitFor();
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `quick-edit-${theme}`);
    });
    expect(await textOf(client, project, "a.ts")).toContain("let one");
    await page.getByRole("button", { name: "Reject" }).click();
    await page.locator(".cm-quick-added").waitFor({ state: "detached" });
    await page.keyboard.press("Control+e");
    await page.getByRole("textbox", { name: "What to change in the selection" }).fill("use const");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Accept" }).click();
    await expect.poll(() => textOf(client, project, "a.ts")).toBe("const one = 1;\nconst two = 2;\nlet three = 3;\n");
    await page.keyboard.press("Control+z");
    await expect.poll(() => textOf(client, project, "a.ts")).toBe("let one = 1;\nlet two = 2;\nlet three = 3;\n");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a long file is read by its structure: stuck lines, outline, symbols and coloured brackets", async () => {
    const client = await signIn(app.url, { name: "Reader" });
    const body = Array.from({ length: 120 }, (_, n) => `    step([${n}]);`).join("\n");
    const source = `class Engine {\n  start() {\n${body}\n  }\n  halt() {\n${body}\n  }\n}\n`;
    const project = await projectWith(client, { "engine.ts": source });
    const { page, context, errors } = await profile(app.browser, { origin: app.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "engine.ts").click();
    await editor(page, "engine.ts").click();
    const color = (n: number) =>
      page
        .locator(`.cm-bracket-${n}`)
        .first()
        .evaluate((bracket) => getComputedStyle(bracket).color);
    await page.locator(".cm-bracket-1").first().waitFor();
    expect(await color(0)).not.toBe(await color(1));
    await page.keyboard.press("Control+g");
    await page.getByRole("combobox").fill(":60");
    await page.keyboard.press("Enter");
    const stuck = page.locator(".cm-sticky");
    await stuck.getByText("class Engine {").waitFor();
    await stuck.getByText("start() {").click();
    await page.getByText("Ln 2, Col").waitFor();
    const outline = page.getByRole("region", { name: "Outline" });
    await outline.getByRole("button", { name: "Outline" }).click();
    await outline.getByRole("button", { name: "halt" }).click();
    await page.getByText("Ln 124, Col 1").waitFor();
    await page.keyboard.press("Control+Shift+o");
    await page.getByRole("option", { name: /^Engine/ }).waitFor();
    await page.getByRole("combobox").fill("@sta");
    await page.getByRole("option", { name: /^Engine/ }).waitFor({ state: "detached" });
    await page.getByRole("option", { name: /^start/ }).click();
    await page.getByText("Ln 2, Col 3").waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("formats on demand, as one step of undo, and on save where that is wanted", async () => {
    const { client, project, page, context, errors } = await app.open(
      { name: "Formatter" },
      {
        "a.ts": "const a={b:1}\n",
        "b.css": "a{color:red}\n",
        "c.go": "x  :=1\n",
      },
    );
    await file(page, "a.ts").click();
    await editor(page, "a.ts").press("Shift+Alt+F");
    await editor(page, "a.ts").getByText("const a = { b: 1 };").waitFor();
    await page.keyboard.press("Control+z");
    await editor(page, "a.ts").getByText("const a={b:1}").waitFor();
    await file(page, "c.go").click();
    await editor(page, "c.go").press("Shift+Alt+F");
    await page
      .getByText(/c\.go/)
      .and(page.getByText(/format/i))
      .waitFor();
    await page.goto("/settings");
    await page.getByRole("switch", { name: /Format on save/ }).check();
    await page.goto(`/projects/${project}?file=b.css`);
    await editor(page, "b.css").press("Control+End");
    await page.keyboard.type("b{margin:0}");
    await page.keyboard.press("Control+s");
    await expect.poll(() => textOf(client, project, "b.css")).toBe("a {\n  color: red;\n}\nb {\n  margin: 0;\n}\n");
    expect(errors).toEqual([]);
    await context.close();
  });
});
