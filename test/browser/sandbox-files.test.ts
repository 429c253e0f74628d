import { WatchEvent, type SyncState } from "@slipway/contract/sandbox";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chromiumPath, launch, profile, screenshot } from "../support/browser.ts";
import { signIn, type Client } from "../support/client.ts";
import { cloudWith, type Cloud } from "../support/cloud.ts";
import { expectNothingBad, file, inBothThemes, projectWith } from "../support/page.ts";

/** What a person is told while files of the project are not in the sandbox. */

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

test.skipIf(chromiumPath === undefined)(
  "says in the chip and above the terminals that files are coming in, missing, or not in sync",
  async () => {
    const project = await projectWith(client, { "a.txt": "one\n" });
    const { context, page, errors } = await profile(browser, { origin: cloud.url, client });
    /** What the page is told of sync, in place of what is true. */
    let told: Partial<SyncState> = {};
    let tell: () => void = () => undefined;
    await page.routeWebSocket(/\/watch/, (socket) => {
      const server = socket.connectToServer();
      let last = "";
      const send = () => {
        const event = WatchEvent.parse(JSON.parse(last));
        socket.send(JSON.stringify({ ...event, sync: { ...event.sync, ...told } }));
      };
      server.onMessage((text) => {
        last = String(text);
        send();
      });
      tell = send;
    });
    await page.goto(`/projects/${project}`);
    await file(page, "a.txt").waitFor();
    await page.keyboard.press("Control+Backquote");
    await page.locator("[data-terminal][data-state=open]").first().waitFor();
    const line = page.getByRole("status").filter({ hasText: /\bfiles?\b/ });
    const chip = page.getByRole("button", { name: "Sandbox running" });
    await expect.poll(() => line.count()).toBe(0);

    told = { state: "pulling", rev: 0, pulled: 1200 };
    tell();
    await page.getByText("The project's files are still coming in: 1,200 files so far.").waitFor();
    expect(await chip.textContent()).toContain("1,200 files so far");

    told = { missing: [{ path: "big.txt", reason: "A file could not be read: 404." }] };
    tell();
    await page
      .getByText("1 file of the project is missing in the sandbox. big.txt: A file could not be read: 404.")
      .waitFor();
    expect(await chip.textContent()).toContain("1 file missing");
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `sandbox-file-missing-${theme}`);
    });

    told = { state: "offline", rev: 0, error: "The store answered 503." };
    tell();
    await page.getByText("because sync failed. The store answered 503.").waitFor();
    expect(await chip.textContent()).toContain("Sync failed");
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `sandbox-sync-failed-${theme}`);
    });
    const [opened] = await Promise.all([
      page.waitForResponse((response) => response.url().endsWith(`/api/projects/${project}/sandbox`)),
      line.getByRole("button", { name: "Retry" }).click(),
    ]);
    expect(opened.status()).toBe(200);
    told = {};
    tell();
    await expect.poll(() => line.count()).toBe(0);
    expect(errors).toEqual([]);
    await context.close();
  },
);
