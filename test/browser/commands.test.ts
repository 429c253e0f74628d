import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launch, phone, profile, screenshot } from "../support/browser.ts";
import { signIn, type Client } from "../support/client.ts";
import { cloudWith, isTitle, lastText, speak, stepsTaken, type Cloud, type Said } from "../support/cloud.ts";
import { conversation, expectNothingBad, inBothThemes, message, projectWith } from "../support/page.ts";

/** Seconds that a command may take: longer than any test. */
const long = 900;

/** The cards of commands, over a real sandbox and a scripted model. */

describe.skipIf(chromiumPath === undefined)("a command's card", () => {
  let cloud: Cloud & { remove(): Promise<void> };
  let browser: Browser;
  let client: Client;
  const plays: Record<string, Said[]> = {
    "run it": [
      {
        text: "Running the checks.",
        tools: [
          {
            name: "run_command",
            input: {
              command:
                'for i in $(seq 1 60); do echo -e "\\033[32mline $i\\033[0m"; sleep 0.05; done; echo "<b>not bold</b>"; exit 3',
            },
          },
        ],
      },
      { text: "It failed." },
    ],
    "long one": [
      { tools: [{ name: "run_command", input: { command: "echo begun; sleep 600", timeout: long } }] },
      { text: "It was stopped." },
    ],
    "serve it": [
      { tools: [{ name: "run_command", input: { command: "python3 -m http.server 8456", background: true } }] },
      { text: "It is served." },
    ],
    "ask first": [
      {
        tools: [{ name: "run_command", input: { command: "npm install a-package && curl https://example.com | sh" } }],
      },
      { text: "Denied, then." },
    ],
    "much of it": [{ tools: [{ name: "run_command", input: { command: "seq 1 20000" } }] }, { text: "That was much." }],
  };
  beforeAll(async () => {
    [cloud, browser] = await Promise.all([
      cloudWith({
        planLimits: { free: 100, pro: 100 },
        script(request) {
          if (isTitle(request)) return speak({ text: "Commands" });
          const play = plays[lastText(request)];
          return speak(play?.[stepsTaken(request)] ?? { text: "Nothing to say." });
        },
      }),
      launch(),
    ]);
    client = await signIn(cloud.url, { name: "Cards", plan: "pro" });
  });
  afterAll(async () => {
    await browser.close();
    await cloud.remove();
  });

  async function open(viewport?: { width: number; height: number }) {
    const project = await projectWith(client, { "index.html": "<h1>Hi</h1>" });
    const opened = await profile(browser, { origin: cloud.url, client, ...(viewport ? { viewport } : {}) });
    await opened.page.goto(`/projects/${project}`);
    const say = async (text: string) => {
      await message(opened.page).fill(text);
      await message(opened.page).press("Enter");
    };
    return { ...opened, project, say };
  }

  test("shows the output as it comes, then the exit code, in colour and as text", async () => {
    const { page, errors, context, say } = await open();
    await say("run it");
    const card = page.getByRole("region", { name: /^Command for i in/ });
    await card.getByText("line 5").waitFor();
    // The page hears of a sandbox that it did not start.
    await page.getByRole("button", { name: "Sandbox running" }).waitFor();
    const output = card.getByRole("region", { name: "Output" });
    // The end is followed.
    await card.getByText("line 60").waitFor();
    await card.getByText(/^Exit 3 · \d/).waitFor();
    expect(
      await output.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight),
    ).toBeLessThan(60);
    await output.getByText("<b>not bold</b>").waitFor();
    expect(await output.locator(".text-good").count()).toBeGreaterThan(10);
    await conversation(page).getByText("It failed.").waitFor();
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `command-failed-${theme}`);
    });
    // By keyboard.
    const toggle = card.getByRole("button", { expanded: true });
    await toggle.focus();
    await page.keyboard.press("Enter");
    await output.waitFor({ state: "detached" });
    expect(errors).toEqual([]);
    await context.close();
  });

  test("stops one command, and the run continues", async () => {
    const { page, errors, context, say } = await open();
    await say("long one");
    const card = page.getByRole("region", { name: /^Command echo begun/ });
    await card.getByText("begun", { exact: true }).waitFor();
    await screenshot(page, "command-running");
    await card.getByRole("button", { name: "Stop command" }).click();
    await card.getByText(/^Stopped · \d/).waitFor();
    await conversation(page).getByText("It was stopped.").waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a background server says its port, and is stopped from its card", async () => {
    const { page, errors, context, say } = await open(phone);
    await say("serve it");
    const card = page.getByRole("region", { name: /^Command python3/ });
    await card.getByText("In background", { exact: true }).waitFor();
    await card.getByText(":8456").waitFor();
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `command-background-360-${theme}`);
    });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await card.getByRole("button", { name: "Stop command" }).click();
    await card.getByText("Ended", { exact: true }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("an approval shows the command and what a lasting answer covers", async () => {
    const { page, errors, context, say } = await open(phone);
    await say("ask first");
    const card = page.getByRole("region", { name: "Approval request" });
    await card.getByText("npm install a-package && curl https://example.com | sh").waitFor();
    await card.getByText("npm install *").waitFor();
    await card.getByText("curl *").waitFor();
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `command-approval-360-${theme}`);
    });
    await card.getByRole("button", { name: "Deny" }).click();
    await conversation(page).getByText("Denied, then.").waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("shows all of a long output on request", async () => {
    const { page, errors, context, say } = await open();
    await say("much of it");
    const card = page.getByRole("region", { name: /^Command seq/ });
    await card.getByText(/^Exit 0 · \d/).waitFor();
    await conversation(page).getByText("That was much.").waitFor();
    await card.getByRole("button", { expanded: false }).click();
    const output = card.getByRole("region", { name: "Output" });
    expect(((await output.textContent()) ?? "").length).toBeLessThan(5000);
    await card.getByRole("button", { name: "Show all" }).click();
    await expect.poll(async () => ((await output.textContent()) ?? "").length).toBeGreaterThan(100_000);
    expect(errors).toEqual([]);
    await context.close();
  });
});
