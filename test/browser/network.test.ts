import { networkInterfaces } from "node:os";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launch, profile } from "../support/browser.ts";
import { cloudWith, type Cloud } from "../support/cloud.ts";
import { conversation, editor, file, saved } from "../support/page.ts";

/** The app bound to every address, as in a container: reached by another one than its own, through its one port. */

const address =
  Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";

describe.skipIf(chromiumPath === undefined)("reached over the network", () => {
  let cloud: Cloud & { remove(): Promise<void> };
  let browser: Browser;
  beforeAll(async () => {
    [cloud, browser] = await Promise.all([cloudWith({ host: "0.0.0.0" }), launch()]);
  });
  afterAll(async () => {
    await browser.close();
    await cloud.remove();
  });

  test("people sign in, upload, chat and edit through the one port", async () => {
    const { port } = new URL(cloud.url);
    const origin = `http://${address}:${port}`;
    const { page, context, errors } = await profile(browser, { origin });
    const elsewhere: string[] = [];
    page.on("request", (request) => {
      const { host, protocol } = new URL(request.url());
      if (protocol.startsWith("http") && host !== `${address}:${port}`) elsewhere.push(request.url());
    });
    await page.goto("/");
    const prompt = page.getByRole("textbox", { name: "What do you want to build?" });
    await prompt.fill("A todo list website");
    const data = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["the log says ouch"], "log.txt", { type: "text/plain" }));
      return transfer;
    });
    await prompt.dispatchEvent("drop", { dataTransfer: data });
    await page.getByRole("button", { name: "Remove log.txt" }).waitFor();
    await prompt.press("Enter");
    await page.getByRole("dialog", { name: "Sign in" }).getByRole("textbox", { name: "Name" }).fill("Guest");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/projects\/prj_/);
    const link = conversation(page).getByRole("link", { name: "log.txt" });
    await link.waitFor();
    const attachment = await page.request.get(String(await link.getAttribute("href")));
    expect(await attachment.text()).toBe("the log says ouch");
    // A person's file is on the app's origin here, and must not run there.
    expect(attachment.headers()["content-security-policy"]).toContain("sandbox");
    await file(page, "index.html").click();
    await editor(page, "index.html").press("Control+Home");
    await page.keyboard.type("mine ");
    await saved(page).waitFor();
    expect(elsewhere).toEqual([]);
    // Chromium reports a header that it ignores without TLS.
    // Sandboxes, like previews, are reached on their own machine alone.
    expect(errors.filter((text) => !/Cross-Origin-Opener-Policy|ws:\/\/sandbox\.localhost/.test(text))).toEqual([]);
    await context.close();
  });

  test("the page of another site that resolves to this machine is refused, with the address to open", async () => {
    const { port } = new URL(cloud.url);
    const reply = await fetch(`http://127.0.0.1:${port}/api/projects`, {
      method: "POST",
      headers: { origin: `http://evil.example:${port}`, "content-type": "application/json" },
      body: "{}",
    });
    expect(reply.status).toBe(403);
    expect(await reply.text()).toContain(cloud.url);
  });
});
