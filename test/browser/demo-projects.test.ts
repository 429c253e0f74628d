import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { Person } from "@slipway/local/bedrock/demo/person";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, screenshot } from "../support/browser.ts";
import { patience } from "../support/patience.ts";

/** The demo model's pages, used as a person would: opened as files, without a server or a network. */

let browser: Browser;
const temporary = mkdtempSync(join(tmpdir(), "slipway-demo-pages-"));
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  rmSync(temporary, { recursive: true, force: true });
});

let count = 0;
function write(prompt: string): string {
  const person = new Person();
  person.ask(prompt);
  expect(person.files.size).toBeGreaterThan(3);
  const folder = join(temporary, String(count++));
  for (const [path, content] of person.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Opens the page of a project; its errors fail the test at `done`. */
async function open(prompt: string): Promise<{ page: Page; done(name: string): Promise<void> }> {
  const folder = write(prompt);
  // Pages of files share one store, so each has a profile of its own.
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: "reduce",
    offline: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(pathToFileURL(join(folder, "index.html")).href);
  return {
    page,
    async done(name) {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        for (const [width, height] of [
          [1280, 800],
          [390, 844],
        ] as const) {
          await page.setViewportSize({ width, height });
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
          await screenshot(page, `demo-${name}-${width}-${colorScheme}`);
        }
        const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).options({ preload: false }).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
      }
      expect(errors).toEqual([]);
      await context.close();
    },
  };
}

const evaluate = (page: Page, expression: string) => page.evaluate(expression);

describe("small apps", () => {
  test("snake moves, grows, pauses and dies", async () => {
    const { page, done } = await open("Build a snake game with dark mode and sound");
    await page.getByRole("button", { name: "Start" }).click();
    const head = () => evaluate(page, "game.snake[0].x + ',' + game.snake[0].y");
    const first = await head();
    await expect.poll(head).not.toBe(first);
    await evaluate(page, "game = { ...game, food: { x: game.snake[0].x, y: game.snake[0].y - 1 } }; turn('up')");
    await expect.poll(() => page.locator("#score").textContent()).not.toBe("0");
    await page.keyboard.press("Space");
    await page.getByText("Paused").waitFor();
    await page.keyboard.press("Space");
    await page.getByText(/^Game over\. Score: [1-9]/).waitFor();
    await page.getByRole("button", { name: "Play again" }).waitFor();
    await page.getByRole("button", { name: "Dark mode" }).click();
    expect(await evaluate(page, "document.documentElement.style.colorScheme")).toBe("dark");
    await evaluate(page, "document.documentElement.style.colorScheme = ''");
    await done("snake");
  });

  test("a todo list adds, completes, filters, and survives a reload", async () => {
    const { page, done } = await open("todo list with due dates and search");
    const text = page.getByRole("textbox", { name: "New task" });
    for (const task of ["Water the plants", "Call Ada", "Write the report"]) {
      await text.fill(task);
      await text.press("Enter");
    }
    await page.getByRole("checkbox", { name: "Call Ada" }).check();
    await page.getByText("2 of 3 open").waitFor();
    await page.reload();
    expect(await page.getByRole("checkbox", { name: "Call Ada" }).isChecked()).toBe(true);
    await page.getByRole("button", { name: "Open" }).click();
    expect(await page.getByRole("listitem").count()).toBe(2);
    await page.getByRole("button", { name: "All" }).click();
    await page.getByRole("searchbox").fill("report");
    expect(await page.getByRole("listitem").count()).toBe(1);
    await page.getByRole("searchbox").fill("");
    await page.getByRole("button", { name: "Delete Write the report" }).click();
    expect(await page.getByRole("listitem").count()).toBe(2);
    await done("todo");
  });

  test("kanban cards move by keyboard, buttons and dragging, and stay there", async () => {
    const { page, done } = await open("kanban board");
    const column = (name: string) => page.getByRole("region", { name });
    await page.getByRole("textbox", { name: "New card in To do" }).fill("Ship it");
    await page.keyboard.press("Enter");
    const card = page.getByRole("listitem").filter({ hasText: "Ship it" });
    await card.focus();
    await page.keyboard.press("Alt+ArrowRight");
    await column("In progress").getByText("Ship it").waitFor();
    await page.keyboard.press("Alt+ArrowRight");
    await column("Done").getByText("Ship it").waitFor();
    await page.getByRole("status").getByText("Ship it: Done, 1").waitFor({ state: "attached" });
    await page.getByRole("button", { name: "Move left: Ship it" }).click();
    await column("In progress").getByText("Ship it").waitFor();
    await page.getByRole("listitem").filter({ hasText: "Try moving" }).dragTo(column("Done"));
    await column("Done").getByText("Try moving this card").waitFor();
    await page.reload();
    await column("In progress").getByText("Ship it").waitFor();
    await column("Done").getByText("Try moving this card").waitFor();
    await done("kanban");
  });

  test("a dashboard draws its charts from its data", async () => {
    const { page, done } = await open("dashboard with charts and csv export");
    expect(await page.locator(".bar").count()).toBe(12);
    const total = await evaluate(page, "number.format(data.reduce((sum, each) => sum + each.revenue, 0))");
    await page.getByText(String(total)).first().waitFor();
    await page.getByRole("button", { name: "3 months" }).click();
    expect(await page.locator(".bar").count()).toBe(3);
    const heights = await page
      .locator(".bar")
      .evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute("height"))));
    const revenues = await evaluate(page, "lastMonths(3).map(({ revenue }) => revenue)");
    const share = (values: number[]) => values.map((value) => Math.round((value / Math.max(...values)) * 100));
    expect(share(heights)).toEqual(share(revenues as number[]));
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download CSV" }).click();
    expect((await download).suggestedFilename()).toBe("dashboard.csv");
    await page.getByRole("button", { name: "12 months" }).click();
    await done("dashboard");
  });

  test("noughts and crosses are won, and the computer never loses", async () => {
    const { page, done } = await open("noughts and crosses against the computer");
    const field = (index: number) => page.locator("#board button").nth(index);
    await field(0).click();
    expect(await page.locator("#board .o").count()).toBe(1);
    await page.getByRole("checkbox").uncheck();
    await page.getByRole("button", { name: "New game" }).click();
    for (const index of [0, 3, 1, 4, 2]) await field(index).click();
    await page.getByText("X wins").waitFor();
    await done("noughts");
  });

  test("a pomodoro timer counts down, pauses and skips", async () => {
    const { page, done } = await open("pomodoro timer");
    await page.getByRole("button", { name: "Start" }).click();
    await expect.poll(() => page.locator("#time").textContent()).not.toBe("25:00");
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Skip" }).click();
    await page.getByText("05:00").waitFor();
    await page.getByText("1 round done").waitFor();
    await done("pomodoro");
  });

  test("a calculator computes clicks and keys", async () => {
    const { page, done } = await open("calculator");
    await page.keyboard.type("2+3*4=");
    expect(await page.locator("#display").textContent()).toBe("14");
    await page.getByRole("button", { name: "Divide" }).click();
    await page.getByRole("button", { name: "0", exact: true }).click();
    await page.getByRole("button", { name: "Equals" }).click();
    await page.getByText("Cannot divide by zero").waitFor();
    await page.keyboard.press("Escape");
    await done("calculator");
  });

  test("notes are written, found and kept", async () => {
    const { page, done } = await open("notes app");
    for (const note of ["Buy milk", "Call the bank about the card"]) {
      await page.getByRole("textbox", { name: "New note" }).fill(note);
      await page.getByRole("button", { name: "Save note" }).click();
    }
    await page.reload();
    await page.getByRole("searchbox").fill("bank card");
    expect(await page.getByRole("listitem").count()).toBe(1);
    await page.getByRole("searchbox").fill("");
    await done("notes");
  });

  test("expenses are summed exactly and kept", async () => {
    const { page, done } = await open("expense tracker");
    for (const [what, amount] of [
      ["Bread", "0.10"],
      ["Milk", "0.20"],
    ] as const) {
      await page.getByRole("textbox", { name: "What for" }).fill(what);
      await page.getByRole("spinbutton", { name: "Amount" }).fill(amount);
      await page.getByRole("button", { name: "Add" }).click();
    }
    await page.reload();
    expect(await page.locator("#total").textContent()).toBe("0.30");
    await done("expenses");
  });

  test("passwords follow their options", async () => {
    const { page, done } = await open("password generator");
    const password = () => page.locator("#password").textContent();
    expect(await password()).toHaveLength(20);
    await page.getByRole("checkbox", { name: "0–9" }).uncheck();
    await page.getByRole("checkbox", { name: "!?#" }).uncheck();
    expect(await password()).toMatch(/^[a-zA-Z]{20}$/);
    await done("password");
  });

  test("a quiz counts the right answers", async () => {
    const { page, done } = await open("quiz");
    for (let index = 0; index < 5; index++) {
      const answer = await evaluate(page, "questions[quiz.at].answers[0]");
      if (index === 0) await screenshot(page, "demo-quiz-question");
      await page.getByRole("button", { name: String(answer), exact: true }).click();
      await page.getByRole("button", { name: "Next" }).click();
    }
    await page.getByText("5 of 5 right").waitFor();
    await page.getByRole("button", { name: "Play again" }).click();
    await done("quiz");
  });
});

describe("sites", () => {
  test.each([
    ["a website for my bakery with dark mode", "site-bakery"],
    ["Landingpage für unser Yoga-Studio namens Atem", "landing-studio"],
    ["un site pour un photographe", "site-photographe"],
    ["landing page para una boda", "landing-boda"],
    ["landing page for a budgeting app called Pocket", "landing-app"],
    ["给我的咖啡店做一个网站", "site-zh"],
  ])("can be walked through: %s", async (prompt, name) => {
    const { page, done } = await open(prompt);
    for (const link of await page.getByRole("navigation").getByRole("link").all()) {
      expect(await link.getAttribute("href")).toMatch(/^(?:#|[\w-]+\.html)/);
    }
    await page.getByRole("navigation").getByRole("link").last().click();
    await page.getByRole("heading").first().waitFor();
    if (page.url().includes("contact.html")) await page.getByRole("textbox").first().waitFor();
    await page.goBack();
    await done(name);
  });
});

describe("React and Solid", () => {
  const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));

  test.each([
    ["A todo list with React", "react"],
    ["A todo list with Solid", "solid"],
  ])("builds and works: %s", async (prompt, name) => {
    const folder = write(prompt);
    symlinkSync(modules, join(folder, "node_modules"));
    await bundle(folder, name);
    const server = await serve(join(folder, "dist"));
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(server.url);
    for (const task of ["Water the plants", "Call Ada"]) {
      await page.getByRole("textbox", { name: "New task" }).fill(task);
      await page.keyboard.press("Enter");
    }
    await page.getByRole("checkbox", { name: "Call Ada" }).check();
    await page.getByText("1 of 2 open").waitFor();
    await page.reload();
    expect(await page.getByRole("checkbox", { name: "Call Ada" }).isChecked()).toBe(true);
    await page.getByRole("button", { name: "Done", exact: true }).click();
    expect(await page.getByRole("listitem").count()).toBe(1);
    await page.getByRole("button", { name: "Clear done" }).click();
    await page.getByText("Nothing here.").waitFor();
    await screenshot(page, `demo-${name}`);
    expect(errors).toEqual([]);
    await page.close();
    server.close();
  });

  /** React's plugin of Vite is not among the dependencies of this repository: esbuild compiles the same sources. */
  async function bundle(folder: string, name: string): Promise<void> {
    if (name === "solid") {
      const { build } = await import("vite");
      const { default: solid } = await import("vite-plugin-solid");
      await build({ root: folder, configFile: false, base: "./", logLevel: "error", plugins: [solid()] });
      return;
    }
    const { build } = await import("esbuild");
    await build({
      entryPoints: [join(folder, "src/main.tsx")],
      outfile: join(folder, "dist/main.js"),
      bundle: true,
      jsx: "automatic",
      format: "esm",
      define: { "process.env.NODE_ENV": '"production"' },
      logLevel: "error",
    });
    writeFileSync(
      join(folder, "dist/index.html"),
      '<!doctype html><html lang="en"><head><title>Tasks</title><link rel="stylesheet" href="main.css" /></head><body><div id="root"></div><script type="module" src="main.js"></script></body></html>',
    );
  }
});

async function serve(folder: string): Promise<{ url: string; close(): void }> {
  const types: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
  const server: Server = createServer((request, response) => {
    const path = request.url === "/" || request.url === undefined ? "/index.html" : request.url;
    readFile(join(folder, path)).then(
      (content) => response.writeHead(200, { "content-type": types[extname(path)] ?? "text/plain" }).end(content),
      () => response.writeHead(204).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`,
    close: () => server.close(),
  };
}
