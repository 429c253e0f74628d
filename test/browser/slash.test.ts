import { describe, expect, test } from "vitest";
import { startApp } from "../support/app.ts";
import { pathsOf } from "../support/page.ts";

/** Messages that begin with a slash, plans, and instructions, as people meet them. */

describe("the composer", () => {
  const app = startApp();

  test("offers commands after a slash, by keyboard, and nothing for a path", async () => {
    const { page, errors, context } = await app.open(
      { name: "Typist" },
      { "a.txt": "1\n", ".claude/commands/review.md": "Review $1.\n" },
    );
    const box = page.getByRole("textbox", { name: "Message" });
    const list = page.getByRole("listbox", { name: "Commands" });
    await page.getByRole("treeitem", { name: "a.txt" }).waitFor();
    await box.fill("");
    await box.pressSequentially("/");
    await list.getByRole("option", { name: "/plan Plan without changing anything" }).waitFor();
    expect(await list.getByRole("option").count()).toBe(3);
    await box.pressSequentially("re");
    await expect.poll(() => list.getByRole("option").allTextContents()).toEqual(["/review .claude/commands/review.md"]);
    await page.keyboard.press("Enter");
    await expect.poll(() => box.inputValue()).toBe("/review ");
    await list.waitFor({ state: "detached" });
    await box.fill("");
    await box.pressSequentially("see /pl");
    expect(await list.count()).toBe(0);
    await box.fill("");
    await box.pressSequentially("/p");
    await list.waitFor();
    await page.keyboard.press("Escape");
    await list.waitFor({ state: "detached" });
    expect(await box.inputValue()).toBe("/p");
    await box.fill("");
    await box.pressSequentially("/etc/passwd");
    expect(await list.count()).toBe(0);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("plans without changing anything, and has it carried out", async () => {
    const { client, project, page, errors, context } = await app.open({ name: "Planner" }, {});
    await page.getByRole("button", { name: "Plan", exact: true }).click();
    await page.getByRole("textbox", { name: "Message" }).fill("build a snake game");
    await page.keyboard.press("Enter");
    const panel = page.getByRole("region", { name: "Agent" });
    await panel.getByText("A plan; nothing is changed yet.").waitFor();
    expect(await pathsOf(client, project)).toEqual([]);
    // What was asked is shown as a plan, without its slash.
    expect(await panel.getByText("/plan").count()).toBe(0);
    await panel.getByRole("heading", { name: /snake/i }).waitFor();
    await panel.getByRole("button", { name: "Carry it out" }).click();
    await expect.poll(() => pathsOf(client, project)).toContain("index.html");
    await panel.getByText("Carry out the plan.").waitFor();
    expect(await page.getByRole("button", { name: "Plan", exact: true }).getAttribute("aria-pressed")).toBe("false");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("plans what begins with a path, and a plan that was not sent comes back as one", async () => {
    const { page, context } = await app.open({ name: "Pathfinder" }, { "a.txt": "1\n" });
    await page.getByRole("treeitem", { name: "a.txt" }).waitFor();
    const sent: unknown[] = [];
    await page.route("**/api/messages", (route) => {
      sent.push(JSON.parse(route.request().postData() ?? "{}").message);
      return route.abort();
    });
    const box = page.getByRole("textbox", { name: "Message" });
    await page.getByRole("button", { name: "Plan", exact: true }).click();
    await box.fill("/etc/hosts is wrong");
    await page.keyboard.press("Enter");
    await expect.poll(() => box.inputValue()).toBe("/plan /etc/hosts is wrong");
    expect(new Set(sent)).toEqual(new Set(["/plan /etc/hosts is wrong"]));
    // The draft is a plan after a reload, too.
    await page.reload();
    await expect.poll(() => box.inputValue()).toBe("/plan /etc/hosts is wrong");
    await context.close();
  });

  test("follows instructions that survive a reload", async () => {
    const { page, project, context } = await app.open({ name: "Instructor" }, {});
    await page.goto("/settings#instructions");
    const box = page.getByRole("textbox", { name: "Instructions" });
    await box.fill("Answer in rhymes.");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("status").getByText("Saved").waitFor();
    await page.reload();
    await expect.poll(() => box.inputValue()).toBe("Answer in rhymes.");
    await page.goto(`/projects/${project}`);
    await page.getByRole("textbox", { name: "Message" }).fill("hello");
    await page.keyboard.press("Enter");
    await page.getByText("Follows your instructions.").waitFor();
    await context.close();
  });

  test("keeps instructions that are typed while others are saved, and over a reload", async () => {
    const { client, page, context } = await app.open({ name: "Redrafter" }, {});
    const stored = async () => (await client.get("/api/me/instructions")).json().text;
    await page.goto("/settings#instructions");
    const box = page.getByRole("textbox", { name: "Instructions" });
    const { promise: gate, resolve: release } = Promise.withResolvers<void>();
    let puts = 0;
    await page.route("**/api/me/instructions", async (route) => {
      if (route.request().method() === "PUT" && ++puts === 1) await gate;
      await route.continue();
    });
    await box.fill("one");
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => puts).toBe(1);
    await box.pressSequentially(" two");
    await page.keyboard.press("Control+Enter");
    release();
    const update = page.getByRole("button", { name: "Update instructions" });
    await update.waitFor();
    expect(puts).toBe(1);
    expect(await stored()).toBe("one");
    expect(await update.isEnabled()).toBe(true);
    await page.reload();
    await expect.poll(() => box.inputValue()).toBe("one two");
    await update.click();
    await page.getByRole("status").getByText("Saved").waitFor();
    expect(await stored()).toBe("one two");
    await context.close();
  });

  test("limits a run's cost to what is typed, cents among it, and to nothing for 0", async () => {
    const { client, project, page, context } = await app.open({ name: "Saver" }, { "a.txt": "1\n" });
    await page.getByRole("treeitem", { name: "a.txt" }).waitFor();
    const field = page.getByLabel("Ask before a run costs more than");
    for (const [typed, limit] of [
      ["0.05", 0.05],
      ["10.25", 10.25],
      ["0", 0],
    ] as const) {
      await page.getByRole("button", { name: "Project settings" }).click();
      await field.fill("");
      await field.pressSequentially(typed);
      expect(await field.inputValue()).toBe(typed);
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await field.waitFor({ state: "detached" });
      expect((await client.get(`/api/projects/${project}`)).json()).toMatchObject({ settings: { costLimit: limit } });
    }
    await context.close();
  });
});
