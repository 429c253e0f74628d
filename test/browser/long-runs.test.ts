import { servedModel, unknownModel } from "@slipway/local/bedrock/served-models";
import { describe, expect, test } from "vitest";
import { startApp } from "../support/app.ts";
import { isTitle, speak, stepsTaken, type Said } from "../support/cloud.ts";

/** What the panel shows of a long run: its list, the context in use, and what it asks of itself. */

const sonnet = "global.anthropic.claude-sonnet-5-5";
const todos = [
  { text: "Read the code", state: "done" },
  { text: "Write the parser", state: "doing" },
  { text: "Run the tests", state: "open" },
];
const read = { name: "read_file", input: { path: "missing.ts" } };
const steps: Said[] = [
  { text: "I look.", tools: [{ name: "update_todos", input: { todos } }] },
  { tools: [read] },
  { tools: [read] },
  { tools: [read] },
  { text: "All is done." },
];

describe("a long run", () => {
  const app = startApp({
    models: { [sonnet]: servedModel(sonnet) ?? unknownModel },
    script: (request) =>
      isTitle(request) ? speak({ text: "A title" }) : speak(steps[stepsTaken(request)] ?? { text: "Done." }),
  });

  test("shows its list and the context, asks when it repeats itself, and says what it took", async () => {
    const { client, page, project, errors, context } = await app.open({ name: "Patient" }, { "a.ts": "1\n" });
    await client.request("PATCH", `/api/projects/${project}`, { body: { settings: { model: sonnet } } });
    await page.getByRole("textbox", { name: "Message" }).fill("go");
    await page.keyboard.press("Enter");
    const panel = page.getByRole("region", { name: "Agent" });
    await panel.getByText("1 of 3 done").waitFor();
    await panel.getByRole("listitem").filter({ hasText: "Write the parser" }).getByLabel("In progress").waitFor();
    const question = panel.getByRole("region", { name: "Approval request" });
    await question.getByText("the same call 3 times in a row").waitFor();
    expect(await question.getByRole("button").allTextContents()).toEqual(["Go on", "Stop here"]);
    await panel.getByText("Context < 1 %").waitFor();
    await question.getByRole("button", { name: "Go on" }).click();
    await panel.getByText("All is done.").waitFor();
    await panel.getByTitle(/^The model read [\d,]+ tokens \(\d+ % from its cache\) and wrote/).waitFor();
    await panel.getByRole("meter", { name: /tokens of the model's 1,000,000/ }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("is told by the browser to those who wish it and look elsewhere", async () => {
    const { page, project, context } = await app.open({ name: "Elsewhere" }, { "a.ts": "1\n" });
    // A page in the background, and notifications that are kept instead of shown.
    await context.addInitScript(() => {
      const shown: string[] = [];
      class Kept {
        static permission = "granted";
        static requestPermission = () => Promise.resolve("granted");
        constructor(title: string, { body }: { body: string }) {
          shown.push(`${title}. ${body}`);
        }
      }
      Object.assign(window, { Notification: Kept, shown });
      Object.defineProperty(document, "hidden", { get: () => true });
    });
    const shown = () => page.evaluate(() => (window as unknown as { shown: string[] }).shown);
    const ask = async () => {
      await page.goto(`/projects/${project}`);
      await page.getByRole("textbox", { name: "Message" }).fill("go");
      await page.keyboard.press("Enter");
      await page.getByRole("region", { name: "Agent" }).getByRole("button", { name: "Stop here" }).click();
      await page.getByText("Stopped: the agent kept making the same call.").last().waitFor();
    };
    await ask();
    expect(await shown()).toEqual([]);
    await page.goto("/settings#notifications");
    await page.getByLabel("Notify me when the agent finishes or asks").check();
    await page.reload();
    await expect.poll(() => page.getByLabel("Notify me when the agent finishes or asks").isChecked()).toBe(true);
    await ask();
    await expect
      .poll(async () => (await shown()).map((each) => each.split(".")[0]))
      .toEqual(["Test project: the agent asks", "Test project: the run failed"]);
    await context.close();
  });
});
