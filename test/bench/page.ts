import { EventEmitter, once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { z } from "zod";
import { chromiumPath, launch, profile } from "../support/browser.ts";
import { signIn, type Client } from "../support/client.ts";
import { cloudWith, isTitle, speak } from "../support/cloud.ts";
import { conversation, editor, message, projectWith } from "../support/page.ts";
import { scriptSize, withTab, type Stored } from "../support/script-size.ts";

/**
 * Browser figures beside a bare CodeMirror page from the same server in the same run: script size, first paint, first
 * text of a file, key-to-paint latency, and heap.
 */

const root = join(import.meta.dirname, "../..");
const bareFolder = join(root, "web/.output/public/bare");

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

/** 1.9 MB without a line break. */
const longLine = `export const table = [${Array.from({ length: 95_000 }, (_, n) => `{ id: ${n % 10_000}, s: 1 }`).join(", ")}];`;

/** A long answer, 40 KB, in the forms that answers have. */
const answer = Array.from(
  { length: 100 },
  (_, n) =>
    `## Part ${n}\n\nA sentence about \`add${n}\` with **weight**, and a [link](https://example.com/${n}).\n\n- one point\n- another\n\n\`\`\`ts\nexport const value${n} = compute(${n}, { quiet: true });\nconsole.log(value${n});\n\`\`\`\n\n| key | value |\n| --- | --- |\n| a | ${n} |\n\n`,
).join("");

type Record = (name: string, value: number, unit: string, floor: number) => void;

export async function page(record: Record, percentile: (values: number[], p: number) => number): Promise<void> {
  if (chromiumPath === undefined) throw new Error("There is no Chromium; set CHROMIUM.");
  const bundled = await build({
    entryPoints: [join(import.meta.dirname, "bare.ts")],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  mkdirSync(bareFolder, { recursive: true });
  writeFileSync(join(bareFolder, "bare.js"), bundled.outputFiles[0]?.text ?? "");
  writeFileSync(join(bareFolder, "file.txt"), program);
  writeFileSync(join(bareFolder, "long.txt"), longLine);
  writeFileSync(
    join(bareFolder, "index.html"),
    `<!doctype html><meta charset="utf-8"><style>.cm-editor{height:100vh}body{margin:0}</style><body><p>bare</p><script type="module" src="/bare/bare.js"></script>`,
  );
  const cloud = await cloudWith({
    async *script(request) {
      if (!isTitle(request)) yield* speak({ text: answer, pace: 6 });
      else yield* speak({ text: "A long answer" });
    },
  });
  const browser = await launch();
  try {
    const client = await signIn(cloud.url, { name: "Bench", plan: "pro" });
    const small: globalThis.Record<string, string> = { "main.ts": program, "long.ts": longLine };
    for (let n = 0; n < 4998; n++) small[`d${Math.floor(n / 50)}/f${n}.txt`] = "";
    const project = await projectWith(client, small);
    const where = { browser, origin: cloud.url, client };
    const bareURL = "/bare/index.html";
    const isHome = (at: Page) => at.getByRole("heading", { name: "Projects", exact: true }).waitFor();
    record("home script gzip", (await scriptSize({ ...where, path: "/", settled: isHome })) / 1024, "KB", 45);
    const path = `/projects/${project}`;
    const hasFile = (at: Page) => editor(at, "main.ts").waitFor();
    const route = await scriptSize({ ...where, path, stored: withTab(project, "main.ts"), settled: hasFile });
    record("editor route script gzip, with TypeScript", route / 1024, "KB", 260);
    const bareScript = await scriptSize({ ...where, path: bareURL, settled: (at) => editor(at, "bare").waitFor() });
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
      const own = await visit(where, path, withTab(project, "main.ts"));
      paints.push(own.paint);
      texts.push(own.text);
      heaps.push(own.heap);
    }
    record("first contentful paint", percentile(paints, 0.5), "ms", percentile(barePaints, 0.5));
    record("first text of a file, 5,000 files", percentile(texts, 0.5), "ms", percentile(bareTexts, 0.5));
    record("heap", percentile(heaps, 0.5), "MB", percentile(bareHeaps, 0.5));

    const main = { path, label: "main.ts", stored: withTab(project, "main.ts"), at: ["Control+Home", "End", "Enter"] };
    const bare = { path: bareURL, label: "bare", at: main.at };
    const inLongLine = { ...main, label: "long.ts", stored: withTab(project, "long.ts"), at: ["Control+Home"] };
    const bareLongLine = { ...bare, path: `${bareURL}?file=/bare/long.txt`, at: inLongLine.at };
    const streams = async (at: Page) => {
      await message(at).fill("Explain it at length");
      await message(at).press("Enter");
      await conversation(at).getByText("Part 3", { exact: true }).waitFor();
    };
    /** A project without an earlier answer. */
    const beside = async () => {
      const fresh = await projectWith(client, { "main.ts": program });
      return { ...main, path: `/projects/${fresh}`, stored: withTab(fresh, "main.ts"), first: streams };
    };
    for (const [name, ours, theirs] of [
      ["key to paint", () => main, bare],
      ["key to paint in a line of 1.9 MB", () => inLongLine, bareLongLine],
      ["key to paint beside a streaming answer", beside, bare],
    ] as const) {
      const rounds: { floor: number[]; own: number[] }[] = [];
      for (let round = 0; round < 5; round++)
        rounds.push({ floor: await typing(where, theirs), own: await typing(where, await ours()) });
      for (const share of [0.5, 0.95]) {
        const median = (of: "own" | "floor") =>
          percentile(
            rounds.map((round) => percentile(round[of], share)),
            0.5,
          );
        record(`${name} p${share * 100}`, median("own"), "ms", median("floor"));
      }
    }
    record("delta of an answer of 40 KB, processor time", await deltaCost(where, (await beside()).path), "ms", 8);
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

interface Typing {
  path: string;
  label: string;
  stored?: Stored;
  /** Keys that lead to where the words go. */
  at: readonly string[];
  /** What goes on meanwhile. */
  first?(at: Page): Promise<void>;
}

/** Milliseconds from each key to the paint of its change. */
async function typing(where: Where, { path, label, stored, at: keys, first }: Typing): Promise<number[]> {
  const { context, page: at } = await profile(where.browser, where);
  if (stored) await context.addInitScript(({ key, value }) => localStorage.setItem(key, value), stored);
  await at.goto(path);
  await editor(at, label).waitFor();
  await at.waitForTimeout(800);
  await first?.(at);
  await editor(at, label).focus();
  for (const key of keys) await at.keyboard.press(key);
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

/** Milliseconds of the page's main thread for each delta, from an answer's start to its end. */
async function deltaCost(where: Where, path: string): Promise<number> {
  const { context, page: at } = await profile(where.browser, where);
  let deltas = 0;
  let text = "";
  const written = new EventEmitter();
  // Looking into the page would cost it more than the deltas do.
  at.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      const frame: unknown = JSON.parse(String(payload));
      const { data } = z.object({ deltas: z.array(z.object({ text: z.string() })) }).safeParse(frame);
      if (!data) return;
      deltas++;
      text = (text + data.deltas.map((delta) => delta.text).join("")).slice(-2000);
      written.emit("text");
    }),
  );
  const until = async (words: string) => {
    while (!text.includes(words)) await once(written, "text");
  };
  await at.goto(path);
  await message(at).fill("Explain it at length");
  const session = await context.newCDPSession(at);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const busy = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1000;
  };
  await message(at).press("Enter");
  await until("Part 3\n");
  const [began, before] = [await busy(), deltas];
  await until("Part 99\n");
  const cost = ((await busy()) - began) / (deltas - before);
  await context.close();
  return cost;
}
