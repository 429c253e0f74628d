import { AxeBuilder } from "@axe-core/playwright";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import type { Client } from "./client.ts";

/** Locators on a project's page, by accessible name. */

export const conversation = (page: Page): Locator => page.getByRole("log", { name: "Conversation" });
export const file = (page: Page, name: string): Locator => page.getByRole("treeitem", { name, exact: true });
export const editor = (page: Page, path: string): Locator => page.getByRole("textbox", { name: path, exact: true });
export const saved = (page: Page): Locator => page.getByRole("banner").getByText("Saved", { exact: true });
export const message = (page: Page): Locator => page.getByRole("textbox", { name: "Message" });
export const tab = (page: Page, name: string): Locator =>
  page.getByRole("tablist", { name: /^Open files/ }).getByRole("tab", { name, exact: true });

export async function expectNothingBad(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`),
  ).toEqual([]);
}

export async function inBothThemes(page: Page, look: (theme: "light" | "dark") => Promise<void>): Promise<void> {
  for (const theme of ["light", "dark"] as const) {
    await page.evaluate((wanted) => (document.documentElement.dataset.theme = wanted), theme);
    await look(theme);
  }
}

/** Creates a project with these files. */
export async function projectWith(client: Client, files: Record<string, string>): Promise<string> {
  const project = String((await client.post("/api/projects", { name: "Test project" })).json().id);
  const changes = Object.entries(files).map(([path, content]) => ({ op: "put", path, content }));
  for (let at = 0; at < changes.length; at += 90) {
    const reply = await client.post(`/api/projects/${project}/changes`, { changes: changes.slice(at, at + 90) });
    if (reply.status !== 200) throw new Error(reply.text);
  }
  return project;
}

export async function textOf(client: Client, project: string, path: string): Promise<string> {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return String((await client.get(`/api/projects/${project}/files/${encoded}`)).json().content);
}

export async function pathsOf(client: Client, project: string): Promise<string[]> {
  const { files } = (await client.get(`/api/projects/${project}/files`)).json() as unknown as {
    files: { path: string }[];
  };
  return files.map(({ path }) => path);
}

/** Waits until the browser's store holds a draft with these words, which survives closing the tab. */
export async function draftHolding(page: Page, words: string): Promise<void> {
  const texts = () =>
    page.evaluate(async () => {
      const request = <T>(asked: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          asked.addEventListener("success", () => resolve(asked.result));
          asked.addEventListener("error", () => reject(asked.error ?? new Error("not read")));
        });
      const database = await request(indexedDB.open("keyval-store"));
      const all = await request(database.transaction("keyval").objectStore("keyval").getAll());
      database.close();
      return JSON.stringify(all);
    });
  await expect.poll(texts).toContain(words);
}
