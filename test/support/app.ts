import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { launch, profile } from "./browser.ts";
import { signIn, type Client, type Person } from "./client.ts";
import { cloudWith, type Cloud } from "./cloud.ts";
import { projectWith } from "./page.ts";

export interface Opened {
  client: Client;
  project: string;
  page: Page;
  context: BrowserContext;
  /** What the page logs as an error. */
  errors: string[];
}

/** The app and a browser, started before the tests of a file and closed after them. */
export function startApp(options: Parameters<typeof cloudWith>[0] = {}) {
  let cloud: (Cloud & { remove(): Promise<void> }) | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    [cloud, browser] = await Promise.all([cloudWith(options), launch()]);
  });
  afterAll(async () => {
    await browser?.close();
    await cloud?.remove();
  });
  const started = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error("The app has not started.");
    return part;
  };
  return {
    get cloud() {
      return started(cloud);
    },
    get browser() {
      return started(browser);
    },
    get url() {
      return started(cloud).url;
    },
    /** Signs a person in, creates a project with these files, and opens it in a browser of its own. */
    async open(
      person: Person,
      files: Record<string, string>,
      { viewport }: { viewport?: { width: number; height: number } } = {},
    ): Promise<Opened> {
      const client = await signIn(started(cloud).url, person);
      const project = await projectWith(client, files);
      const origin = started(cloud).url;
      const opened = await profile(started(browser), { origin, client, ...(viewport ? { viewport } : {}) });
      await opened.page.goto(`/projects/${project}`);
      return { client, project, ...opened };
    },
  };
}
