import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launch, profile, screenshot } from "../support/browser.ts";
import { signIn, type Client } from "../support/client.ts";
import { cloudWith, type Cloud } from "../support/cloud.ts";
import { expectNothingBad, inBothThemes, message, projectWith } from "../support/page.ts";
import { startProviderPeer, type ProviderPeer, type Raw } from "../support/provider-peer/peer.ts";

/** Keys in the settings, and the model of a message in the composer. */

const key = "sk-test-0123456789abcdefWXYZ";
const narrow = { width: 390, height: 844 };

describe.skipIf(chromiumPath === undefined)("models", () => {
  let cloud: Cloud & { remove(): Promise<void> };
  let browser: Browser;
  let peer: ProviderPeer;
  let failing: Raw | undefined;
  beforeAll(async () => {
    peer = await startProviderPeer({
      key,
      models: ["claude-sonnet-5-5", "claude-opus-5-5", "gpt-5.6-terra"],
      answer: ({ model }) => failing ?? { thinking: "Hm.", text: `${model} says hello.` },
    });
    [cloud, browser] = await Promise.all([cloudWith({ trustedModelOrigins: [peer.origin] }), launch()]);
  });
  afterAll(async () => {
    await browser.close();
    await cloud.remove();
    await peer.close();
  });

  const keys = (page: Page) => page.getByRole("region", { name: "Models", exact: true });
  const chooser = (page: Page) => page.getByRole("button", { name: /^Model: / });
  const option = (page: Page, name: string) => page.getByRole("option", { name: new RegExp(name) });

  async function withKey(client: Client): Promise<void> {
    const body = { key, baseUrl: peer.base("anthropic") };
    expect((await client.request("PUT", "/api/providers/anthropic", { body })).status).toBe(200);
  }
  /** A person with a key of their own, in a project. */
  async function openWithKey(name: string) {
    const client = await signIn(cloud.url, { name, plan: "pro" });
    await withKey(client);
    const project = await projectWith(client, { "a.txt": "one" });
    const opened = await profile(browser, { origin: cloud.url, client });
    await opened.page.goto(`/projects/${project}`);
    await message(opened.page).waitFor();
    return { client, ...opened };
  }

  test("a key is checked when it is entered, shown by its ending alone, checked again and deleted", async () => {
    const client = await signIn(cloud.url, { name: "Caretaker" });
    const { page, context } = await profile(browser, { origin: cloud.url, client });
    await page.goto("/settings");
    await keys(page).getByText("No keys yet").waitFor();
    await keys(page).getByRole("button", { name: "Add a key" }).press("Enter");
    await keys(page).getByRole("combobox", { name: "Provider" }).selectOption("openai");
    await keys(page).getByLabel("Key", { exact: true }).fill("sk-wrong-0123456789abcdef");
    await keys(page).getByLabel("Base URL, if").fill(peer.base("openai"));
    await keys(page).getByLabel("Base URL, if").press("Enter");
    await keys(page).getByRole("alert").getByText("rejected the key").waitFor();
    await keys(page).getByLabel("Key", { exact: true }).fill(key);
    await keys(page).getByRole("button", { name: "Check and save" }).click();
    await keys(page).getByText("Key ending in WXYZ · 1 model").waitFor();
    expect(await page.content()).not.toContain(key.slice(0, 12));
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `settings-models-${theme}`);
    });
    await keys(page).getByRole("button", { name: "Check the key of OpenAI" }).click();
    await page.getByText("OpenAI accepts the key.").waitFor();
    await page.setViewportSize(narrow);
    await screenshot(page, "settings-models-390");
    await keys(page).getByRole("button", { name: "Delete the key of OpenAI" }).click();
    await keys(page).getByRole("group").getByRole("button", { name: "Delete" }).click();
    await keys(page).getByText("No keys yet").waitFor();
    await context.close();
  });

  test("an admin enters the team's key, which the audit shows", async () => {
    const client = await signIn(cloud.url, { name: "Key admin", role: "admin" });
    const body = { key, baseUrl: peer.base("google") };
    expect((await client.request("PUT", "/api/admin/providers/google", { body })).status).toBe(200);
    const { page, context } = await profile(browser, { origin: cloud.url, client });
    await page.goto("/admin");
    await keys(page).getByText("by Key admin").waitFor();
    await page.getByText("changed the model key of Google").waitFor();
    await screenshot(page, "admin-models");
    await keys(page).getByRole("button", { name: "Delete the key of Google" }).click();
    await keys(page).getByRole("group").getByRole("button", { name: "Delete" }).click();
    await keys(page).getByText("No keys yet").waitFor();
    await context.close();
  });

  test("model and effort are chosen by keyboard, remembered for the project, and told with the answer", async () => {
    const { page, context } = await openWithKey("Chooser");
    await chooser(page).press("Enter");
    await option(page, "Claude Opus 5.5").waitFor();
    expect(await option(page, "Demo model").first().textContent()).toContain("The team's: Demo model");
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `model-menu-${theme}`);
    });
    await page.keyboard.type("opus");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Model: Claude Opus 5.5" }).waitFor();
    await chooser(page).press("Enter");
    await page.getByRole("radio", { name: "High" }).focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Model: Claude Opus 5.5 · High" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Model: Claude Opus 5.5 · High" }).waitFor();
    await message(page).fill("Say hello");
    await message(page).press("Enter");
    await page.getByText("claude-opus-5-5 says hello.").waitFor();
    await page.getByTitle("The model that answered").getByText("Claude Opus 5.5").waitFor();
    const asked = peer.asked.findLast(({ prompts }) => prompts.some((prompt) => prompt.includes("Say hello")));
    expect(asked?.body).toMatchObject({ model: "claude-opus-5-5", output_config: { effort: "high" } });
    await page.setViewportSize(narrow);
    await page.getByRole("button", { name: "Agent", exact: true }).click();
    await chooser(page).click();
    await option(page, "Claude Opus 5.5").waitFor();
    await screenshot(page, "model-menu-390");
    await context.close();
  });

  test("a message is tried again with its own model, whatever is chosen by then", async () => {
    const { page, context } = await openWithKey("Retrier");
    await chooser(page).click();
    await option(page, "Claude Sonnet 5.5").click();
    failing = { status: 400, body: '{"type":"error","error":{"type":"invalid_request_error","message":"no"}}' };
    await message(page).fill("Please try");
    await message(page).press("Enter");
    await page.getByRole("button", { name: "Try again" }).waitFor();
    failing = undefined;
    await chooser(page).click();
    await option(page, "Claude Opus 5.5").click();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("claude-sonnet-5-5 says hello.").waitFor();
    await context.close();
  });

  test("a chosen model that is gone is named, and the next try is the default's", async () => {
    const { client, page, context } = await openWithKey("Loser of keys");
    await chooser(page).click();
    await option(page, "Claude Opus 5.5").click();
    await client.request("DELETE", "/api/providers/anthropic");
    await message(page).fill("Anyone there?");
    await message(page).press("Enter");
    await page.getByRole("alert").getByText("Claude Opus 5.5 is not offered here. Choose another model.").waitFor();
    await page.getByRole("button", { name: "Model: Default model" }).waitFor();
    expect(await message(page).inputValue()).toBe("Anyone there?");
    await message(page).press("Enter");
    await page.getByTitle("The model that answered").getByText("Demo model").waitFor();
    await context.close();
  });
});
