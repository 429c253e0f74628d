import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { startApp } from "../support/app.ts";
import { chromiumPath, profile } from "../support/browser.ts";
import { signIn } from "../support/client.ts";
import { editor, file, message, projectWith, textOf } from "../support/page.ts";

/** Parts of the page whose code has not been loaded when the network goes, or when a deployment has replaced it. */

describe.skipIf(chromiumPath === undefined)("code that cannot be loaded", () => {
  const app = startApp({ demoPace: 0 });

  const failed = (page: Page) => page.getByRole("alert").filter({ hasText: "could not be loaded. Check your conn" });

  /** A workspace with an open file, at rest. */
  async function workspace(name: string, without?: RegExp) {
    const client = await signIn(app.url, { name });
    const project = await projectWith(client, { "a.ts": "const a = 1;\n", "b.ts": "const b = 2;\n" });
    const opened = await profile(app.browser, { origin: app.url, client });
    if (without) await opened.context.route(without, (route) => route.abort());
    await opened.page.goto(`/projects/${project}`);
    await file(opened.page, "a.ts").dblclick();
    await editor(opened.page, "a.ts").waitFor();
    await opened.page.waitForLoadState("networkidle");
    return { ...opened, client, project };
  }

  test("dialogs, menus, panels and tabs say so, leave the page as it is, and open once the network is back", async () => {
    const { page, context } = await workspace("Cut off");
    const dialogs: readonly [keys: string, dialog: string][] = [
      ["Control+k", "Go to anything"],
      ["Control+j", "New project"],
      ["Control+i", "Import from GitHub"],
    ];
    await context.setOffline(true);
    await page.getByRole("navigation", { name: "Side panels" }).waitFor();
    for (const [keys] of dialogs) {
      await page.keyboard.press(keys);
      await failed(page).waitFor();
      // A second attempt is made, and fails as well.
      await page.getByRole("button", { name: "Try again" }).click();
      await failed(page).waitFor();
      await page.keyboard.press("Escape");
      await failed(page).waitFor({ state: "detached" });
    }
    for (const name of ["Project settings", "Past conversations"]) {
      await page.getByRole("button", { name }).click();
      await failed(page).waitFor();
      await page.getByRole("button", { name: "Close", exact: true }).click();
    }
    await page.getByRole("button", { name: /^Inbox/ }).click();
    await failed(page).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Source control" }).click();
    await failed(page).waitFor();
    await page.getByRole("button", { name: "Files", exact: true }).click();
    await page.keyboard.press("Alt+v");
    await failed(page).waitFor();
    await message(page).fill("still here");
    await page.getByRole("tab", { name: "a.ts" }).click();
    await editor(page, "a.ts").getByText("const").waitFor();

    await context.setOffline(false);
    for (const [keys, dialog] of dialogs) {
      await page.keyboard.press(keys);
      await page.getByRole("dialog", { name: dialog }).getByRole("textbox").or(page.getByRole("combobox")).waitFor();
      await page.keyboard.press("Escape");
    }
    await page.getByRole("button", { name: "Source control" }).click();
    await failed(page).waitFor({ state: "detached" });
    expect(await message(page).inputValue()).toBe("still here");
    await context.close();
  });

  test("what could not be done without the server stops saying so once it answers", async () => {
    const { page, context, client, project } = await workspace("Back again");
    await page.getByRole("button", { name: "Search", exact: true }).click();
    const search = page.getByRole("searchbox", { name: "Search in all files" });
    await search.waitFor();
    await context.setOffline(true);
    await search.fill("const");
    await message(page).fill("hello");
    await message(page).press("Enter");
    await editor(page, "a.ts").press("Control+End");
    await page.keyboard.type("// kept");
    await page.keyboard.press("Control+s");
    const unreachable = page.getByText("The server cannot be reached. Check your connection.");
    await expect.poll(() => unreachable.count()).toBe(3);
    await context.setOffline(false);
    await expect.poll(() => unreachable.count()).toBe(0);
    await page.getByText(/\d in 2 files/).waitFor();
    await expect.poll(() => textOf(client, project, "a.ts")).toContain("// kept");
    expect(await message(page).inputValue()).toBe("hello");
    await context.close();
  });

  test("what is typed for find, replace, search or the palette never reaches the file", async () => {
    const { page, context, client, project } = await workspace("Typist", /\/(?:extras|palette|search-panel)-/);
    for (const keys of ["Control+f", "Control+h", "F3", "Control+e", "Control+p", "Control+Shift+f", "Control+g"]) {
      await editor(page, "a.ts").focus();
      await page.keyboard.press(keys);
      await page.keyboard.type("xyz");
      await page.keyboard.press("Escape");
      await failed(page)
        .filter({ has: page.getByRole("button", { name: "Close" }) })
        .waitFor({ state: "detached" });
    }
    await context.unrouteAll();
    await page.keyboard.press("Control+s");
    expect(await editor(page, "a.ts").innerText()).not.toContain("x");
    expect(await textOf(client, project, "a.ts")).toBe("const a = 1;\n");
    await context.close();
  });

  test("a page older than the server asks for a reload, which keeps what was typed", async () => {
    const { page, context } = await workspace("A week away");
    await message(page).fill("a long thought");
    await editor(page, "a.ts").press("Control+End");
    await page.keyboard.type("// mine");
    await context.route(/\/_build\/assets\/(?:palette|settings)/, (route) =>
      route.fulfill({ status: 404, body: "Not found" }),
    );
    await page.keyboard.press("Control+k");
    const updated = page.getByRole("alert").filter({ hasText: "Slipway was updated. Reload the page." });
    await updated.waitFor();
    await context.unrouteAll();
    await page.getByRole("button", { name: "Reload" }).click();
    await updated.waitFor({ state: "detached" });
    await editor(page, "a.ts").getByText("// mine").waitFor();
    expect(await message(page).inputValue()).toBe("a long thought");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").waitFor();
    await context.close();
  });

  test("a page that fails leads on: back, home, or to another attempt", async () => {
    const { page, context } = await workspace("Lost");
    await context.route(/\/_build\/assets\/settings/, (route) => route.abort());
    await page.keyboard.press("Control+,");
    await page.getByText("This page could not be shown.").waitFor();
    await page.getByRole("button", { name: "Reload" }).waitFor();
    // The shell is alive.
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").waitFor();
    await page.keyboard.press("Escape");
    await page.goBack();
    await editor(page, "a.ts").waitFor();
    await page.keyboard.press("Control+,");
    await page.getByRole("link", { name: "Go to home" }).click();
    await page.getByRole("textbox", { name: "What do you want to build?" }).waitFor();
    await context.close();
  });
});
