import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launch, profile, screenshot } from "../support/browser.ts";
import { signIn, type Client } from "../support/client.ts";
import { cloudWith, type Cloud } from "../support/cloud.ts";
import { editor, expectNothingBad, file, inBothThemes, message, projectWith, saved } from "../support/page.ts";

/** Previews without a sandbox: pages, Markdown and images of a project beside its files. */

const index = `<!doctype html>
<html lang="en"><head><title>Counter</title><link rel="stylesheet" href="/css/site.css"></head>
<body><div><h1>Counter</h1><output>0</output><button>Add</button><a href="docs/guide.md">Guide</a></div>
<script type="module" src="./app.js"></script></body></html>`;
const app = `import { step } from "./step.js";
let count = Number(localStorage.getItem("count") ?? 0);
const show = () => (document.querySelector("output").textContent = String(count));
document.querySelector("button").addEventListener("click", () => {
  count += step;
  localStorage.setItem("count", String(count));
  show();
});
show();
`;

describe.skipIf(chromiumPath === undefined)("a preview", () => {
  let cloud: Cloud & { remove(): Promise<void> };
  let browser: Browser;
  let client: Client;
  beforeAll(async () => {
    [cloud, browser] = await Promise.all([cloudWith({ demoPace: 0 }), launch()]);
    client = await signIn(cloud.url, { name: "Previewer", plan: "pro" });
  });
  afterAll(async () => {
    await browser.close();
    await cloud.remove();
  });

  const frame = (page: Page) => page.frameLocator("iframe");
  const open = async (page: Page, name: string) => {
    await file(page, name).dblclick();
    await page.getByRole("button", { name: "Open preview" }).click();
  };

  test("runs a static site with modules and storage, live as its files change", async () => {
    const project = await projectWith(client, {
      "index.html": index,
      "app.js": app,
      "step.js": "export const step = 2;\n",
      "css/site.css": "h1 { color: rgb(1, 2, 3); }\n",
      "docs/guide.md": "# The guide\n\nWords.\n",
    });
    const { page, context, errors } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await open(page, "index.html");
    // Told once the page's modules have run.
    await page.getByTitle("Preview of Counter").waitFor();
    await frame(page).getByRole("button", { name: "Add" }).click();
    await frame(page).getByText("2", { exact: true }).waitFor();
    await inBothThemes(page, async (theme) => {
      await expectNothingBad(page);
      await screenshot(page, `preview-${theme}`);
    });

    // A style is swapped in place; a script loads the page anew, and its storage stays.
    const put = async (path: string, content: string) => {
      const { rev } = (await client.get(`/api/projects/${project}/files/${path}`)).json();
      const headers = { "if-match": `"${String(rev)}"` };
      await client.request("PUT", `/api/projects/${project}/files/${path}`, { body: { content }, headers });
    };
    await put("css/site.css", "h1 { color: rgb(4, 5, 6); }\n");
    const color = () =>
      frame(page)
        .locator("h1")
        .evaluate((heading) => getComputedStyle(heading).color);
    await expect.poll(color).toBe("rgb(4, 5, 6)");
    expect(await frame(page).locator("output").textContent()).toBe("2");
    await put("step.js", "export const step = 10;\n");
    await expect
      .poll(async () => {
        await frame(page).getByRole("button", { name: "Add" }).click();
        return Number(await frame(page).locator("output").textContent());
      })
      .toBeGreaterThan(11);

    // Links, the way back, and an address by hand.
    await frame(page).getByRole("link", { name: "Guide" }).click();
    await frame(page).getByRole("heading", { name: "The guide" }).waitFor();
    const address = page.getByRole("textbox", { name: "Address in the project" });
    await expect.poll(() => address.inputValue()).toBe("docs/guide.md");
    await page.getByRole("button", { name: "Back", exact: true }).click();
    await frame(page).getByRole("heading", { name: "Counter" }).waitFor();
    // At its first page there is nothing before it: the app stays.
    await page.getByRole("button", { name: "Back", exact: true }).click();
    await page.getByRole("button", { name: "Back", exact: true }).click();
    await frame(page).getByRole("heading", { name: "Counter" }).waitFor();
    expect(page.url()).toContain(project);
    await address.fill("/docs/");
    await address.press("Enter");
    await frame(page).getByRole("link", { name: "guide.md" }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("shows what fails on a page, and hands it to the agent", async () => {
    const project = await projectWith(client, {
      "index.html": `<script src="gone.js"></script><script type="module" src="main.tsx"></script><script>nothing.here()</script>`,
      "main.tsx": "export {};\n",
    });
    const { page, context } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await open(page, "index.html");
    await page.getByRole("button", { name: "3 problems" }).click();
    const problems = page.getByRole("region", { name: "Problems on the page" });
    await problems.getByText("gone.js could not be loaded.").waitFor();
    await problems.getByText("main.tsx needs a build step. Previews show files as they are.").waitFor();
    await problems.getByText(/nothing is not defined \(index\.html:1\)/).waitFor();
    await screenshot(page, "preview-problems");
    await problems.getByRole("button", { name: "Ask the agent to fix" }).click();
    await expect.poll(() => message(page).inputValue()).toContain("nothing is not defined");
    expect(await message(page).inputValue()).toContain("@index.html");
    await context.close();
  });

  test("of a hostile page cannot reach the app, its tab or its cookies", async () => {
    const project = await projectWith(client, {
      "index.html": `<p id="out"></p><script>
        const out = [];
        const attempt = (name, run) => { try { out.push(name + ":" + run()); } catch (error) { out.push(name + ":refused"); } };
        attempt("document", () => parent.document.title);
        attempt("storage", () => parent.localStorage.length);
        attempt("top", () => { top.location = "about:blank"; return "navigated"; });
        attempt("cookie", () => document.cookie === "" ? "none" : "some");
        parent.postMessage({ type: "location", path: "x".repeat(5000), title: "y" }, "*");
        parent.postMessage({ type: "error", text: "<img src=x onerror=alert(1)>" }, "*");
        parent.postMessage("reload", "*");
        fetch("${cloud.url}/api/me", { credentials: "include" }).then(() => out.push("api:read"), () => out.push("api:refused"))
          .finally(() => { document.getElementById("out").textContent = out.join(" "); });
      </script>`,
    });
    const { page, context } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await open(page, "index.html");
    await frame(page).getByText("document:refused storage:refused top:refused cookie:none api:refused").waitFor();
    await page.getByRole("button", { name: /problem/ }).click();
    await page.getByText("<img src=x onerror=alert(1)>").waitFor();
    expect(page.url()).toContain(project);
    await context.close();
  });

  test("follows what is typed, and shows Markdown and SVG", async () => {
    const project = await projectWith(client, {
      "README.md": "# Before\n",
      "logo.svg": `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><title>Logo</title><circle r="4" cx="5" cy="5"/></svg>`,
    });
    const { page, context, errors } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await open(page, "README.md");
    await frame(page).getByRole("heading", { name: "Before" }).waitFor();
    await file(page, "README.md").dblclick();
    await editor(page, "README.md").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\nAfter **this**");
    await saved(page).waitFor();
    await page.keyboard.press("Alt+v");
    await frame(page).getByText("After this").waitFor();
    await open(page, "logo.svg");
    await frame(page).locator("circle").waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("is one click from an answer that made a page", async () => {
    const project = await projectWith(client, {});
    const { page, context, errors } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    await message(page).fill("Build a game of snake");
    await message(page).press("Enter");
    await page.getByRole("button", { name: "Preview", exact: true }).click();
    await frame(page).getByRole("heading", { name: "Snake" }).waitFor();
    await frame(page).getByRole("button", { name: "Start" }).waitFor();
    await screenshot(page, "preview-snake");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a file is shown whatever its name", async () => {
    const names = ["a#b.html", "what?.html", "100%.html", "%23.html", "größe 漢字.html"];
    const files = Object.fromEntries(names.map((name) => [name, `<title>T</title><h1>Page ${name}</h1>`]));
    const project = await projectWith(client, files);
    const { page, context } = await profile(browser, { origin: cloud.url, client });
    await page.goto(`/projects/${project}`);
    const panel = page.getByRole("tabpanel").filter({ has: page.locator("iframe") });
    for (const name of names) {
      await open(page, name);
      await frame(page)
        .getByRole("heading", { name: `Page ${name}` })
        .waitFor();
      // Reloaded, and gone to from the bar.
      await panel.getByRole("button", { name: "Reload" }).click();
      await frame(page)
        .getByRole("heading", { name: `Page ${name}` })
        .waitFor();
      await panel.getByRole("textbox", { name: "Address in the project" }).press("Enter");
      await frame(page)
        .getByRole("heading", { name: `Page ${name}` })
        .waitFor();
    }
    const popup = page.waitForEvent("popup");
    await panel.getByRole("link", { name: "Open in a new tab" }).click();
    await (await popup).getByRole("heading", { name: `Page ${names.at(-1)}` }).waitFor();
    await context.close();
  });
});
