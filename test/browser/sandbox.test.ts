import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launch, phone, profile, screenshot } from "../support/browser.ts";
import { signIn, type Client } from "../support/client.ts";
import { cloudWith, type Cloud } from "../support/cloud.ts";
import { editor, expectNothingBad, file, inBothThemes, message, projectWith, tab } from "../support/page.ts";

/** Terminals, previews of servers, and the sandbox's own controls, with real sandboxes of this machine. */

let cloud: Cloud & { remove(): Promise<void> };
let browser: Browser;
let client: Client;

beforeAll(async () => {
  [cloud, browser] = await Promise.all([cloudWith({ demoPace: 0 }), launch()]);
  client = await signIn(cloud.url, { name: "Runner", plan: "pro" });
});
afterAll(async () => {
  await browser.close();
  await cloud.remove();
});

/** A development server: it serves the page of `page.html`, and tells it when the file changes. */
const server = `
const { createServer } = require("node:http");
const { readFileSync, statSync, watch } = require("node:fs");
const clients = new Set();
const version = () => String(statSync("page.html").mtimeMs);
watch(".", (_, name) => { if (name === "page.html") for (const one of clients) one.write("data: changed\\n\\n"); });
createServer((request, response) => {
  const [path, seen] = request.url.split("?");
  if (path === "/changes") {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    clients.add(response);
    // It may have changed between the page and this.
    if (seen !== version()) response.write("data: changed\\n\\n");
    request.on("close", () => clients.delete(response));
    return;
  }
  if (request.url === "/crash") throw new Error("asked to crash");
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  const now = version();
  response.end(readFileSync("page.html", "utf8") + '<script>new EventSource("/changes?' + now + '").onmessage = () => location.reload();</script>');
}).listen(5173, () => console.log("ready at http://localhost:5173/"));
`;
const page1 = "<!doctype html><title>Shop</title><h1>Hello one</h1>";

const terminalText = (page: Page) => page.locator(".xterm-rows").first();
const toggle = (page: Page) => page.keyboard.press("Control+Backquote");

async function openTerminal(page: Page): Promise<void> {
  await toggle(page);
  await page.locator("[data-terminal][data-state=open]").first().waitFor();
  await expect.poll(() => terminalText(page).textContent()).toMatch(/workspace.*\$/);
}

async function type(page: Page, line: string): Promise<void> {
  await page.locator(".xterm-helper-textarea:visible, .xterm-helper-textarea").first().focus();
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
}

describe.skipIf(chromiumPath === undefined)("a terminal", () => {
  test("runs commands, survives a reload with what it printed, and follows links into the editor", async () => {
    const project = await projectWith(client, { "src/a.ts": "one\ntwo\nthree\n" });
    const { context, page, errors } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "src").waitFor();
    await openTerminal(page);
    await type(page, "cat src/a.ts; echo $((40 + 2)) src/a.ts:2:2");
    await expect.poll(() => terminalText(page).textContent()).toContain("42 src/a.ts:2:2");
    await screenshot(page, "terminal");
    await page.reload();
    await expect.poll(() => terminalText(page).textContent()).toContain("42 src/a.ts:2:2");
    await type(page, "echo again $COLUMNS");
    await expect.poll(() => terminalText(page).textContent()).toContain("again");
    await page.keyboard.press("Control+f");
    const find = page.getByRole("search").getByRole("textbox", { name: "Find" });
    await find.fill("again");
    await find.press("Escape");
    await find.waitFor({ state: "detached" });
    const row = page.locator(".xterm-rows > div", { hasText: "42 src/a.ts:2:2" }).last();
    // The rows lie below the layer that hears the pointer.
    const box = await row.boundingBox();
    await page.mouse.move((box?.x ?? 0) + 60, (box?.y ?? 0) + 8);
    await page.getByText("Open src/a.ts:2:2").waitFor();
    await page.mouse.click((box?.x ?? 0) + 60, (box?.y ?? 0) + 8);
    await editor(page, "src/a.ts").waitFor();
    await page.getByRole("button", { name: "Ln 2, Col 2" }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("lists the same terminals in a second window, beside each other when split, and keeps their size", async () => {
    const project = await projectWith(client, { "a.txt": "one\n" });
    const { context, page, errors } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "a.txt").waitFor();
    await openTerminal(page);
    await type(page, "echo first-$((1 + 1))");
    await expect.poll(() => terminalText(page).textContent()).toContain("first-2");
    await page.keyboard.press("Control+Shift+Backquote");
    await expect.poll(() => page.getByRole("tablist", { name: "Terminals" }).getByRole("tab").count()).toBe(2);
    await page.keyboard.press("Control+Shift+5");
    await expect.poll(() => page.locator("[data-terminal][data-state=open]:visible").count()).toBe(2);
    await screenshot(page, "terminal-split");
    await page.getByRole("button", { name: "Sandbox running" }).click();
    await page.getByRole("dialog").getByText("Memory", { exact: true }).waitFor();
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `sandbox-details-${theme}`);
    });
    await page.getByRole("button", { name: "Destroy sandbox…" }).click();
    await page.getByText("Kept: all files of your projects").waitFor();
    await screenshot(page, "sandbox-destroy");
    await page.getByRole("button", { name: "Cancel" }).click();
    // Another profile of the same person: another machine.
    const other = await profile(browser, { origin: cloud.url, client, viewport: { width: 1100, height: 800 } });
    await other.page.goto(`/projects/${project}`);
    await file(other.page, "a.txt").waitFor();
    await toggle(other.page);
    const listed = other.page.getByRole("tablist", { name: "Terminals" }).getByRole("tab");
    await expect.poll(() => listed.count()).toBe(3);
    await listed.first().click();
    await expect
      .poll(async () => (await other.page.locator(".xterm-rows").allTextContents()).join(" "))
      .toContain("first-2");
    // Of both, the one that is used has its size.
    const columns = async (at: Page, mark: string) => {
      await at.getByRole("tablist", { name: "Terminals" }).getByRole("tab").first().click();
      await type(at, `echo ${mark}-$(stty size | cut -d' ' -f2)-`);
      const printed = async () => (await at.locator(".xterm-rows").allTextContents()).join(" ");
      const found = async () => new RegExp(`${mark}-(\\d+)-`).exec(await printed())?.[1];
      await expect.poll(found).toMatch(/^\d+$/);
      return Number(await found());
    };
    const narrow = await columns(other.page, "narrow");
    const wide = await columns(page, "wide");
    expect(wide).toBeGreaterThan(narrow);
    expect(await columns(other.page, "again")).toBe(narrow);
    expect([...errors, ...other.errors]).toEqual([]);
    await other.context.close();
    await context.close();
  });

  test("is said to be away when the sandbox is killed, keeps what it printed, and comes back", async () => {
    const own = await signIn(cloud.url, { name: "Killer", plan: "pro" });
    const project = await projectWith(own, { "a.txt": "one\n" });
    const { context, page } = await profile(browser, { origin: cloud.url, client: own });
    await page.goto(`/projects/${project}`);
    await file(page, "a.txt").waitFor();
    await openTerminal(page);
    await type(page, "echo before-$((1 + 1))");
    await expect.poll(() => terminalText(page).textContent()).toContain("before-2");
    const { id } = (await own.get("/api/sandbox")).json();
    process.kill(cloud.tasks().find(({ startedBy }) => startedBy === id)?.pid ?? 0, "SIGKILL");
    await page.getByRole("button", { name: "Restart sandbox" }).waitFor();
    expect(await terminalText(page).textContent()).toContain("before-2");
    await inBothThemes(page, () => expectNothingBad(page));
    await screenshot(page, "terminal-away");
    await page.getByRole("button", { name: "Restart sandbox" }).click();
    await page.locator("[data-terminal][data-state=open]").first().waitFor();
    await expect.poll(() => terminalText(page).textContent()).toContain("new shell");
    await type(page, "cat a.txt; echo after-$((1 + 1))");
    await expect.poll(() => terminalText(page).textContent()).toContain("after-2");
    expect(await terminalText(page).textContent()).toContain("before-2");
    await context.close();
  });

  test("does not freeze the page with a flood, nor let a program touch clipboard and tabs", async () => {
    const project = await projectWith(client, { "a.txt": "one\n" });
    const { context, page, errors } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "a.txt").waitFor();
    await openTerminal(page);
    await type(
      page,
      String.raw`printf '\e]0;EVIL\a\e]52;c;ZXZpbA==\a'; yes 0123456789012345678901234567890123456789 | head -c 300000000; echo flood-$((1 + 1))`,
    );
    // How late the page is for what it does every 50 ms.
    await page.evaluate(() => {
      let before = performance.now();
      setInterval(() => {
        const now = performance.now();
        const late = Math.max(Number(document.body.dataset.late ?? 0), now - before - 50);
        document.body.dataset.late = String(Math.round(late));
        before = now;
      }, 50);
    });
    await expect.poll(() => terminalText(page).textContent()).toContain("flood-2");
    process.stdout.write(
      `longest stall of the page during 300 MB: ${await page.locator("body").getAttribute("data-late")} ms\n`,
    );
    // What never ends by itself is ended by a key.
    await type(page, "yes 0123456789012345678901234567890123456789");
    await expect.poll(() => terminalText(page).textContent()).toContain("01234567890123456789012345678901234567890123");
    await page.keyboard.press("Control+c");
    await type(page, "echo ended-$((1 + 1))");
    await expect.poll(() => terminalText(page).textContent()).toContain("ended-2");
    expect(await page.title()).not.toContain("EVIL");
    expect(await page.getByText("EVIL", { exact: true }).count()).toBe(0);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("fits a phone with the keys that its keyboard lacks", async () => {
    const project = await projectWith(client, { "a.txt": "one\n" });
    const { context, page, errors } = await profile(browser, { origin: cloud.url, client, viewport: phone });
    await page.goto(`/projects/${project}`);
    await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: "Terminal" }).click();
    await page
      .locator("[data-terminal][data-state=open]")
      .or(page.getByRole("button", { name: "Start sandbox" }))
      .first()
      .waitFor();
    const start = page.getByRole("button", { name: "Start sandbox" });
    if (await start.isVisible()) await start.click();
    await page.locator("[data-terminal][data-state=open]").first().waitFor();
    await type(page, "sleep 600");
    const keys = page.getByRole("toolbar", { name: "Extra keys" });
    await keys.getByRole("button", { name: "Ctrl" }).click();
    await page.keyboard.type("c");
    await expect.poll(() => terminalText(page).textContent()).toContain("^C");
    await screenshot(page, "terminal-360");
    await inBothThemes(page, () => expectNothingBad(page));
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe.skipIf(chromiumPath === undefined)("a preview of a port", () => {
  test("is offered when a server starts, reloads when a file is edited, and says when the server crashed", async () => {
    const project = await projectWith(client, { "server.cjs": server, "page.html": page1 });
    const settings = { devCommand: "node server.cjs" };
    const before = (await client.get(`/api/projects/${project}`)).json() as unknown as { settings: object };
    await client.request("PATCH", `/api/projects/${project}`, {
      body: { settings: { ...before.settings, ...settings } },
    });
    const { context, page } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "page.html").click();
    await editor(page, "page.html").waitFor();
    await page.keyboard.press("Control+Shift+p");
    await page.keyboard.type("Run development server");
    await page.keyboard.press("Enter");
    await page.getByText("A server runs on port 5173.").waitFor();
    await screenshot(page, "port-found");
    await page.getByRole("status").getByRole("button", { name: "Open preview" }).click();
    const shown = page.frameLocator("iframe[title*='5173']");
    await shown.getByRole("heading", { name: "Hello one" }).waitFor();
    await page.getByTitle("Shop, on port 5173").waitFor();
    for (const theme of ["light", "dark"] as const) {
      await page.evaluate((wanted) => (document.documentElement.dataset.theme = wanted), theme);
      await screenshot(page, `port-preview-${theme}`);
    }
    // An edit hot-reloads.
    await tab(page, "page.html").click();
    await editor(page, "page.html").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.type(
      "<!doctype html><title>Shop</title><h1>Hello two</h1><script>console.error('no stock')</script>",
    );
    await page.keyboard.press("Control+s");
    await tab(page, "Port 5173").click();
    await shown.getByRole("heading", { name: "Hello two" }).waitFor();
    // A page keeps its state while its tab is in the background.
    await shown.locator("h1").evaluate((heading) => (heading.dataset.kept = "yes"));
    await tab(page, "page.html").click();
    await shown.locator("h1").waitFor({ state: "hidden" });
    await tab(page, "Port 5173").click();
    expect(await shown.locator("h1").getAttribute("data-kept")).toBe("yes");
    await page.getByRole("button", { name: "1 problem" }).click();
    await page.getByRole("button", { name: "Send to chat" }).click();
    await expect.poll(() => message(page).inputValue()).toContain("no stock");
    await page.getByRole("button", { name: "Phone, 390 px" }).click();
    await expect.poll(async () => (await page.locator("iframe[title*='5173']").boundingBox())?.width).toBeLessThan(393);
    await screenshot(page, "port-preview-phone");
    // The server ends.
    const address = page.getByRole("textbox", { name: "Address on port 5173" });
    await address.fill("/crash");
    await address.press("Enter");

    await page.getByText("The server on port 5173 has stopped.").waitFor();
    await page.getByRole("tabpanel").getByText("Error: asked to crash").waitFor();
    await screenshot(page, "port-crashed");
    await page.getByRole("button", { name: "Run development server" }).click();
    await address.fill("/");
    await address.press("Enter");
    await shown.getByRole("heading", { name: "Hello two" }).waitFor();
    await context.close();
  });
});
