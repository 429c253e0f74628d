import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launch, phone, profile, screenshot } from "../support/browser.ts";
import { signIn, type Client } from "../support/client.ts";
import {
  cloudWith,
  isTitle,
  lastResults,
  lastText,
  speak,
  stepsTaken,
  type Cloud,
  type Said,
} from "../support/cloud.ts";
import { fillConversation } from "../support/fill.ts";
import {
  conversation,
  editor,
  expectNothingBad,
  file,
  inBothThemes,
  message,
  pathsOf,
  projectWith,
  tab,
  textOf,
} from "../support/page.ts";

/** The agent panel, with a scripted model. */

describe.skipIf(chromiumPath === undefined)("the agent panel", () => {
  let cloud: Cloud & { remove(): Promise<void> };
  let browser: Browser;
  const plays = new Map<string, (step: number, results: string[]) => Said>();
  const requests: string[] = [];
  beforeAll(async () => {
    [cloud, browser] = await Promise.all([
      cloudWith({
        script(request) {
          if (isTitle(request)) return speak({ text: "What this talk was about" });
          requests.push(JSON.stringify(request));
          const text = lastText(request);
          const play = [...plays].find(([words]) => text.includes(words))?.[1];
          return speak(play?.(stepsTaken(request), lastResults(request)) ?? { text: "Nothing to say." });
        },
      }),
      launch(),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await cloud.remove();
  });

  const before = Array.from({ length: 40 }, (_, n) => `line ${n + 1}`).join("\n");
  const after = before.replace("line 3\n", "LINE THREE\n").replace("line 38\n", "LINE THIRTY-EIGHT\n");
  plays.set("change it", (step) =>
    step === 0
      ? {
          thinking: "Two places.",
          tools: [
            {
              name: "edit_file",
              input: {
                path: "a.txt",
                edits: [
                  { oldText: "line 3\n", newText: "LINE THREE\n" },
                  { oldText: "line 38\n", newText: "LINE THIRTY-EIGHT\n" },
                ],
              },
            },
            { name: "create_file", input: { path: "new.txt", content: "new\n" } },
          ],
        }
      : { text: "Changed **two** places:\n\n```ts\nconst x = 1;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n" },
  );

  async function changed(
    name: string,
  ): Promise<{ client: Client; project: string; page: Page; errors: string[]; close(): Promise<void> }> {
    const client = await signIn(cloud.url, { name, plan: "pro" });
    const project = await projectWith(client, { "a.txt": before, "mine.txt": "mine" });
    const { page, context, errors } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await message(page).fill("change it");
    await message(page).press("Enter");
    await page.getByRole("button", { name: "Changed 2 files · Review" }).waitFor();
    return { client, project, page, errors, close: () => context.close() };
  }
  const review = (page: Page) => page.getByRole("region", { name: "Changed files" });
  const part = (page: Page, verb: "Keep" | "Revert") =>
    review(page).getByRole("button", { name: `${verb} this hunk of a.txt` });

  test("reviews changes hunk by hunk; a revert can be undone and the model is told", async () => {
    const { client, project, page, errors, close } = await changed("Judge");
    await page.getByRole("button", { name: /Review/ }).click();
    await page.getByText("2 files changed").waitFor();
    await part(page, "Keep").first().waitFor();
    expect(await part(page, "Keep").count()).toBe(2);
    // A file that is new has nothing red.
    const gone = review(page).locator(".is-new .cm-deletedChunk");
    expect(await gone.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe("rgba(0, 0, 0, 0)");
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `review-${theme}`);
    });
    await part(page, "Revert").last().click();
    await expect.poll(() => textOf(client, project, "a.txt")).toBe(before.replace("line 3\n", "LINE THREE\n"));
    await expect.poll(() => part(page, "Keep").count()).toBe(1);
    await page.getByRole("button", { name: "Undo" }).last().click();
    await expect.poll(() => textOf(client, project, "a.txt")).toBe(after);
    await expect.poll(() => part(page, "Keep").count()).toBe(2);
    await part(page, "Keep").first().click();
    await expect.poll(() => part(page, "Keep").count()).toBe(1);
    await page.reload();
    await expect.poll(() => part(page, "Keep").count()).toBe(1);
    await part(page, "Revert").click();
    await expect.poll(() => textOf(client, project, "a.txt")).toBe(before.replace("line 3\n", "LINE THREE\n"));
    await page.getByText("1 to review").waitFor();
    await review(page).getByRole("button", { name: "Keep new.txt" }).click();
    await page.getByText("all reviewed").waitFor();
    await message(page).fill("what now");
    await message(page).press("Enter");
    await conversation(page).getByText("Nothing to say.").waitFor();
    expect(requests.at(-1)).toContain("In a.txt the person reverted this part of your change");
    expect(requests.at(-1)).toContain("+LINE THIRTY-EIGHT");
    expect(errors).toEqual([]);
    await close();
  });

  test("reverts a file, an answer and the project, and undoes each", async () => {
    const { client, project, page, errors, close } = await changed("Restorer");
    await page.getByRole("button", { name: /Review/ }).click();
    await review(page).getByRole("button", { name: "Revert new.txt" }).click();
    await expect.poll(() => pathsOf(client, project)).toEqual(["a.txt", "mine.txt"]);
    await page.getByRole("button", { name: "Undo" }).last().click();
    await expect.poll(() => pathsOf(client, project)).toEqual(["a.txt", "mine.txt", "new.txt"]);
    await page.getByRole("button", { name: "Revert all" }).click();
    await expect.poll(() => textOf(client, project, "a.txt")).toBe(before);
    await page.getByRole("button", { name: "Undo" }).last().click();
    await expect.poll(() => textOf(client, project, "a.txt")).toBe(after);
    await client.request("PUT", `/api/projects/${project}/files/later.txt`, { body: { content: "later" } });
    await page.getByRole("button", { name: "Restore project…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Restore" }).click();
    await expect.poll(() => pathsOf(client, project)).toEqual(["a.txt", "mine.txt"]);
    await page.getByRole("button", { name: "Undo" }).last().click();
    await expect.poll(() => pathsOf(client, project)).toEqual(["a.txt", "later.txt", "mine.txt", "new.txt"]);
    expect(errors).toEqual([]);
    await close();
  });

  test("a tool card shows the diff; code is highlighted and can be copied", async () => {
    const { page, errors, close } = await changed("Reader");
    await conversation(page).getByText("Created 1 file · Edited 1 file").click();
    const card = conversation(page).locator("details details", { hasText: "a.txt" });
    await card.locator("summary").click();
    await card.getByText("+LINE THREE").waitFor();
    await card.getByRole("button", { name: "a.txt" }).click();
    await editor(page, "a.txt").getByText("LINE THREE").waitFor();
    await conversation(page).locator("code .tok-keyword").getByText("const").waitFor();
    await conversation(page).getByRole("columnheader", { name: "a" }).waitFor();
    const ligatures = () =>
      conversation(page)
        .locator("pre code")
        .evaluate((code) => getComputedStyle(code).fontVariantLigatures);
    expect(await ligatures()).toBe("none");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await conversation(page).getByRole("button", { name: "Copy code" }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("const x = 1;");
    await conversation(page).getByRole("button", { name: "Copy answer" }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("Changed **two** places");
    expect(errors).toEqual([]);
    await close();
  });

  test("mentions files with @, attaches dropped files, and adds a selection to the chat", async () => {
    const client = await signIn(cloud.url, { name: "Mentioner", plan: "pro" });
    const project = await projectWith(client, { "src/secret.ts": "export const answer = 42;\n", "other.txt": "x" });
    const { page, context, errors } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "src").waitFor();
    await message(page).fill("look at @secr");
    await page.getByRole("option", { name: "src/secret.ts" }).waitFor();
    await expectNothingBad(page);
    await message(page).press("Enter");
    expect(await message(page).inputValue()).toBe("look at @src/secret.ts ");
    const data = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["the log says ouch"], "log.txt", { type: "text/plain" }));
      return transfer;
    });
    await message(page).dispatchEvent("drop", { dataTransfer: data });
    await page.getByRole("button", { name: "Remove log.txt" }).waitFor();
    await expect.poll(() => page.getByRole("button", { name: "Send" }).isEnabled()).toBe(true);
    await page.getByRole("button", { name: "Send" }).click();
    await conversation(page).getByText("Nothing to say.").waitFor();
    await conversation(page).getByRole("link", { name: "log.txt" }).waitFor();
    expect(requests.at(-1)).toContain("export const answer = 42;");
    expect(requests.at(-1)).toContain("the log says ouch");
    await file(page, "other.txt").click();
    await editor(page, "other.txt").press("Control+a");
    await page.keyboard.press("Control+l");
    await expect.poll(() => message(page).inputValue()).toContain("@other.txt line 1:\n```\nx\n```");
    await page.reload();
    await expect.poll(() => message(page).inputValue()).toContain("@other.txt line 1:");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("Try again sends the files of the failed message too; a long answer is copied whole", async () => {
    let isBroken = true;
    const long = Array.from({ length: 14_000 }, (_, n) => `${String(n % 1000).padStart(4, "w")}`).join(" ");
    plays.set("read the log", () => (isBroken ? { text: "Reading ", cut: true } : { text: long }));
    const client = await signIn(cloud.url, { name: "Retrier", plan: "pro" });
    const project = await projectWith(client, { "a.txt": "a" });
    const { page, context } = await profile(browser, { origin: cloud.url, client });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto(`/projects/${project}`);
    const data = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["the log says ouch"], "log.txt", { type: "text/plain" }));
      return transfer;
    });
    await message(page).dispatchEvent("drop", { dataTransfer: data });
    await message(page).fill("read the log");
    await expect.poll(() => page.getByRole("button", { name: "Send" }).isEnabled()).toBe(true);
    await message(page).press("Enter");
    await page.getByRole("button", { name: "Try again" }).waitFor();
    isBroken = false;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("button", { name: "Copy answer" }).click();
    await page.getByText("Copied").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(long);
    expect(long.length).toBeGreaterThan(69_000);
    expect(requests.at(-1)).toContain("the log says ouch");
    await context.close();
  });

  test("steers, queues behind or replaces a run in progress", async () => {
    plays.set("take your time", (step) => ({
      text: "slow ".repeat(400),
      pace: 20,
      ...(step === 0 ? { tools: [{ name: "list_files", input: {} }] } : {}),
    }));
    plays.set("in addition", () => ({ text: "With the addition." }));
    plays.set("afterwards", () => ({ text: "Afterwards done." }));
    plays.set("instead", () => ({ text: "Instead done." }));
    const client = await signIn(cloud.url, { name: "Steerer", plan: "pro" });
    const project = await projectWith(client, { "a.txt": "a" });
    const { page, context } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    const say = async (text: string, keys = "Enter") => {
      await message(page).fill(text);
      await message(page).press(keys);
    };
    await say("take your time");
    await conversation(page).getByText("slow slow").first().waitFor();
    await say("in addition", "Control+Enter");
    await conversation(page).getByText("The agent reads this at its next step.").waitFor();
    await conversation(page).getByText("With the addition.").waitFor();
    expect(await conversation(page).getByText("in addition", { exact: true }).count()).toBe(1);
    await page.getByRole("button", { name: "Send" }).waitFor();
    await page.reload();
    await conversation(page).getByText("With the addition.").waitFor();
    expect(await conversation(page).getByText("in addition", { exact: true }).count()).toBe(1);

    await say("take your time");
    await page.getByRole("button", { name: "Stop", exact: true }).waitFor();
    await say("afterwards");
    await conversation(page).getByText("Queued", { exact: true }).waitFor();
    await message(page).fill("instead");
    await page.getByRole("button", { name: "Steer", exact: true }).waitFor();
    await expectNothingBad(page);
    await page.getByRole("button", { name: "Stop and replace" }).click();
    await conversation(page).getByText("Instead done.").waitFor();
    expect(await conversation(page).getByText("Stopped", { exact: true }).count()).toBeGreaterThan(0);

    await say("take your time");
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await conversation(page).getByRole("button", { name: "Continue" }).click();
    await conversation(page).getByText("Continue where you stopped.").waitFor();
    await context.close();
  });

  test("the end of a conversation stays in view while an answer grows, ends and is reloaded, until a reader scrolls up", async () => {
    plays.set("a long story", () => ({
      text: Array.from({ length: 40 }, (_, n) => `Paragraph ${n} of it.\n\n`).join(""),
      pace: 4,
    }));
    const client = await signIn(cloud.url, { name: "Reader of ends", plan: "pro" });
    const project = await projectWith(client, { "a.txt": "a" });
    const { page, context, errors } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    const fromEnd = () =>
      conversation(page).evaluate((log) => Math.round(log.scrollHeight - log.scrollTop - log.clientHeight));
    const overflows = () => conversation(page).evaluate((log) => log.scrollHeight > log.clientHeight);
    await message(page).fill("a long story");
    await message(page).press("Enter");
    await page.getByRole("status").getByText("The agent started.").waitFor({ state: "attached" });
    await conversation(page).getByText("Paragraph 39 of it.").waitFor();
    await page.getByRole("button", { name: "Copy answer" }).waitFor();
    await page.getByRole("status").getByText("The agent finished.").waitFor({ state: "attached" });
    expect(await overflows()).toBe(true);
    await expect.poll(fromEnd).toBeLessThan(2);
    await page.reload();
    await conversation(page).getByText("Paragraph 39 of it.").waitFor();
    await expect.poll(overflows).toBe(true);
    await expect.poll(fromEnd).toBeLessThan(2);

    await message(page).fill("a long story");
    await message(page).press("Enter");
    await expect.poll(() => conversation(page).getByText("Paragraph 5 of it.").count()).toBe(2);
    await conversation(page).evaluate((log) => log.scrollTo(0, 0));
    await page.getByRole("button", { name: "Jump to latest" }).waitFor();
    await expect.poll(() => conversation(page).getByText("Paragraph 39 of it.").count()).toBe(2);
    expect(await conversation(page).evaluate((log) => log.scrollTop)).toBeLessThan(60);
    await page.getByRole("button", { name: "Jump to latest" }).click();
    await expect.poll(fromEnd).toBeLessThan(2);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("Enter that ends a word of an input method sends nothing; a long paste becomes a file", async () => {
    const client = await signIn(cloud.url, { name: "Typist", plan: "pro" });
    const project = await projectWith(client, { "src/app.ts": "a" });
    const { page, context, errors } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await file(page, "src").waitFor();
    await message(page).fill("看@app");
    await page.getByRole("option", { name: "src/app.ts" }).waitFor();
    await message(page).press("Tab");
    expect(await message(page).inputValue()).toBe("看@src/app.ts ");
    await message(page).evaluate((area) => {
      const press = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
      Object.defineProperty(press, "keyCode", { value: 229 });
      area.dispatchEvent(press);
    });
    expect(await message(page).inputValue()).toBe("看@src/app.ts ");
    await message(page).evaluate((area) => {
      const data = new DataTransfer();
      data.setData("text/plain", "long ".repeat(24_000));
      area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await page.getByText("it was attached as a file").waitFor();
    await page.getByRole("button", { name: "Remove pasted text.txt" }).waitFor();
    expect(await message(page).inputValue()).toBe("看@src/app.ts ");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("finds, links, renames and deletes conversations", async () => {
    const client = await signIn(cloud.url, { name: "Talker", plan: "pro" });
    const project = await projectWith(client, { "a.txt": "a" });
    const made: string[] = [];
    for (const title of ["About apples", "About pears"]) {
      const id = String((await client.post(`/api/projects/${project}/conversations`)).json().id);
      await client.request("PATCH", `/api/conversations/${id}`, { body: { title } });
      made.push(id);
    }
    const { page, context, errors } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}?conversation=${made[0]}`);
    await page.getByRole("heading", { name: "About apples" }).waitFor();
    await page.keyboard.press("Alt+h");
    await page.getByRole("searchbox", { name: "Search conversations" }).fill("pear");
    await expectNothingBad(page);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "About pears" }).waitFor();
    expect(page.url()).toContain(made[1]);
    await page.getByRole("button", { name: "Past conversations" }).click();
    await page.getByRole("button", { name: "Rename About apples" }).click();
    await page.getByRole("textbox", { name: "New title of About apples" }).fill("About plums");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Delete About pears" }).click();
    await page.getByRole("button", { name: "Delete permanently" }).click();
    await page.getByRole("button", { name: "Delete About pears" }).waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "About plums" }).waitFor();
    expect(errors.filter((text) => !text.includes("404"))).toEqual([]);
    await context.close();
  });

  test("pending approvals are in the inbox of every page and are answered there", async () => {
    plays.set("delete all of them", (step) =>
      step === 0
        ? { tools: [{ name: "delete_files", input: { paths: Array.from({ length: 12 }, (_, n) => `f${n}.txt`) } }] }
        : { text: "They are gone." },
    );
    const client = await signIn(cloud.url, { name: "Away", plan: "pro" });
    const project = await projectWith(
      client,
      Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`f${n}.txt`, ""])),
    );
    const talk = String((await client.post(`/api/projects/${project}/conversations`)).json().id);
    await client.post("/api/messages", { conversationId: talk, message: "delete all of them" });
    await expect
      .poll(async () => ((await client.get("/api/approvals")).json().approvals as unknown as unknown[]).length)
      .toBe(1);
    const { page, context, errors } = await profile(browser, { origin: cloud.url, client });
    await page.goto("/");
    await page.getByRole("button", { name: "Inbox: 1 request" }).click();
    await page.getByRole("dialog", { name: "Inbox" }).getByRole("link", { name: "Test project" }).waitFor();
    await page.getByRole("button", { name: "Allow once" }).waitFor();
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `inbox-${theme}`);
    });
    await page.setViewportSize(phone);
    const box = await page.getByRole("dialog", { name: "Inbox" }).boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(phone.width);
    await page.getByRole("button", { name: "Always allow in this project" }).click();
    await page.getByText("You're all caught up.").waitFor();
    await expect.poll(() => pathsOf(client, project)).toEqual([]);
    await page.goto(`/projects/${project}`);
    await page.getByRole("button", { name: "Project settings" }).click();
    await page.getByText("Allow: Delete").waitFor();
    await page.getByRole("button", { name: "Revoke" }).click();
    await page.getByText("No saved permissions yet", { exact: false }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("opens the newest of 2,000 messages with one request and loads older ones when scrolled to", async () => {
    const client = await signIn(cloud.url, { name: "Chatty", plan: "pro" });
    const project = await projectWith(client, { "a.txt": "a" });
    const talk = String((await client.post(`/api/projects/${project}/conversations`)).json().id);
    await client.request("PATCH", `/api/conversations/${talk}`, { body: { title: "Filled" } });
    await fillConversation(cloud, { project, conversation: talk, messages: 2000 });
    const { page, context, errors } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await message(page).waitFor();
    await page.getByRole("button", { name: "New conversation" }).click();
    await page.getByRole("heading", { name: "New conversation" }).waitFor();
    await page.getByRole("button", { name: "Past conversations" }).click();
    const asked: string[] = [];
    page.on("request", (request) => request.url().includes(`${talk}/messages`) && asked.push(request.url()));
    await page
      .getByRole("button", { name: /Filled/ })
      .first()
      .click();
    await conversation(page).getByText("answer 1999").waitFor();
    expect(asked).toHaveLength(1);
    expect(
      await conversation(page)
        .getByText(/^question \d+$/)
        .count(),
    ).toBeLessThanOrEqual(50);
    await conversation(page).evaluate((element) => element.scrollTo(0, 0));
    await conversation(page).getByText("answer 1941").waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("reads, chats, approves and reviews on a phone", async () => {
    const client = await signIn(cloud.url, { name: "Handy", plan: "pro" });
    const project = await projectWith(client, { "a.txt": before });
    const { page, context, errors } = await profile(browser, { origin: cloud.url, client, viewport: phone });
    await page.goto(`/projects/${project}`);
    await message(page).fill("change it");
    await message(page).press("Enter");
    await page.getByRole("button", { name: /Review/ }).click();
    await part(page, "Revert").first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(phone.width);
    await screenshot(page, "review-phone");
    await expectNothingBad(page);
    await part(page, "Revert").first().click();
    await expect.poll(() => textOf(client, project, "a.txt")).toContain("line 3\n");
    await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: "Files" }).click();
    await file(page, "a.txt").click();
    await editor(page, "a.txt").waitFor();
    expect(await tab(page, "a.txt").count()).toBe(1);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("500 edits of one file by two browsers and the agent converge without loss", async () => {
    const rounds = 20;
    let done = -1;
    plays.set("edit along", (_, results) => {
      // Retries after a failed edit, like a real model.
      if (!results.some((result) => result.startsWith("Error"))) done++;
      if (done >= rounds) return { text: "All edits made." };
      const line = `agent ${done}.\n`;
      const edits = [{ oldText: line, newText: `${line}agent ${done + 1}.\n` }];
      return { tools: [{ name: "edit_file", input: { path: "shared.txt", edits } }] };
    });
    const client = await signIn(cloud.url, { name: "Crowd", plan: "pro" });
    const start = `top\n\n${"-\n".repeat(8)}agent 0.\n${"-\n".repeat(8)}\nbottom\n`;
    const project = await projectWith(client, { "shared.txt": start });
    const pages = await Promise.all([
      profile(browser, { origin: cloud.url, client }),
      profile(browser, { origin: cloud.url, client }),
    ]);
    const [{ page: one }, { page: two }] = pages;
    for (const { page } of pages) {
      await page.goto(`/projects/${project}`);
      await file(page, "shared.txt").click();
      await editor(page, "shared.txt").waitFor();
    }
    await editor(one, "shared.txt").press("Control+Home");
    await editor(two, "shared.txt").press("Control+End");
    await message(one).fill("edit along");
    await message(one).press("Enter");
    await editor(one, "shared.txt").focus();
    const words = Array.from({ length: 240 }, (_, n) => `w${n}`);
    const type = async (page: Page, mark: string) => {
      for (const [n, word] of words.entries()) {
        await page.keyboard.type(`${mark}${word} `);
        if (n % 24 === 0) await page.keyboard.press("Control+s");
      }
      await page.keyboard.press("Control+s");
    };
    await Promise.all([type(one, "a"), type(two, "b")]);
    await conversation(one).getByText("All edits made.").waitFor();
    const missing = (text: string) => [
      ...words.flatMap((word) => ["a", "b"].map((mark) => `${mark}${word} `)).filter((word) => !text.includes(word)),
      ...Array.from({ length: rounds + 1 }, (_, n) => `agent ${n}.`).filter((line) => text.split(line).length !== 2),
    ];
    await expect.poll(async () => missing(await textOf(client, project, "shared.txt"))).toEqual([]);
    const final = await textOf(client, project, "shared.txt");
    for (const { page, errors, context } of pages) {
      const shown = () =>
        page.evaluate(async (name) => {
          const lines = [...document.querySelectorAll(`[aria-label="${name}"] .cm-line`)];
          const text = (line: Element) => {
            const copy = line.cloneNode(true) as Element;
            // What is suggested is not in the file.
            for (const suggestion of copy.querySelectorAll(".cm-ghost")) suggestion.remove();
            return copy.textContent;
          };
          return lines.map(text).join("\n");
        }, "shared.txt");
      await expect.poll(shown).toBe(final.replace(/\n$/, "\n"));
      expect(errors.filter((text) => !text.includes("409"))).toEqual([]);
      await context.close();
    }
  });
});
