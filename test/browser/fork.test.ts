import { describe, expect, test } from "vitest";
import { startApp } from "../support/app.ts";
import { isTitle, lastText, speak, stepsTaken } from "../support/cloud.ts";
import { screenshot } from "../support/browser.ts";
import { inBothThemes, pathsOf } from "../support/page.ts";

/** Forking a conversation at a message, and reverting to one. */

describe("an answer", () => {
  const app = startApp({
    planLimits: { free: 50, pro: 50 },
    script(request) {
      if (isTitle(request)) return speak({ text: "A title" });
      const name = lastText(request);
      const isFile = name.endsWith(".txt") && stepsTaken(request) === 0;
      return speak(
        isFile
          ? { tools: [{ name: "create_file", input: { path: name, content: "x" } }] }
          : { text: `Answer to ${name}.` },
      );
    },
  });

  test("is forked after, and its message is forked before and reverted to, by keyboard", async () => {
    const { client, project, page, errors, context } = await app.open({ name: "Forker" }, { "a.md": "1\n" });
    const panel = page.getByRole("region", { name: "Agent" });
    const box = page.getByRole("textbox", { name: "Message" });
    const actions = panel.getByRole("button", { name: "Message actions" });
    const ask = async (text: string) => {
      const before = await actions.count();
      await box.fill(text);
      await page.keyboard.press("Enter");
      await panel.getByText(`Answer to ${text}.`).waitFor();
      // A message has its menu once its run has ended.
      await expect.poll(() => actions.count()).toBe(before + 1);
    };
    const choose = async (item: string) => {
      await actions.last().focus();
      await page.keyboard.press("Enter");
      await page.getByRole("menuitem", { name: item }).waitFor();
      await page.keyboard.press(item.slice(0, 1));
      await page.keyboard.press("Enter");
    };
    const conversations = async () =>
      (await client.get(`/api/projects/${project}/conversations`)).json().conversations as unknown as { id: string }[];
    await ask("one.txt");
    await ask("two.txt");
    const all = ["a.md", "one.txt", "two.txt"];
    expect(await pathsOf(client, project)).toEqual(all);
    expect(await conversations()).toHaveLength(1);

    await panel.getByRole("button", { name: "Fork after this" }).first().click();
    await panel.getByText("Answer to two.txt.").waitFor({ state: "detached" });
    await panel.getByText("Answer to one.txt.").waitFor();
    await expect.poll(async () => (await conversations()).length).toBe(2);
    expect(await box.inputValue()).toBe("");

    await ask("three.txt");
    await actions.last().focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Fork from here" }).waitFor();
    await screenshot(page, "fork-menu");
    await page.keyboard.press("Enter");
    await expect.poll(() => box.inputValue()).toBe("three.txt");
    await expect.poll(async () => (await conversations()).length).toBe(3);
    expect(await panel.getByText("Answer to three.txt.").count()).toBe(0);
    expect(await pathsOf(client, project)).toEqual([...all.slice(0, 2), "three.txt", "two.txt"]);

    // The message that is reverted to is a copy.
    await choose("Revert to here…");
    const dialog = page.getByRole("dialog", { name: "Revert to before this message" });
    await dialog.getByText("one.txt").waitFor();
    expect(await dialog.getByLabel("Revert the files too").isChecked()).toBe(true);
    await inBothThemes(page, (theme) => screenshot(page, `revert-${theme}`));
    await dialog.getByRole("button", { name: "Revert", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    await expect.poll(() => box.inputValue()).toBe("one.txt");
    await expect.poll(() => pathsOf(client, project)).toEqual(["a.md"]);
    await expect.poll(async () => (await conversations()).length).toBe(4);
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await expect.poll(() => pathsOf(client, project)).toEqual([...all.slice(0, 2), "three.txt", "two.txt"]);

    // Without a change of files there is nothing to revert.
    await ask("a question");
    await choose("Revert to here…");
    await dialog.getByText("No file has changed since this message.").waitFor();
    await dialog.getByRole("button", { name: "Revert", exact: true }).click();
    await expect.poll(() => box.inputValue()).toBe("a question");
    expect(await pathsOf(client, project)).toHaveLength(4);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("files that cannot be reverted leave the conversation as it is", async () => {
    const { client, project, page, context } = await app.open({ name: "Reverter" }, { "a.md": "1\n" });
    const panel = page.getByRole("region", { name: "Agent" });
    await page.getByRole("textbox", { name: "Message" }).fill("one.txt");
    await page.keyboard.press("Enter");
    await panel.getByRole("button", { name: "Message actions" }).waitFor();
    const touch = await page.context().newCDPSession(page);
    await touch.send("Emulation.setTouchEmulationEnabled", { enabled: true });
    const target = await panel.getByRole("button", { name: "Message actions" }).boundingBox();
    expect([target?.width, target?.height].every((size) => size !== undefined && size >= 44)).toBe(true);
    await panel.getByRole("button", { name: "Message actions" }).click();
    await page.getByRole("menuitem", { name: "Revert to here…" }).waitFor();
    await screenshot(page, "fork-menu-touch");
    await page.route("**/api/runs/*/restore", (route) =>
      route.fulfill({
        status: 409,
        contentType: "application/json",
        body: JSON.stringify({ error: { code: "conflict", message: "The history is no longer kept." } }),
      }),
    );
    await page.getByRole("menuitem", { name: "Revert to here…" }).click();
    const dialog = page.getByRole("dialog", { name: "Revert to before this message" });
    await dialog.getByRole("button", { name: "Revert", exact: true }).click();
    await dialog.getByRole("alert").getByText("The history is no longer kept.").waitFor();
    const { conversations } = (await client.get(`/api/projects/${project}/conversations`)).json();
    expect(conversations).toHaveLength(1);

    await dialog.getByLabel("Revert the files too").uncheck();
    await dialog.getByRole("button", { name: "Revert", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    expect(await pathsOf(client, project)).toEqual(["a.md", "one.txt"]);
    await context.close();
  });
});
