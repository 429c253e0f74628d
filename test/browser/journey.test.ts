import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, desktop, launch, phone, profile, screenshot } from "../support/browser.ts";
import { signIn, type Client } from "../support/client.ts";
import { cloudWith, type Cloud } from "../support/cloud.ts";

/** A person's main journeys, in a real browser through the whole stack. */

describe.skipIf(chromiumPath === undefined)("in the browser", () => {
  let cloud: Cloud & { remove(): Promise<void> };
  let browser: Browser;
  beforeAll(async () => {
    [cloud, browser] = await Promise.all([cloudWith({ demoPace: 0.15 }), launch()]);
  });
  afterAll(async () => {
    await browser.close();
    await cloud.remove();
  });

  async function start(client: Client, prompt: string): Promise<string> {
    const { projectId } = (await client.post("/api/projects/create-with-prompt", { prompt })).json();
    return String(projectId);
  }
  const conversation = (page: Page) => page.getByRole("log", { name: "Conversation" });
  const file = (page: Page, name: string) => page.getByRole("treeitem", { name, exact: true });
  const editor = (page: Page, path: string) => page.getByRole("textbox", { name: path });
  const saved = (page: Page) => page.getByRole("banner").getByText("Saved", { exact: true });
  const expectNothingBad = async (page: Page) => {
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`),
    ).toEqual([]);
  };

  test("builds a project from a prompt; an edit survives a reload", async () => {
    const { page, errors, context } = await profile(browser, { origin: cloud.url });
    const calls: string[] = [];
    page.on("request", (request) => request.url().includes("/api/") && calls.push(request.url()));
    await page.goto("/");
    await page.getByRole("heading", { name: "From a prompt to a pull request" }).waitFor();
    expect(calls).toEqual([]);
    await expectNothingBad(page);
    const prompt = page.getByRole("textbox", { name: "What do you want to build?" });
    await prompt.fill("A todo list website");
    await prompt.press("Enter");
    // What was typed is started once the person has signed in.
    await page.getByRole("textbox", { name: "Name" }).fill("Grace");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL(/\/projects\/prj_/);

    await file(page, "index.html").waitFor();
    await conversation(page).getByText("is ready (7 files)").waitFor();
    await page.getByText("Free · 1/5 runs").waitFor();
    await file(page, "style.css").click();
    const text = editor(page, "style.css");
    await text.waitFor();
    await text.press("Control+Home");
    await page.keyboard.type("/* mine */\n");
    await saved(page).waitFor();
    await page.reload();
    await editor(page, "style.css").getByText("/* mine */").waitFor();
    await conversation(page).getByText("is ready (7 files)").waitFor();
    await expectNothingBad(page);
    await page.evaluate(() => (document.documentElement.dataset.theme = "dark"));
    await expectNothingBad(page);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("an edit survives leaving the page at once", async () => {
    const client = await signIn(cloud.url, { name: "Hasty", plan: "pro" });
    const project = String((await client.post("/api/projects", {})).json().id);
    await client.request("PUT", `/api/projects/${project}/files/a.txt`, { body: { content: "one\n" } });
    const { page, context } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "a.txt").click();
    await editor(page, "a.txt").press("Control+End");
    await page.keyboard.type("two");
    await page.reload();
    await editor(page, "a.txt").getByText("two").waitFor();
    await saved(page).waitFor();
    expect((await client.get(`/api/projects/${project}/files/a.txt`)).json().content).toBe("one\ntwo");
    await context.close();
  });

  test("a stopped run keeps its partial answer", async () => {
    const client = await signIn(cloud.url, { name: "Stopper", plan: "pro" });
    const { page, context } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${await start(client, "A REST API for books with tests")}`);
    await conversation(page).getByText("Building").waitFor();
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await conversation(page).getByText("Stopped", { exact: true }).first().waitFor();
    await conversation(page).getByText("Building").waitFor();
    await page.getByRole("button", { name: "Stop", exact: true }).waitFor({ state: "detached" });
    await context.close();
  });

  test("at the usage limit an error says so and the message stays in the box", async () => {
    const client = await signIn(cloud.url, { name: "Frugal", plan: "free" });
    const project = await start(client, "hello");
    for (let n = 0; n < 4; n++) await start(client, "hello");
    const { page, context } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await page.getByText("Free · 5/5 runs").waitFor();
    await page.getByRole("textbox", { name: "Message" }).fill("one more");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("alert").getByText("You have used all 5 runs for this month.").waitFor();
    expect(await page.getByRole("textbox", { name: "Message" }).inputValue()).toBe("one more");
    await context.close();
  });

  test("two browsers see each other's typing and the agent's work live", async () => {
    const client = await signIn(cloud.url, { name: "Twice", plan: "pro" });
    const project = String((await client.post("/api/projects", {})).json().id);
    await client.request("PUT", `/api/projects/${project}/files/shared.txt`, {
      body: { content: "top\nmiddle\nbottom\n" },
    });
    const [one, two] = await Promise.all([
      profile(browser, { origin: cloud.url, client }),
      profile(browser, { origin: cloud.url, client }),
    ]);
    for (const { page } of [one, two]) {
      await page.goto(`/projects/${project}`);
      await file(page, "shared.txt").click();
      await editor(page, "shared.txt").getByText("middle").waitFor();
    }
    await editor(one.page, "shared.txt").press("Control+Home");
    await one.page.keyboard.type("first browser ");
    await editor(two.page, "shared.txt").press("Control+End");
    await two.page.keyboard.type("second browser");
    for (const { page } of [one, two]) {
      await editor(page, "shared.txt").getByText("first browser top").waitFor();
      await editor(page, "shared.txt").getByText("second browser").waitFor();
      await saved(page).waitFor();
    }
    expect((await client.get(`/api/projects/${project}/files/shared.txt`)).json().content).toBe(
      "first browser top\nmiddle\nbottom\nsecond browser",
    );
    await one.page.getByRole("textbox", { name: "Message" }).fill("add a license");
    await one.page.getByRole("button", { name: "Send" }).click();
    for (const { page } of [one, two]) {
      await file(page, "LICENSE").waitFor();
      await conversation(page).getByText("Created LICENSE.").waitFor();
    }
    await Promise.all([one.context.close(), two.context.close()]);
  });

  test("recovers from a socket cut during a run", async () => {
    const client = await signIn(cloud.url, { name: "Cut", plan: "pro" });
    const { page, context } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${await start(client, "A Python command-line tool that counts words")}`);
    await conversation(page).getByText("Building").waitFor();
    expect(cloud.dropSockets()).toBeGreaterThan(0);
    await conversation(page).getByText("is ready (4 files)").waitFor();
    await file(page, "README.md").waitFor();
    expect(await conversation(page).getByText("Building").count()).toBe(1);
    await context.close();
  });

  test("the agent asks before deleting many files and follows the answer", async () => {
    const client = await signIn(cloud.url, { name: "Asked", plan: "pro" });
    const project = String((await client.post("/api/projects", {})).json().id);
    const changes = Array.from({ length: 12 }, (_, n) => ({ op: "put", path: `f${n}.txt`, content: "" }));
    await client.post(`/api/projects/${project}/changes`, { changes });
    const { page, context } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await page.getByRole("textbox", { name: "Message" }).fill("delete all files");
    await page.keyboard.press("Enter");
    await page.getByText("Delete 12 files?", { exact: true }).waitFor();
    await screenshot(page, "approval");
    // A second click answers nothing, and says nothing.
    await page.getByRole("button", { name: "Allow once" }).dblclick();
    await page.getByText("No files yet.").waitFor();
    expect(await page.getByText(/answered already/).count()).toBe(0);
    await context.close();
  });

  test("a missing or foreign project is a not-found page with status 404", async () => {
    const owner = await signIn(cloud.url, { name: "Owner" });
    const project = String((await owner.post("/api/projects", {})).json().id);
    const client = await signIn(cloud.url, { name: "Other" });
    const { page, context } = await profile(browser, { origin: cloud.url, client });
    for (const path of [`/projects/${project}`, "/projects/prj_00000000000000000000000000", "/nowhere"]) {
      expect((await page.goto(path))?.status()).toBe(404);
      await page.getByRole("heading", { name: /not found/ }).waitFor();
    }
    await context.close();
  });

  test("renders light and dark, on desktop and phone", async () => {
    const client = await signIn(cloud.url, { name: "Look", plan: "pro" });
    const project = await start(client, "A pomodoro timer with Vite and TypeScript");
    for (const theme of ["light", "dark"] as const) {
      for (const [name, viewport] of Object.entries({ desktop, phone })) {
        const { page, context } = await profile(browser, { origin: cloud.url, client, viewport, theme });
        await page.goto("/");
        await page.getByRole("heading", { name: "Projects" }).waitFor();
        await page
          .getByRole("link", { name: /ago|now/ })
          .first()
          .waitFor();
        await screenshot(page, `home-${name}-${theme}`);
        await page.goto(`/projects/${project}`);
        // Where there is a sandbox, it asks before it installs.
        await conversation(page)
          .getByText(/^Installing what it needs|is ready \(9 files\)/)
          .first()
          .waitFor();
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
        await screenshot(page, `agent-${name}-${theme}`);
        if (name === "phone") await page.getByRole("button", { name: "Files", exact: true }).click();
        await file(page, "src").click();
        await file(page, "timer.ts").dblclick();
        await editor(page, "src/timer.ts").getByText("const lengths").waitFor();
        await screenshot(page, `editor-${name}-${theme}`);
        await context.close();
      }
    }
  });
});
