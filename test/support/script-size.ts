import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { profile } from "./browser.ts";
import type { Client } from "./client.ts";

/** An entry that a page finds in its localStorage. */
export interface Stored {
  key: string;
  value: string;
}

/** Gzipped bytes of all script that a page loads until the network is idle. */
export async function scriptSize(options: {
  browser: Browser;
  origin: string;
  client?: Client;
  path: string;
  stored?: Stored;
  settled(page: Page): Promise<void>;
}): Promise<number> {
  const { context, page } = await profile(options.browser, options);
  if (options.stored) await context.addInitScript(({ key, value }) => localStorage.setItem(key, value), options.stored);
  const sizes: Promise<number>[] = [];
  page.on("response", (response) => {
    if (response.request().resourceType() === "script")
      sizes.push(response.body().then((bytes) => gzipSync(bytes, { level: 9 }).length));
  });
  await page.goto(options.path);
  await options.settled(page);
  await page.waitForLoadState("networkidle");
  const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  await context.close();
  return total;
}

/** Opens a project's page with this file in its only tab, as if it had been open before. */
export function withTab(project: string, path: string): Stored {
  const tabs = [{ kind: "file", subject: path, pinned: true }];
  return { key: `tabs ${project}`, value: JSON.stringify({ tabs, active: path }) };
}
