import { describe, expect, test } from "vitest";
import { startApp } from "../support/app.ts";
import { chromiumPath, desktop, phone, profile, screenshot } from "../support/browser.ts";
import { ended, signIn } from "../support/client.ts";
import { editor, expectNothingBad, file, inBothThemes, projectWith, saved, textOf } from "../support/page.ts";

/** Home, the shell of every page, settings, and admin pages. */

describe.skipIf(chromiumPath === undefined)("the shell", () => {
  const app = startApp({ demoPace: 0 });

  test("shortcuts and the palette work on every page", async () => {
    const client = await signIn(app.url, { name: "Keys" });
    const project = await projectWith(client, {
      "src/deep/find-me.ts": "export function hello() {}\n",
      "b.md": "# B\n",
    });
    const { page, context, errors } = await profile(app.browser, { origin: app.url, client });
    for (const path of ["/", "/settings", `/projects/${project}`]) {
      await page.goto(path);
      await page.getByRole("button", { name: /settings and sign out/ }).waitFor();
      // The page is rendered before it handles keys.
      await expect.poll(() => page.evaluate(pressQuestionMark)).toBe("handled");
      await page.getByRole("dialog", { name: "Keyboard shortcuts" }).getByText("Go to anything").waitFor();
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+j");
      await page.getByRole("dialog", { name: "New project" }).waitFor();
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+k");
      const words = page.getByRole("combobox", { name: "Search files, commands and projects" });
      await words.fill("Test proj");
      await page.getByRole("option", { name: /Test project/ }).waitFor();
      await page.keyboard.press("Escape");
    }
    await page.getByRole("treeitem", { name: "src" }).waitFor();
    await page.keyboard.press("Control+p");
    await page.getByRole("combobox").fill("findme");
    await page.getByRole("option", { name: /find-me.ts/ }).waitFor();
    await page.keyboard.press("Enter");
    await editor(page, "src/deep/find-me.ts").waitFor();
    await page.keyboard.press("Control+Shift+o");
    await page.getByRole("option", { name: /hello/ }).waitFor();
    await expectNothingBad(page);
    await page.keyboard.press("Escape");
    await client.post("/api/projects", { name: "Second one" });
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill("Second");
    await page.getByRole("option", { name: /Second one/ }).click();
    await page.getByRole("heading", { name: "Second one", level: 1 }).waitFor();
    await page.getByText("No files yet.").waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Test project", level: 1 }).waitFor();
    await editor(page, "src/deep/find-me.ts").waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill(">settings");
    await page.getByRole("option", { name: /^Settings/ }).click();
    await page.waitForURL("**/settings");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("axe finds nothing in any dialog or on the not-found page, light and dark", async () => {
    const client = await signIn(app.url, { name: "Careful" });
    const project = await projectWith(client, { "a.ts": "export const a = 1;\n" });
    const out = await profile(app.browser, { origin: app.url });
    await out.page.goto("/");
    await out.page.getByRole("button", { name: "Sign in", exact: true }).click();
    await out.page.getByRole("dialog", { name: "Sign in" }).getByRole("textbox", { name: "Name" }).waitFor();
    await inBothThemes(out.page, () => expectNothingBad(out.page));
    await out.context.close();
    const { page, context } = await profile(app.browser, { origin: app.url, client });
    await page.goto("/nowhere");
    await page.getByRole("heading", { name: "Page not found" }).waitFor();
    await inBothThemes(page, () => expectNothingBad(page));
    await page.goto(`/projects/${project}`);
    await file(page, "a.ts").click();
    await editor(page, "a.ts").waitFor();
    for (const [keys, name] of [
      ["Control+j", "New project"],
      ["Control+k", "Go to anything"],
      ["Alt+h", "Conversations"],
    ] as const) {
      await page.keyboard.press(keys);
      await page.getByRole("dialog", { name }).waitFor();
      await inBothThemes(page, () => expectNothingBad(page));
      await page.keyboard.press("Escape");
      await page.getByRole("dialog", { name }).waitFor({ state: "hidden" });
    }
    await page.getByRole("tree").focus();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await inBothThemes(page, () => expectNothingBad(page));
    await page.keyboard.press("Escape");
    await file(page, "a.ts").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Rename" }).waitFor();
    await inBothThemes(page, () => expectNothingBad(page));
    await context.close();
  });

  test("keys typed before a dialog's code has loaded reach the dialog and leave the selected text alone", async () => {
    const client = await signIn(app.url, { name: "Fast fingers" });
    const project = await projectWith(client, { "first.ts": "let kept = 1;\n", "second.ts": "let other = 2;\n" });
    const { page, context, errors } = await profile(app.browser, { origin: app.url, client });
    const held: (() => void)[] = [];
    let isSlow = true;
    await page.route(/\/(?:palette|new-project|import-dialog)-[^/]*\.js$/, async (route) => {
      if (isSlow) await new Promise<void>((resolve) => held.push(resolve));
      await route.continue();
    });
    await page.goto(`/projects/${project}?file=first.ts`);
    const first = editor(page, "first.ts");
    await first.getByText("kept").waitFor();
    await first.click();
    await page.keyboard.press("Control+a");

    // Escape closes what has not loaded, and the keyboard is the editor's again.
    await page.keyboard.press("Control+i");
    await page.keyboard.type("gone");
    await page.keyboard.press("Escape");
    await expect.poll(() => first.evaluate((at) => at === document.activeElement)).toBe(true);
    expect(await first.textContent()).toContain("let kept = 1;");

    // Enter counts too: it opens what the name finds.
    await page.keyboard.press("Control+p");
    await page.keyboard.type("second");
    await page.keyboard.press("Enter");
    expect(await first.textContent()).toContain("let kept = 1;");
    await expect.poll(() => held.length).toBe(2);
    for (const release of held.splice(0)) release();
    await editor(page, "second.ts").getByText("other").waitFor();
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);

    await editor(page, "second.ts").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Control+j");
    await page.keyboard.type("A shop for tea");
    await expect.poll(() => held.length).toBe(1);
    isSlow = false;
    for (const release of held.splice(0)) release();
    const prompt = page.getByRole("dialog", { name: "New project" }).getByRole("textbox");
    await expect.poll(() => prompt.inputValue()).toBe("A shop for tea");
    await page.keyboard.type(" and cake");
    await expect.poll(() => prompt.inputValue()).toBe("A shop for tea and cake");
    await page.keyboard.press("Escape");
    await expect.poll(() => editor(page, "second.ts").evaluate((at) => at === document.activeElement)).toBe(true);
    expect(await textOf(client, project, "first.ts")).toBe("let kept = 1;\n");
    expect(await editor(page, "second.ts").textContent()).toContain("let other = 2;");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("shortcuts are inactive during IME composition, and single keys while typing", async () => {
    const client = await signIn(app.url, { name: "Composer" });
    const { page, context } = await profile(app.browser, { origin: app.url, client });
    await page.goto("/settings");
    const name = page.getByRole("textbox", { name: "Name" });
    await name.fill("who");
    await name.press("?");
    expect(await name.inputValue()).toBe("who?");
    await name.evaluate((element) => {
      const options = { key: "k", ctrlKey: true, isComposing: true, bubbles: true };
      element.dispatchEvent(new KeyboardEvent("keydown", options));
    });
    expect(await page.getByRole("dialog").count()).toBe(0);
    await context.close();
  });

  test("lists projects by activity, renames them in place, and deletes them by typing their name", async () => {
    const client = await signIn(app.url, { name: "Lister" });
    for (const name of ["Alpha", "Beta"]) await client.post("/api/projects", { name });
    const { page, context, errors } = await profile(app.browser, { origin: app.url, client });
    await page.goto("/");
    const names = page.getByRole("region", { name: "Projects" }).getByRole("link");
    await names.first().waitFor();
    expect((await names.allTextContents()).map((text) => text.replace(/just now|.* ago/, ""))).toEqual([
      "Beta",
      "Alpha",
    ]);
    await page.getByRole("button", { name: "More for Alpha" }).click();
    // The menu's code loads with its first use.
    await page.getByRole("menuitem", { name: "Rename" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: "New name of Alpha" }).fill("Gamma");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: /Gamma/ }).waitFor();
    await page.getByRole("button", { name: "More for Beta" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    const sure = page.getByRole("button", { name: "Delete permanently" });
    expect(await sure.isDisabled()).toBe(true);
    await page.getByRole("textbox", { name: "Type its name to confirm" }).fill("Beta");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: /Beta/ }).waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("link", { name: /Gamma/ }).waitFor();
    expect(await names.count()).toBe(1);
    for (const name of ["Delta", "Epsilon", "Zeta", "Eta"]) await client.post("/api/projects", { name });
    const { runId } = (await client.post("/api/projects/create-with-prompt", { prompt: "hello there" })).json();
    await ended(client, String(runId));
    await page.reload();
    await page.getByRole("link", { name: /hello there.*Done/i }).waitFor();
    await page.getByRole("searchbox", { name: "Search projects" }).fill("THERE hello");
    await expect.poll(() => names.count()).toBe(1);
    await page.getByRole("searchbox", { name: "Search projects" }).fill("nowhere");
    await page.getByText('No results for "nowhere"').first().waitFor();
    await page.getByRole("button", { name: "Show all projects" }).click();
    await expect.poll(() => names.count()).toBe(6);
    await page.getByRole("combobox", { name: "Show" }).selectOption("Failed");
    await page.getByText("No projects in this state").first().waitFor();
    await inBothThemes(page, () => expectNothingBad(page));
    expect(errors).toEqual([]);
    await context.close();
  });

  test("what a person wanted before signing in is done afterwards", async () => {
    const { page, context, errors } = await profile(app.browser, { origin: app.url });
    const signInAs = async (name: string) => {
      await page.getByRole("dialog", { name: "Sign in" }).getByRole("textbox", { name: "Name" }).fill(name);
      await page.keyboard.press("Enter");
    };
    const signOut = async () => {
      await page.getByRole("button", { name: /settings and sign out/ }).click();
      await page.getByRole("menuitem", { name: "Sign out" }).click();
      await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    };
    await page.goto("/");
    await page.getByRole("button", { name: "Import repository" }).click();
    await signInAs("Wisher");
    await page.getByRole("dialog", { name: /Import/ }).waitFor();
    await page.keyboard.press("Escape");
    await signOut();

    await page.getByRole("button", { name: "Blank project" }).click();
    await signInAs("Wisher");
    await page.waitForURL(/\/projects\/prj_/);
    await page.goto("/");
    await signOut();

    // A sign-in that was given up does nothing later.
    const prompt = page.getByRole("textbox", { name: "What do you want to build?" });
    await prompt.fill("hello with a file");
    const dropFile = async () => {
      const data = await page.evaluateHandle(() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File(["the log says ouch"], "log.txt", { type: "text/plain" }));
        return transfer;
      });
      await prompt.dispatchEvent("drop", { dataTransfer: data });
    };
    await dropFile();
    await page.getByRole("button", { name: "Remove log.txt" }).waitFor();
    await prompt.press("Enter");
    await page.getByRole("dialog", { name: "Sign in" }).getByRole("textbox", { name: "Name" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await signInAs("Wisher");
    await page.getByRole("heading", { name: "Projects" }).waitFor();
    expect(await prompt.inputValue()).toBe("hello with a file");
    await signOut();

    await dropFile();
    await page.getByRole("button", { name: "Remove log.txt" }).waitFor();
    await prompt.press("Enter");
    await signInAs("Wisher");
    await page.waitForURL(/\/projects\/prj_/);
    await page.getByRole("log").getByText("hello with a file").waitFor();
    await page.getByRole("log").getByRole("link", { name: "log.txt" }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("pages say in their titles what they are about", async () => {
    const client = await signIn(app.url, { name: "Titled", role: "admin" });
    const project = await projectWith(client, { "a.ts": "a" });
    const { page, context } = await profile(app.browser, { origin: app.url, client });
    for (const [path, title] of [
      ["/", "Slipway"],
      ["/settings", "Settings · Slipway"],
      ["/admin", "People and plans · Slipway"],
      ["/nowhere", "Page not found · Slipway"],
      [`/projects/${project}`, "Test project · Slipway"],
      ["/projects/prj_00000000000000000000000000", "Page not found · Slipway"],
    ] as const) {
      const reply = await page.goto(path);
      expect(await reply?.text()).toContain(`<title>${title}</title>`);
      await expect.poll(() => page.title()).toBe(title);
    }
    await page.goto(`/projects/${project}`);
    await file(page, "a.ts").waitFor();
    await client.request("PATCH", `/api/projects/${project}`, { body: { name: "Renamed elsewhere" } });
    await expect.poll(() => page.title()).toBe("Renamed elsewhere · Slipway");
    await context.close();
  });

  test("a browser that forbids its stores still opens, edits and saves files, in the system's theme", async () => {
    const client = await signIn(app.url, { name: "Private" });
    const project = await projectWith(client, { "a.txt": "one\n" });
    const { page, context, errors } = await profile(app.browser, { origin: app.url, client, theme: "dark" });
    await page.addInitScript(() => {
      for (const name of ["localStorage", "sessionStorage", "indexedDB"])
        Object.defineProperty(window, name, {
          get() {
            throw new DOMException("The store is forbidden.", "SecurityError");
          },
        });
    });
    await page.goto("/");
    await page.getByRole("heading", { name: "Projects" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
    await page.goto(`/projects/${project}`);
    await file(page, "a.txt").click();
    await editor(page, "a.txt").press("Control+End");
    await page.keyboard.type("two");
    await saved(page).waitFor();
    await expect.poll(() => textOf(client, project, "a.txt")).toBe("one\ntwo");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a keyboard reaches the content of every page past its header", async () => {
    const client = await signIn(app.url, { name: "Skipper", role: "admin" });
    const project = await projectWith(client, { "a.ts": "a" });
    const { page, context } = await profile(app.browser, { origin: app.url, client });
    for (const path of ["/", "/settings", "/admin", "/nowhere", `/projects/${project}`]) {
      await page.goto(path);
      await expect.poll(() => page.evaluate(pressQuestionMark)).toBe("handled");
      await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor({ state: "detached" });
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await page.keyboard.press("Tab");
      await page.getByRole("link", { name: "Skip to content" }).press("Enter");
      await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("main");
    }
    await context.close();
  });

  test("saves a project's settings and renames it in its bar", async () => {
    const { client, project, page, context } = await app.open({ name: "Setter" }, { "a.txt": "a" });
    await page.getByRole("button", { name: "Project settings" }).click();
    await page.getByRole("textbox", { name: "Test command" }).fill("npm test");
    await page.getByLabel("Risky actions").selectOption("deny");
    await expectNothingBad(page);
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByText("Project settings saved").waitFor();
    const { settings } = (await client.get(`/api/projects/${project}`)).json();
    expect(settings).toMatchObject({ testCommand: "npm test", approvalPolicy: "deny" });
    await page.getByRole("button", { name: "Test project" }).click();
    await page.getByRole("textbox", { name: "Project name" }).fill("Renamed");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Test project" }).click();
    await page.getByRole("textbox", { name: "Project name" }).fill("Renamed");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Renamed", exact: true }).waitFor();
    await expect.poll(async () => (await client.get(`/api/projects/${project}`)).json().name).toBe("Renamed");
    await context.close();
  });

  test("shows that the server is unreachable, keeps edits, and saves them on reconnect", async () => {
    const { client, project, page, context } = await app.open({ name: "Traveller" }, { "a.txt": "one\n" });
    await file(page, "a.txt").click();
    await editor(page, "a.txt").waitFor();
    await context.setOffline(true);
    await editor(page, "a.txt").press("Control+End");
    await page.keyboard.type("two");
    await page.getByText("1 edit kept").waitFor();
    await context.setOffline(false);
    await saved(page).waitFor();
    expect(await textOf(client, project, "a.txt")).toBe("one\ntwo");
    await context.close();
  });

  test("a failed sign-in says why, once, and offers a retry", async () => {
    const { page, context, errors } = await profile(app.browser, { origin: app.url });
    const dialog = page.getByRole("dialog", { name: "Sign in" });
    await page.goto("/?error=AccessDenied");
    await dialog
      .getByRole("alert")
      .getByText(/Ask an admin to add/)
      .waitFor();
    await dialog.getByRole("button", { name: "Continue" }).waitFor();
    await expectNothingBad(page);
    await screenshot(page, "sign-in-refused");
    expect(new URL(page.url()).search).toBe("");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await dialog.getByRole("button", { name: "Continue" }).waitFor();
    expect(await dialog.getByRole("alert").count()).toBe(0);
    await page.goto("/?error=Whatever");
    await dialog.getByRole("alert").getByText("Sign-in failed. Try again.").waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a session that expires during typing loses nothing", async () => {
    const { client, project, page, context } = await app.open({ name: "Expired" }, { "a.txt": "one\n" });
    await file(page, "a.txt").click();
    await editor(page, "a.txt").press("Control+End");
    await client.post("/api/me/sign-out-everywhere");
    await page.keyboard.type("two");
    const dialog = page.getByRole("dialog", { name: "Sign in again" });
    await dialog.getByText("What you typed is kept in this browser").waitFor();
    await dialog.getByRole("textbox", { name: "Name" }).fill("Expired");
    await page.keyboard.press("Enter");
    await editor(page, "a.txt").getByText("two").waitFor();
    await saved(page).waitFor();
    const again = await signIn(app.url, { name: "Expired" });
    expect(await textOf(again, project, "a.txt")).toBe("one\ntwo");
    await context.close();
  });

  test("changes name, theme, editor settings and plan, and signs out everywhere", async () => {
    const client = await signIn(app.url, { name: "Settled", plan: "free" });
    const { runId } = (await client.post("/api/projects/create-with-prompt", { prompt: "hello" })).json();
    await ended(client, String(runId));
    const { page, context, errors } = await profile(app.browser, { origin: app.url, client });
    await page.goto("/settings");
    await page.getByText("1 of 5 runs used this month").waitFor();
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `settings-${theme}`);
    });
    await page.getByRole("textbox", { name: "Name" }).fill("Settled Down");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Name saved.").waitFor();
    await page.getByRole("radio", { name: "Dark" }).check();
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
    await page.getByRole("combobox", { name: "Text size", exact: true }).selectOption("16");
    await page.getByRole("switch", { name: /Minimap/ }).uncheck();
    await page.getByRole("button", { name: "Ask for Pro" }).click();
    await page.getByText("Request sent to your admins").waitFor();
    await page.reload();
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
    await page.getByText("Request sent to your admins").waitFor();
    expect(await page.getByRole("switch", { name: /Minimap/ }).isChecked()).toBe(false);
    await page.getByRole("button", { name: "Sign out on all devices" }).click();
    await page.getByRole("button", { name: "Yes, sign out on all devices" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    expect((await client.get("/api/me")).status).toBe(401);
    // An inbox request may be in flight when the session ends.
    expect(errors.filter((text) => !text.includes("401"))).toEqual([]);
    await context.close();
  });

  test("admins answer requests, set limits and see the audit; others cannot open the page", async () => {
    const admin = await signIn(app.url, { name: "Chief", role: "admin" });
    const asker = await signIn(app.url, { name: "Wanting", plan: "free" });
    await asker.post("/api/me/plan-request");
    const { page, context, errors } = await profile(app.browser, { origin: app.url, client: admin });
    await page.goto("/");
    // Another admin's test may have left requests.
    await page.getByRole("button", { name: /Inbox: \d+ requests?/ }).click();
    const inbox = page.getByRole("dialog", { name: "Inbox" });
    await inbox.getByText("Wanting asks for Pro").waitFor();
    await expectNothingBad(page);
    await inbox.getByRole("listitem").filter({ hasText: "Wanting" }).getByRole("link", { name: "Answer" }).click();
    await page.waitForURL("**/admin");
    const request = page
      .getByRole("region", { name: "Requests for more runs" })
      .getByRole("listitem")
      .filter({ hasText: "Wanting" });
    await request.getByRole("button", { name: "Give Pro" }).click();
    await page.getByText("Chief changed the plan of Wanting: free → pro").waitFor();
    expect((await asker.get("/api/agent/usage")).json()).toMatchObject({ plan: "pro", limit: 15 });
    await page.getByRole("spinbutton", { name: /Own limit of Wanting/ }).fill("99");
    await page.keyboard.press("Tab");
    await page.getByText("Chief changed the limit of Wanting: as the plan → 99").waitFor();
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `admin-${theme}`);
    });
    expect(errors).toEqual([]);
    await context.close();
    const other = await profile(app.browser, { origin: app.url, client: asker });
    await other.page.goto("/admin");
    await other.page.getByText("Only admins of the team can do that.").waitFor();
    await other.context.close();
  });

  test("the palette shows commands and files before the list of projects is there", async () => {
    const { page, context } = await app.open({ name: "Hasty" }, { "src/a.ts": "a" });
    await file(page, "src").click();
    await file(page, "a.ts").click();
    await editor(page, "src/a.ts").waitFor();
    let answer = () => {};
    const asked = new Promise<void>((resolve) => (answer = resolve));
    await page.route("**/api/projects", async (route) => {
      await asked;
      await route.continue();
    });
    await page.keyboard.press("Control+k");
    const option = (name: RegExp) => page.getByRole("option", { name });
    await option(/^a\.ts/).waitFor();
    await option(/New project/).waitFor();
    expect(await option(/Test project/).count()).toBe(0);
    answer();
    await option(/Test project/).waitFor();
    await page.keyboard.press("Escape");
    for (const keys of ["F1", "Control+Shift+p"]) {
      await page.keyboard.press(keys);
      await option(/Split editor/).waitFor();
      expect(await page.getByRole("combobox").inputValue()).toBe(">");
      expect(await option(/^a\.ts/).count()).toBe(0);
      await page.keyboard.press("Escape");
    }
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill("local history");
    await page.keyboard.press("Enter");
    await page.getByRole("listbox", { name: "Versions of src/a.ts" }).waitFor();
    await context.close();
  });

  test("Blank project makes one project, however often it is pressed, and shows its files", async () => {
    const client = await signIn(app.url, { name: "Double" });
    const before = await projectWith(client, { "a.txt": "a" });
    const { page, context, errors } = await profile(app.browser, { origin: app.url, client });
    await page.goto(`/projects/${before}`);
    await page.getByRole("button", { name: "Source control" }).click();
    await page.getByRole("link", { name: "Home" }).click();
    await page.getByRole("link", { name: /Test project/ }).waitFor();
    await page.setViewportSize(phone);
    const examples = page.getByRole("list", { name: "Examples" }).getByRole("button");
    const overflows = (chip: HTMLElement) => chip.scrollHeight > chip.clientHeight;
    for (const chip of await examples.all()) expect(await chip.evaluate(overflows)).toBe(false);
    await page.setViewportSize(desktop);
    await page.getByRole("button", { name: "Blank project" }).dblclick();
    await page.getByText("No files yet.").waitFor();
    const { projects } = (await client.get("/api/projects")).json();
    expect(projects).toHaveLength(2);
    expect(errors).toEqual([]);
    await context.close();
  });
});

/** Runs in the page. A handled shortcut prevents the default. */
function pressQuestionMark(): string {
  const press = new KeyboardEvent("keydown", { key: "?", bubbles: true, cancelable: true });
  return document.body.dispatchEvent(press) ? "ignored" : "handled";
}
