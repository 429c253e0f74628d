import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launch, profile, screenshot } from "../support/browser.ts";
import { signIn } from "../support/client.ts";
import { cloudWith, isTitle, speak, stepsTaken, type Cloud, type Said } from "../support/cloud.ts";
import {
  conversation,
  editor,
  expectNothingBad,
  file,
  inBothThemes,
  message,
  projectWith,
  tab,
} from "../support/page.ts";

/** The agent's work opens in the editor, and gives way to the person. */

describe.skipIf(chromiumPath === undefined)("following the agent", () => {
  let cloud: Cloud & { remove(): Promise<void> };
  let browser: Browser;
  /** What the model does at each step, and what lets it take the next. */
  let steps: Said[] = [];
  let turns: (() => void)[] = [];
  let ready: Promise<void>[] = [];
  beforeAll(async () => {
    [cloud, browser] = await Promise.all([
      cloudWith({
        async *script(request) {
          if (isTitle(request)) return yield* speak({ text: "A talk" });
          const at = stepsTaken(request);
          await ready[at];
          yield* speak(steps[at] ?? { text: "All done." });
        },
      }),
      launch(),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await cloud.remove();
  });

  const lines = Array.from({ length: 200 }, (_, n) => `line ${n + 1}`).join("\n");
  const edit = (path: string, line: string, to: string): Said => ({
    tools: [{ name: "edit_file", input: { path, edits: [{ oldText: `${line}\n`, newText: `${to}\n` }] } }],
  });
  const create = (path: string): Said => ({
    tools: [{ name: "create_file", input: { path, content: `I am ${path}\n` } }],
  });

  async function begin(name: string, script: readonly Said[]) {
    steps = [...script];
    turns = [];
    ready = [...script, undefined].map(() => new Promise<void>((resolve) => turns.push(resolve)));
    const client = await signIn(cloud.url, { name, plan: "pro" });
    const project = await projectWith(client, { "long.txt": lines, "mine.txt": "mine\n", "other.txt": "other\n" });
    const opened = await profile(browser, { origin: cloud.url, client });
    await opened.page.goto(`/projects/${project}`);
    await file(opened.page, "mine.txt").dblclick();
    await editor(opened.page, "mine.txt").waitFor();
    await message(opened.page).fill("go");
    await message(opened.page).press("Enter");
    const step = () => turns.shift()?.();
    return { ...opened, client, project, step };
  }

  test("shows each file at its change in one provisional tab, and leaves the keyboard where it is", async () => {
    const { page, context, errors, step } = await begin("Follower", [
      create("new.txt"),
      edit("long.txt", "line 150", "LINE ONE FIFTY"),
      { tools: [{ name: "delete_files", input: { paths: ["other.txt"] } }] },
    ]);
    await message(page).fill("what I type mean");
    step();
    await editor(page, "new.txt").waitFor();
    await message(page).press("End");
    await page.keyboard.type("while");
    step();
    await editor(page, "long.txt").getByText("LINE ONE FIFTY").waitFor();
    expect(await message(page).inputValue()).toBe("what I type meanwhile");
    expect(await message(page).evaluate((element) => element === document.activeElement)).toBe(true);
    // The first gave way; what the person had pinned stays.
    await tab(page, "new.txt").waitFor({ state: "detached" });
    await tab(page, "mine.txt").waitFor();
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `follow-${theme}`);
    });
    step();
    step();
    await conversation(page).getByText("All done.").waitFor();
    await editor(page, "long.txt").waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("pauses for a person who uses the editor or chooses a tab, until it is resumed; off, it stays off", async () => {
    const { page, context, errors, step, project } = await begin("Busy", [
      create("one.txt"),
      create("two.txt"),
      create("three.txt"),
      create("four.txt"),
    ]);
    const resume = page.getByRole("button", { name: "Resume following" });
    await editor(page, "mine.txt").press("Control+End");
    await page.keyboard.type("my ");
    step();
    await resume.waitFor();
    await page.keyboard.type("words");
    await editor(page, "mine.txt").getByText("my words").waitFor();
    await resume.click();
    await editor(page, "one.txt").waitFor();
    step();
    await editor(page, "two.txt").waitFor();
    // The file that is shown already is a choice too.
    await file(page, "two.txt").click();
    await resume.waitFor();
    await resume.click();
    await file(page, "other.txt").click();
    await editor(page, "other.txt").waitFor();
    await resume.waitFor();
    step();
    await file(page, "three.txt").waitFor();
    await editor(page, "other.txt").waitFor();
    await resume.click();
    await editor(page, "three.txt").waitFor();
    await page.getByRole("button", { name: "Follow", exact: true }).click();
    await page.reload();
    await page.getByRole("button", { name: "Follow", exact: true, pressed: false }).waitFor();
    step();
    step();
    await conversation(page).getByText("All done.").waitFor();
    await file(page, "four.txt").waitFor();
    await editor(page, "three.txt").waitFor();
    expect(await tab(page, "four.txt").count()).toBe(0);
    expect(new URL(page.url()).pathname).toContain(project);
    expect(errors).toEqual([]);
    await context.close();
  });
});
