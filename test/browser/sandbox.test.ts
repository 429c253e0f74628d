import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, profile, screenshot } from "../support/browser.ts";
import { signIn, type Client } from "../support/client.ts";
import { cloudWith, type Cloud } from "../support/cloud.ts";
import { editor, file, projectWith } from "../support/page.ts";

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

const terminalText = (page: Page) => page.locator(".xterm-rows").first();
const toggle = (page: Page) => page.keyboard.press("Control+Backquote");

async function openTerminal(page: Page): Promise<void> {
  await toggle(page);
  await page.locator("[data-terminal][data-state=open]").first().waitFor();
  await expect.poll(() => terminalText(page).textContent()).toMatch(/[$#]/);
}

async function type(page: Page, line: string): Promise<void> {
  await page.locator(".xterm-helper-textarea:visible, .xterm-helper-textarea").first().focus();
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
}

describe("a terminal", () => {
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
});
