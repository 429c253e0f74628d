import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launch, phone, profile, screenshot } from "../support/browser.ts";
import { signIn, type Client } from "../support/client.ts";
import type { Cloud } from "../support/cloud.ts";
import { commitTo, git, gitText, type SeedFile } from "../support/git.ts";
import { cloudWithGitHub, connect, importFrom, type GitHubPeer } from "../support/github.ts";
import { conversation, editor, expectNothingBad, file, inBothThemes, message, saved, textOf } from "../support/page.ts";

/** From a repository to a pull request, in a browser. */

describe.skipIf(chromiumPath === undefined)("GitHub", () => {
  let cloud: Cloud;
  let peer: GitHubPeer;
  let remove: () => Promise<void>;
  let browser: Browser;
  beforeAll(async () => {
    [{ cloud, peer, remove }, browser] = await Promise.all([cloudWithGitHub(), launch()]);
  });
  afterAll(async () => {
    await browser.close();
    await remove();
  });

  async function repository(name: string, files: SeedFile[], options: { isPrivate?: boolean; branch?: string } = {}) {
    const directory = await peer.createRepository("octo", name, options);
    await commitTo(directory, options.branch ?? "main", files);
    return directory;
  }
  const importDialog = (page: Page) => page.getByRole("dialog", { name: "Import from GitHub" });
  const panel = (page: Page) => page.getByRole("region", { name: "Source control", exact: true });
  async function open(client: Client, path: string, options: { viewport?: { width: number; height: number } } = {}) {
    const { page, context, errors } = await profile(browser, { origin: cloud.url, client, ...options });
    await page.goto(path);
    return { page, context, errors };
  }

  test("imports a URL, lets the agent edit, and opens a pull request with one button", async () => {
    const directory = await repository(
      "journey",
      [
        { path: "README.md", data: "# Journey\n\nHello.\n" },
        { path: "src/index.ts", data: 'export const greeting = "Hello";\n' },
        { path: "run.sh", data: "#!/bin/sh\n", mode: "100755" },
        { path: "link", data: "README.md", mode: "120000" },
      ],
      { isPrivate: true, branch: "trunk" },
    );
    const client = await signIn(cloud.url, { name: "Journey" });
    const { page, context, errors } = await open(client, "/");
    await page.getByRole("button", { name: "Import repository" }).waitFor();
    await page.keyboard.press("Control+i");
    const address = importDialog(page).getByRole("textbox", { name: "Repository" });
    await address.fill("https://elsewhere.test/octo/journey");
    await importDialog(page)
      .getByText(/Only repositories of/)
      .waitFor();
    await expect.poll(() => importDialog(page).getByRole("button", { name: "Import" }).isDisabled()).toBe(true);
    await address.fill("octo/journey");
    await importDialog(page).getByText("octo/journey, default branch").waitFor();
    await address.press("Enter");
    // A private repository without a connection: offers to connect and returns to the same dialog.
    await importDialog(page)
      .getByRole("alert")
      .getByText(/If it is private, connect GitHub/)
      .waitFor();
    await screenshot(page, "github-connect-light");
    await inBothThemes(page, () => expectNothingBad(page));
    await importDialog(page).getByRole("button", { name: "Connect GitHub", exact: true }).click();
    await page.getByText("GitHub connected").waitFor();
    await expect.poll(() => address.inputValue()).toBe("octo/journey");
    await importDialog(page).getByText("Connected as octo.").waitFor();
    await importDialog(page).getByRole("button", { name: "Import", exact: true }).click();

    await file(page, "README.md").waitFor();
    await page.getByRole("heading", { name: "journey", level: 1 }).waitFor();
    await page.getByRole("button", { name: "Source control", exact: true }).click();
    await panel(page).getByText("octo/journey").first().waitFor();
    await panel(page).getByText("No changes since last sync.").waitFor();
    await panel(page).getByText("Imported 3 files.").waitFor();
    await panel(page).getByRole("button", { name: "1 entry not imported" }).click();
    await page
      .getByRole("dialog", { name: "Not imported" })
      .getByText(/A symbolic link/)
      .waitFor();
    await page.keyboard.press("Escape");
    await panel(page).getByRole("button", { name: "Dismiss" }).click();

    await message(page).fill('Replace "Hello" with "Good day" in all files');
    await message(page).press("Enter");
    await conversation(page)
      .getByText(/Good day/)
      .first()
      .waitFor();
    await panel(page)
      .getByRole("button", { name: /index\.ts/ })
      .waitFor();
    await panel(page)
      .getByRole("button", { name: /index\.ts/ })
      .click();
    await page.getByRole("textbox", { name: "Changes of src/index.ts" }).getByText("Good day").first().waitFor();
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `github-changes-${theme}`);
    });
    await panel(page).getByRole("button", { name: "Open pull request" }).click();
    const dialog = page.getByRole("dialog", { name: "Open a pull request" });
    await expect.poll(() => dialog.getByRole("textbox", { name: "Title" }).inputValue()).toContain("Replace");
    await dialog.getByRole("textbox", { name: "Title" }).fill("Greet politely");
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `github-pull-request-${theme}`);
    });
    await dialog.getByRole("button", { name: "Open pull request" }).click();
    await panel(page)
      .getByText(/Pull request #1 has/)
      .waitFor();
    const link = panel(page).getByRole("link", { name: "View on GitHub" });
    expect(await link.getAttribute("href")).toBe(`${peer.url}/octo/journey/pull/1`);
    await panel(page).getByText("No changes since last sync.").waitFor();

    const [pull] = peer.pulls("octo", "journey");
    expect(pull).toMatchObject({ title: "Greet politely", base: "trunk", author: "octo", state: "open" });
    expect(pull?.body).toContain("src/index.ts");
    const branch = pull?.head ?? "";
    expect((await gitText(directory, "diff", "--name-only", "trunk", branch)).split("\n").toSorted()).toEqual([
      "README.md",
      "src/index.ts",
    ]);
    expect(await gitText(directory, "show", `${branch}:src/index.ts`)).toBe('export const greeting = "Good day";');
    expect(await gitText(directory, "ls-tree", branch, "link")).toContain("120000");
    expect(await gitText(directory, "fsck", "--full", "--strict").catch(String)).not.toMatch(/error/i);

    // Another edit is another commit on the same branch.
    await page.getByRole("button", { name: "Files", exact: true }).click();
    await file(page, "README.md").click();
    await editor(page, "README.md").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("More.");
    await saved(page).waitFor();
    await page.getByRole("button", { name: "Source control", exact: true }).click();
    await panel(page).getByRole("button", { name: "Commit to #1" }).click();
    await page
      .getByRole("dialog", { name: "Commit to pull request #1" })
      .getByRole("button", { name: "Add commit" })
      .click();
    await expect.poll(() => gitText(directory, "rev-list", "--count", `trunk..${branch}`)).toBe("2");
    await panel(page).getByText("Pull request #1 has 1 file.").waitFor();
    expect(errors.filter((error) => !/403|Failed to load resource/.test(error))).toEqual([]);
    await context.close();
  });

  test("an import shows progress, can be cancelled, and on failure says why and retries", async () => {
    await repository(
      "slow",
      Array.from({ length: 4000 }, (_, at) => ({ path: `d${at % 30}/f${at}.txt`, data: `${at} `.repeat(500) })),
    );
    const cancelled = Promise.withResolvers<void>();
    peer.archiveAfter = cancelled.promise;
    const client = await signIn(cloud.url, { name: "Slow" });
    const { page, context } = await open(client, "/?import=octo%2Fslow");
    await importDialog(page).getByRole("button", { name: "Import", exact: true }).click();
    await page.getByRole("heading", { name: "Importing slow" }).waitFor();
    await expect.poll(() => page.getByText(/\d of 4,000 files · .* of .* MB/).count()).toBe(1);
    // The tree is there before its contents.
    const tree = page.getByRole("list", { name: "Files of the repository" });
    await tree.getByRole("button", { name: /^d29/ }).click();
    await page.getByRole("list", { name: "Files of d29", exact: true }).getByText("f29.txt", { exact: true }).waitFor();
    await expectNothingBad(page);
    await screenshot(page, "github-importing-light");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Import repository" }).waitFor();
    cancelled.resolve();

    peer.intercept = ({ path }) =>
      path.includes("/tarball/") ? { status: 404, body: { message: "Gone" } } : undefined;
    await page.keyboard.press("Control+i");
    await importDialog(page).getByRole("textbox").fill("octo/slow");
    await importDialog(page).getByRole("textbox").press("Enter");
    await page.getByRole("heading", { name: /Not imported: slow/ }).waitFor();
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `github-failed-${theme}`);
    });
    await page.goto("/");
    await page.getByText("Import failed").waitFor();
    await page.getByRole("link", { name: /slow/ }).click();
    peer.intercept = undefined;
    await page.getByRole("button", { name: "Retry" }).click();
    await page.getByRole("treeitem", { name: "d0" }).waitFor();
    await context.close();
  });

  test("a pull merges, asks per conflicting file, and can be undone", async () => {
    const directory = await repository("both", [
      { path: "ours.txt", data: "base\n" },
      { path: "both.txt", data: "base\n" },
      { path: "image.bin", data: Buffer.from([0, 1, 2]) },
    ]);
    const client = await signIn(cloud.url, { name: "Both" });
    await connect(client);
    const { project } = await importFrom(client, "octo/both");
    const edit = (path: string, content: string) =>
      client.request("PUT", `/api/projects/${project}/files/${path}`, {
        body: { content },
        headers: { "if-match": "1" },
      });
    expect((await edit("both.txt", "mine\n")).status).toBe(200);
    expect((await edit("ours.txt", "kept\n")).status).toBe(200);
    await commitTo(
      directory,
      "main",
      [
        { path: "both.txt", data: "theirs\n" },
        { path: "new.txt", data: "new\n" },
      ],
      {
        keep: true,
      },
    );
    const { page, context, errors } = await open(client, `/projects/${project}`);
    await file(page, "both.txt").waitFor();
    await page.keyboard.press("Control+Shift+g");
    await panel(page).getByRole("button", { name: "Pull", exact: true }).click();
    await panel(page)
      .getByText(/One file was changed on both sides/)
      .waitFor();
    await panel(page).getByRole("button", { name: "Show difference" }).click();
    await panel(page).getByRole("textbox", { name: "Mine and theirs of both.txt" }).waitFor();
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `github-conflict-${theme}`);
    });
    expect(await textOf(client, project, "both.txt")).toBe("mine\n");
    await panel(page)
      .getByRole("radio", { name: /Use theirs/ })
      .check();
    await panel(page).getByRole("button", { name: "Continue" }).click();
    await page.getByText("Pulled 2 files.").first().waitFor();
    expect(await textOf(client, project, "both.txt")).toBe("theirs\n");
    expect(await textOf(client, project, "ours.txt")).toBe("kept\n");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => textOf(client, project, "both.txt")).toBe("mine\n");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("picks one of the person's repositories, switches its branch, discards a file, and commits with a message", async () => {
    const directory = await repository("picked", [
      { path: ".gitignore", data: "dist/\n" },
      { path: "a.txt", data: "one\n" },
      { path: "b.txt", data: "one\n" },
    ]);
    await git(directory, ["update-ref", "refs/heads/feature/two", "refs/heads/main"]);
    await commitTo(directory, "feature/two", [{ path: "feature.txt", data: "only here\n" }], { keep: true });
    const client = await signIn(cloud.url, { name: "Picks" });
    await connect(client);
    const { page, context, errors } = await open(client, "/");
    await page.getByRole("button", { name: "Import repository" }).waitFor();
    await page.keyboard.press("Control+i");
    const own = importDialog(page).getByRole("region", { name: "Your repositories" });
    await own.getByRole("button", { name: "octo/picked" }).waitFor();
    await importDialog(page).getByRole("textbox").fill("pick");
    await expect.poll(() => own.getByRole("button").count()).toBe(1);
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `github-pick-${theme}`);
    });
    await own.getByRole("button", { name: "octo/picked" }).click();
    await importDialog(page).getByText("octo/picked, default branch").waitFor();
    await importDialog(page).getByRole("button", { name: "Import", exact: true }).click();
    await file(page, "a.txt").waitFor();
    const project = page.url().split("/").at(-1)?.split("?")[0] ?? "";
    const put = (path: string, content: string, rev?: number) =>
      client.request("PUT", `/api/projects/${project}/files/${path}`, {
        body: { content },
        headers: rev === undefined ? {} : { "if-match": String(rev) },
      });
    expect((await put("a.txt", "two\n", 1)).status).toBe(200);
    expect((await put("b.txt", "two\n", 1)).status).toBe(200);
    expect((await put("dist/out.js", "built\n")).status).toBe(200);
    expect((await put(".env", "PASSWORD=x\n")).status).toBe(200);

    await page.getByRole("button", { name: "Source control", exact: true }).click();
    await panel(page).getByText("Changes · 3").waitFor();
    await panel(page).getByRole("button", { name: "Branch main: switch" }).click();
    const branches = page.getByRole("dialog", { name: "Switch branch" });
    await branches.getByRole("button", { name: "feature/two" }).click();
    await panel(page).getByRole("button", { name: "Branch feature/two: switch" }).waitFor();
    expect(await textOf(client, project, "feature.txt")).toBe("only here\n");
    expect(await textOf(client, project, "a.txt")).toBe("two\n");

    await panel(page)
      .getByRole("listitem")
      .filter({ hasText: "b.txt" })
      .getByRole("button", { name: "Discard changes" })
      .click();
    await panel(page).getByText("Changes · 2").waitFor();
    expect(await textOf(client, project, "b.txt")).toBe("one\n");
    await page.getByRole("button", { name: "Undo" }).last().click();
    await panel(page).getByText("Changes · 3").waitFor();
    expect(await textOf(client, project, "b.txt")).toBe("two\n");
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `github-source-${theme}`);
    });

    await panel(page)
      .getByRole("textbox", { name: "Describe changes" })
      .fill("Two everywhere\n\nBecause one was not enough.");
    await panel(page).getByRole("button", { name: "Open pull request" }).click();
    const dialog = page.getByRole("dialog", { name: "Open a pull request" });
    await expect.poll(() => dialog.getByRole("textbox", { name: "Title" }).inputValue()).toBe("Two everywhere");
    await dialog.getByText("Branches").click();
    await dialog.getByRole("textbox", { name: "New branch" }).fill("two..bad");
    await dialog.getByText("This is not a name for a branch.").waitFor();
    await dialog.getByRole("textbox", { name: "New branch" }).fill("two/everywhere");
    await dialog.getByRole("combobox", { name: "Into" }).selectOption("main");
    await expectNothingBad(page);
    await screenshot(page, "github-branches-light");
    await dialog.getByRole("button", { name: "Open pull request" }).click();
    await panel(page)
      .getByText(/One file looks like a secret/)
      .waitFor();
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `github-secret-${theme}`);
    });
    await panel(page)
      .getByRole("radio", { name: /Leave it out/ })
      .check();
    await panel(page).getByRole("button", { name: "Continue" }).click();
    await panel(page)
      .getByText(/Pull request #1 has/)
      .waitFor();
    expect(peer.pulls("octo", "picked")).toMatchObject([{ head: "two/everywhere", base: "main" }]);

    expect(
      (await put("a.txt", "three\n", Number((await client.get(`/api/projects/${project}/files/a.txt`)).json().rev)))
        .status,
    ).toBe(200);
    await panel(page).getByRole("textbox", { name: "Describe changes" }).fill("Three");
    await expect.poll(() => panel(page).getByRole("button", { name: "Commit to #1" }).isEnabled()).toBe(true);
    await page.keyboard.press("Control+Enter");
    // The same question, as the file is still here.
    await panel(page)
      .getByText(/One file looks like a secret/)
      .waitFor();
    await panel(page)
      .getByRole("radio", { name: /Leave it out/ })
      .check();
    await panel(page).getByRole("button", { name: "Continue" }).click();
    await expect.poll(() => gitText(directory, "log", "-1", "--format=%s", "two/everywhere")).toBe("Three");
    expect(await gitText(directory, "diff", "--name-only", "main", "two/everywhere")).toBe("a.txt\nb.txt\nfeature.txt");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("publishes a project made from a prompt to a new repository, also on a phone", async () => {
    const client = await signIn(cloud.url, { name: "Fresh" });
    const project = String((await client.post("/api/projects", { name: "My first thing" })).json().id);
    await client.request("PUT", `/api/projects/${project}/files/a.txt`, { body: { content: "a\n" } });
    const { page, context } = await open(client, `/projects/${project}`, { viewport: phone });
    await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: "Files" }).click();
    await page.getByRole("button", { name: "Source control", exact: true }).click();
    await panel(page)
      .getByText(/not on GitHub yet/)
      .waitFor();
    await panel(page).getByRole("button", { name: "New repository" }).click();
    const dialog = page.getByRole("dialog", { name: "Export to a new repository" });
    expect(await dialog.getByRole("textbox", { name: "Name" }).inputValue()).toBe("My-first-thing");
    await dialog.getByRole("textbox", { name: "Name" }).fill("no spaces");
    expect(await dialog.getByRole("button", { name: "Export" }).isDisabled()).toBe(true);
    await dialog.getByRole("textbox", { name: "Name" }).fill("first-thing");
    await dialog.getByRole("button", { name: "Export" }).click();
    await dialog.getByRole("button", { name: "Connect GitHub" }).click();
    // Returns to the same dialog.
    await page.getByText("GitHub connected").waitFor();
    await expect.poll(() => dialog.getByRole("textbox", { name: "Name" }).inputValue()).toBe("first-thing");
    await expectNothingBad(page);
    await screenshot(page, "github-new-repository-phone");
    await dialog.getByRole("button", { name: "Export" }).click();
    await panel(page).getByText("octo/first-thing has 1 file.").waitFor();
    await screenshot(page, "github-exported-phone");
    expect(await gitText(peer.directory("octo", "first-thing"), "show", "main:a.txt")).toBe("a");
    await page.goto("/settings");
    const section = page.getByRole("region", { name: "GitHub" });
    await section.getByText("octo").waitFor();
    await expectNothingBad(page);
    await section.getByRole("button", { name: "Disconnect" }).click();
    await page.getByText("Disconnected, here and on GitHub.").waitFor();
    await section.getByRole("button", { name: "Connect GitHub" }).waitFor();
    await context.close();
  });
});
