import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import type { Client } from "./client.ts";
import { patience } from "./patience.ts";

/** The Chromium that `CHROMIUM` names, else Debian's; undefined if neither exists. */
export const chromiumPath = [process.env.CHROMIUM, "/usr/bin/chromium"].find(
  (path): path is string => path !== undefined && existsSync(path),
);

/** `HEADED=1` shows the browser, slowed down to be watched. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    ...(process.env.HEADED === "1" ? { headless: false, slowMo: 250 } : {}),
    ...(chromiumPath ? { executablePath: chromiumPath } : {}),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export const desktop = { width: 1440, height: 900 };
export const phone = { width: 360, height: 740 };

/** A browser profile, signed in as `client` if given. Collects its pages' errors. */
export async function profile(
  browser: Browser,
  options: { origin: string; client?: Client; viewport?: { width: number; height: number }; theme?: "light" | "dark" },
): Promise<{ context: BrowserContext; page: Page; errors: string[] }> {
  const context = await browser.newContext({
    baseURL: options.origin,
    viewport: options.viewport ?? desktop,
    colorScheme: options.theme ?? "light",
    reducedMotion: "reduce",
  });
  if (options.client) {
    await context.addCookies(
      [...options.client.cookies()].map(([name, value]) => ({ name, value, url: options.origin })),
    );
  }
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(`${message.text()} ${message.location().url}`);
  });
  return { context, page, errors };
}

const folder = join(import.meta.dirname, "../../test-results/screenshots");

export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
