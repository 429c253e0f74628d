import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { chromiumPath, launch, profile } from "../support/browser.ts";
import { signIn, type Client } from "../support/client.ts";
import { cloudWith } from "../support/cloud.ts";
import { editor, projectWith } from "../support/page.ts";

/**
 * Browser figures beside a bare CodeMirror page from the same server in the same run: script size, first paint, first
 * text of a file, key-to-paint latency, and heap.
 */

const root = join(import.meta.dirname, "../..");
const bareFolder = join(root, "web/.output/public/bare");
const source = `
import { basicSetup } from "codemirror";
import { javascript } from "@codemirror/lang-javascript";
import { EditorView } from "@codemirror/view";
const text = await (await fetch("/bare/file.txt")).text();
new EditorView({ parent: document.body, doc: text, extensions: [basicSetup, javascript({ typescript: true }), EditorView.contentAttributes.of({ "aria-label": "bare" })] });
`;

/** 2,000 lines that look like a program. */
const program = Array.from({ length: 400 }, (_, n) =>
  [
    `/** Adds ${n} to what it is given, and says so. */`,
    `export function add${n}(value: number, options: { quiet?: boolean } = {}): number {`,
    `  if (!options.quiet) console.log("adding", ${n}, "to", value);`,
    `  return value + ${n};`,
    "}",
  ].join("\n"),
).join("\n");

type Record = (name: string, value: number, unit: string, floor: number) => void;

export async function page(record: Record, percentile: (values: number[], p: number) => number): Promise<void> {
  if (chromiumPath === undefined) throw new Error("There is no Chromium; set CHROMIUM.");
  const bundled = await build({
    stdin: { contents: source, resolveDir: join(root, "web"), loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  mkdirSync(bareFolder, { recursive: true });
  writeFileSync(join(bareFolder, "bare.js"), bundled.outputFiles[0]?.text ?? "");
  writeFileSync(join(bareFolder, "file.txt"), program);
  writeFileSync(
    join(bareFolder, "index.html"),
    `<!doctype html><meta charset="utf-8"><style>.cm-editor{height:100vh}body{margin:0}</style><body><p>bare</p><script type="module" src="/bare/bare.js"></script>`,
  );
  const cloud = await cloudWith();
  const browser = await launch();
  try {
    const client = await signIn(cloud.url, { name: "Bench", plan: "pro" });
    const small: globalThis.Record<string, string> = { "main.ts": program, "plain.txt": "plain text" };
    for (let n = 0; n < 4998; n++) small[`d${Math.floor(n / 50)}/f${n}.txt`] = "";
    const project = await projectWith(client, small);
    const where = { browser, origin: cloud.url, client };
    const bareURL = "/bare/index.html";
    const home = await script(where, "/", async (at) => {
      await at.getByRole("heading", { name: "Projects" }).waitFor();
    });
    record("home script gzip", home / 1024, "KB", 90);
    // The tab is remembered, so that the page opens the file on load.
    const open = {
      key: `tabs ${project}`,
      value: JSON.stringify({ tabs: [{ kind: "file", subject: "main.ts", pinned: true }], active: "main.ts" }),
    };
    const plain = { ...open, value: open.value.replaceAll("main.ts", "plain.txt") };
    const route = await script(
      where,
      `/projects/${project}`,
      (at) => editor(at, "plain.txt").getByText("plain text").waitFor(),
      plain,
    );
    record("editor route script gzip, before languages", route / 1024, "KB", 260);
    const bareScript = await script(where, bareURL, async (at) => {
      await editor(at, "bare").waitFor();
    });
    record("bare page script gzip", bareScript / 1024, "KB", bareScript / 1024);

    const paints: number[] = [];
    const barePaints: number[] = [];
    const texts: number[] = [];
    const bareTexts: number[] = [];
    const heaps: number[] = [];
    const bareHeaps: number[] = [];
    for (let n = 0; n < 7; n++) {
      const bare = await visit(where, bareURL);
      barePaints.push(bare.paint);
      bareTexts.push(bare.text);
      bareHeaps.push(bare.heap);
      const own = await visit(where, `/projects/${project}`, open);
      paints.push(own.paint);
      texts.push(own.text);
      heaps.push(own.heap);
    }
    record("first contentful paint", percentile(paints, 0.5), "ms", percentile(barePaints, 0.5));
    record("first text of a file, 5,000 files", percentile(texts, 0.5), "ms", percentile(bareTexts, 0.5));
    record("heap", percentile(heaps, 0.5), "MB", percentile(bareHeaps, 0.5));

    const bareKeys: number[] = [];
    const keys: number[] = [];
    for (let round = 0; round < 3; round++) {
      bareKeys.push(...(await typing(where, bareURL, "bare")));
      keys.push(...(await typing(where, `/projects/${project}`, "main.ts", open)));
    }
    record("key to paint p50", percentile(keys, 0.5), "ms", percentile(bareKeys, 0.5));
    record("key to paint p95", percentile(keys, 0.95), "ms", percentile(bareKeys, 0.95));
  } finally {
    await browser.close();
    await cloud.remove();
    rmSync(bareFolder, { recursive: true, force: true });
  }
}

interface Where {
  browser: Browser;
  origin: string;
  client: Client;
}

/** Gzipped bytes of all script that a page loads until idle. */
async function script(
  where: Where,
  path: string,
  settled: (at: Page) => Promise<void>,
  stored?: Stored,
): Promise<number> {
  const { context, page: at } = await profile(where.browser, where);
  if (stored) await context.addInitScript(({ key, value }) => localStorage.setItem(key, value), stored);
  const sizes: Promise<number>[] = [];
  at.on("response", (response) => {
    if (response.request().resourceType() === "script")
      sizes.push(response.body().then((bytes) => gzipSync(bytes, { level: 9 }).length));
  });
  await at.goto(path);
  await settled(at);
  await at.waitForTimeout(1000);
  const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  await context.close();
  return total;
}

interface Stored {
  key: string;
  value: string;
}

/** Milliseconds from the navigation to the first paint and to the first painted text of the file; megabytes of heap. */
async function visit(
  where: Where,
  path: string,
  stored?: Stored,
): Promise<{ paint: number; text: number; heap: number }> {
  const { context, page: at } = await profile(where.browser, where);
  if (stored) await context.addInitScript(({ key, value }) => localStorage.setItem(key, value), stored);
  await context.addInitScript(() => {
    const observer = new MutationObserver(() => {
      // Text of the file, wherever it is first readable; the editor may follow later.
      if (!document.body?.textContent?.includes("adding")) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.addEventListener("message", () => Object.assign(globalThis, { textAt: performance.now() }));
        channel.port1.start();
        channel.port2.postMessage(0);
      });
    });
    observer.observe(document, { childList: true, subtree: true, characterData: true });
  });
  await at.goto(path, { waitUntil: "commit" });
  await at.waitForFunction(() => "textAt" in globalThis);
  const { paint, text } = await at.evaluate(() => ({
    paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
    text: (globalThis as unknown as { textAt: number }).textAt,
  }));
  // Idle first: pending work would burden the next page and the heap.
  await at.waitForTimeout(1500);
  const session = await context.newCDPSession(at);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await context.close();
  return { paint, text, heap: usedSize / 1024 / 1024 };
}

/** Milliseconds from each key to the paint of its change. */
async function typing(where: Where, path: string, label: string, stored?: Stored): Promise<number[]> {
  const context: BrowserContext = (await profile(where.browser, where)).context;
  const at = context.pages()[0] as Page;
  if (stored) await context.addInitScript(({ key, value }) => localStorage.setItem(key, value), stored);
  await at.goto(path);
  await editor(at, label).waitFor();
  await at.waitForTimeout(800);
  await editor(at, label).getByText("add3").first().click();
  await at.keyboard.press("End");
  await at.keyboard.press("Enter");
  await at.evaluate(() => {
    const taken: number[] = [];
    Object.assign(globalThis, { taken });
    addEventListener(
      "keydown",
      () => {
        const began = performance.now();
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.addEventListener("message", () => taken.push(performance.now() - began));
          channel.port1.start();
          channel.port2.postMessage(0);
        });
      },
      { capture: true },
    );
  });
  for (const letter of "const total = first + second * third; // and so on, for as long as it takes to see") {
    await at.keyboard.type(letter);
    await at.waitForTimeout(25);
  }
  const taken = await at.evaluate(() => (globalThis as unknown as { taken: number[] }).taken);
  await context.close();
  return taken;
}
