import { describe, expect, test } from "vitest";
import { startApp } from "../support/app.ts";
import { isTitle, lastText, speak, stepsTaken } from "../support/cloud.ts";
import { pathsOf } from "../support/page.ts";

/** Going on from an earlier message, and going back to before one. */

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

  test("goes on in a new conversation, and back to before its message with the files", async () => {
    const { client, project, page, errors, context } = await app.open({ name: "Rewinder" }, { "a.md": "1\n" });
    const panel = page.getByRole("region", { name: "Agent" });
    const box = page.getByRole("textbox", { name: "Message" });
    const ends = panel.getByRole("button", { name: "Go back to before this message…" });
    const ask = async (text: string) => {
      const before = await ends.count();
      await box.fill(text);
      await page.keyboard.press("Enter");
      await panel.getByText(`Answer to ${text}.`).waitFor();
      // An answer has its buttons once it has ended.
      await expect.poll(() => ends.count()).toBe(before + 1);
    };
    await ask("one.txt");
    await ask("two.txt");
    expect(await pathsOf(client, project)).toEqual(["a.md", "one.txt", "two.txt"]);
    const conversations = async () =>
      (await client.get(`/api/projects/${project}/conversations`)).json().conversations as unknown as { id: string }[];
    expect(await conversations()).toHaveLength(1);

    await panel.getByRole("button", { name: "Go on from here in a new conversation" }).first().click();
    await panel.getByText("two.txt").first().waitFor({ state: "detached" });
    await panel.getByText("Answer to one.txt.").waitFor();
    await expect.poll(async () => (await conversations()).length).toBe(2);

    await ask("three.txt");
    await ends.last().click();
    const dialog = page.getByRole("dialog", { name: "Go back to before this message" });
    await dialog.getByText("three.txt").waitFor();
    expect(await dialog.getByLabel("Put the files back as well").isChecked()).toBe(true);
    await dialog.getByRole("button", { name: "Go back" }).click();
    await dialog.waitFor({ state: "detached" });
    await expect.poll(() => box.inputValue()).toBe("three.txt");
    await expect.poll(() => pathsOf(client, project)).toEqual(["a.md", "one.txt", "two.txt"]);
    await expect.poll(async () => (await conversations()).length).toBe(3);

    // Without a change of files there is nothing to put back.
    await ask("a question");
    await ends.last().click();
    await dialog.getByRole("button", { name: "Go back" }).click();
    await expect.poll(() => box.inputValue()).toBe("a question");
    expect(await pathsOf(client, project)).toEqual(["a.md", "one.txt", "two.txt"]);
    expect(errors).toEqual([]);
    await context.close();
  });
});
