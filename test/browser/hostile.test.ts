import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launch, profile } from "../support/browser.ts";
import { ended, signIn } from "../support/client.ts";
import { cloudWith, isTitle, lastText, speak, type Cloud } from "../support/cloud.ts";
import { conversation, message, projectWith } from "../support/page.ts";

/** Answers that want to harm the page that shows them: by calling out without a click, or by their shape. */

describe.skipIf(chromiumPath === undefined)("a hostile answer", () => {
  let cloud: Cloud & { remove(): Promise<void> };
  let browser: Browser;
  const answers = new Map<string, string>();
  const called: string[] = [];
  const canary = createServer((request, response) => {
    called.push(request.url ?? "");
    response.end();
  });
  let away = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => canary.listen(0, "127.0.0.1", resolve));
    away = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`;
    [cloud, browser] = await Promise.all([
      cloudWith({
        script: (request) =>
          speak({ text: isTitle(request) ? "A talk" : (answers.get(lastText(request)) ?? "Nothing to say.") }),
      }),
      launch(),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await cloud.remove();
    canary.close();
  });

  async function show(name: string, answer: string) {
    answers.set(name, answer);
    const client = await signIn(cloud.url, { name: "Target", plan: "pro" });
    const project = await projectWith(client, { "a.txt": "a" });
    const talk = String((await client.post(`/api/projects/${project}/conversations`)).json().id);
    const sent = (await client.post("/api/messages", { conversationId: talk, message: name })).json();
    await ended(client, String(sent.runId));
    const opened = await profile(browser, { origin: cloud.url, client });
    // Chromium does not log a violation whose exception is caught.
    await opened.page.addInitScript(() =>
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
        reportError(new Error(`policy: ${violatedDirective} ${blockedURI}`)),
      ),
    );
    await opened.page.goto(`/projects/${project}`);
    return opened;
  }

  test("loads nothing from elsewhere: HTML is shown as text", async () => {
    const at = (path: string) => `${away}/${path}`;
    const { page, context, errors } = await show(
      "call out",
      [
        `![image](${at("markdown")})`,
        `![reference][r]\n\n[r]: ${at("reference")}`,
        `<img src="${at("img")}" srcset="${at("srcset")} 2x">`,
        `<table background="${at("table")}"><tr><td background="${at("td")}">cell</td></tr></table>`,
        `<p style="background: url(${at("style")})">styled</p>`,
        `<div style="background-image: image-set('${at("image-set")}' 1x)">set</div>`,
        `<style>@import "${at("import")}"; p { background: url(${at("css")}) }</style>`,
        `<link rel="stylesheet" href="${at("link")}"><link rel="prefetch" href="${at("prefetch")}">`,
        `<video poster="${at("poster")}" src="${at("video")}"><source src="${at("source")}"><track src="${at("track")}"></video>`,
        `<audio src="${at("audio")}" autoplay></audio><picture><source srcset="${at("picture")}"><img></picture>`,
        `<iframe src="${at("iframe")}"></iframe><object data="${at("object")}"></object><embed src="${at("embed")}">`,
        `<svg><image href="${at("svg")}"/><use href="${at("use")}#a"/><feImage href="${at("fe")}"/><style>* { fill: url(${at("fill")}) }</style></svg>`,
        `<math><mtext href="${at("math")}">m</mtext></math>`,
        `<form action="${at("form")}"><input type="image" src="${at("input")}"><button formaction="${at("button")}">b</button></form>`,
        `<meta http-equiv="refresh" content="0;url=${at("meta")}"><base href="${at("base")}">`,
        `<body background="${at("body")}"><bgsound src="${at("bgsound")}">`,
        `<script src="${at("script")}"></script><a href="${at("ping")}" ping="${at("pinged")}">a link</a>`,
        `<a href="javascript:alert(1)">bad link</a> <details open ontoggle="fetch('${at("event")}')">more</details>`,
        "\nThe end of it.",
      ].join("\n\n"),
    );
    await conversation(page).getByText("The end of it.").waitFor();
    await conversation(page).getByRole("link", { name: "image" }).hover();
    expect(called).toEqual([]);
    // A violation of the page's policy would be logged: nothing may even be attempted.
    expect(errors).toEqual([]);
    const left = await conversation(page).evaluate((log) =>
      [...log.querySelectorAll(".prose *")].flatMap((element) =>
        [...element.attributes].flatMap(({ name, value }) =>
          value.includes("127.0.0.1") && name !== "href" ? [`${element.tagName} ${name}`] : [],
        ),
      ),
    );
    expect(left).toEqual([]);
    expect(await conversation(page).locator('a[href^="javascript"]').count()).toBe(0);
    await context.close();
  });

  test.each([
    ["3,000 nested quotes", `${">".repeat(3000)} the words within`, "the words within"],
    ["20,000 brackets", `${"[".repeat(20_000)} the words after`, "the words after"],
    [
      "100 nested lists",
      Array.from({ length: 100 }, (_, n) => `${" ".repeat(2 * n)}- item ${n}`).join("\n"),
      "item 99",
    ],
  ])("of %s can be read, and the page still works", async (name, answer, words) => {
    const { page, context, errors } = await show(name, answer);
    await conversation(page).getByText(words).first().waitFor({ state: "attached" });
    await page.getByText("could not be shown").waitFor({ state: "detached" });
    await message(page).fill("and it goes on");
    await message(page).press("Enter");
    await conversation(page).getByText("Nothing to say.").waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });
});
