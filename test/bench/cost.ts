import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { functions, web } from "@slipway/manifest";
import type { Measured, Usage } from "../../infra/cost/usage.ts";
import { launch, profile } from "../support/browser.ts";
import { listen, signIn } from "../support/client.ts";
import { commitTo } from "../support/git.ts";
import { cloudWithGitHub, connect, importFrom } from "../support/github.ts";
import type { Cloud } from "../support/cloud.ts";

type Record = (name: string, value: number, unit: string, floor: number) => void;
type Meter = Awaited<ReturnType<Cloud["stats"]>>;

const memories: { [name: string]: number } = {
  ...Object.fromEntries(Object.entries(functions).map(([name, { memory }]) => [name, memory])),
  web: web.memory,
};
const readOperations = new Set(["GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"]);

/** What operations use of AWS, for docs/cost.md. Written to infra/cost/measured.json. */
export async function cost(record: Record): Promise<void> {
  const { cloud, peer, remove } = await cloudWithGitHub({ demoPace: 1 });
  const browser = await launch();
  const client = await signIn(cloud.url, { name: "Bench", plan: "pro" });
  await connect(client);
  /** What CloudFront and the socket see: counted at the browser's end. */
  let requests = 0;
  let egressBytes = 0;

  async function measure(times: number, run: () => Promise<unknown>): Promise<Usage> {
    const before = await cloud.stats();
    requests = 0;
    egressBytes = 0;
    for (let n = 0; n < times; n++) await run();
    // Work that an operation leaves for after its reply.
    await new Promise((resolve) => setTimeout(resolve, 500));
    return usage(before, await cloud.stats(), times, { requests, egressBytes });
  }

  await cloud.invoke("sweep", {});
  const sweep = await measure(20, () => cloud.invoke("sweep", {}));

  const contents = Array.from({ length: 1000 }, (_, at) => ({
    path: `packages/p${at % 40}/file-${at}.ts`,
    data: `export const value${at} = ${"compute(1) + ".repeat(150)}0;\n`,
  }));
  await commitTo(await peer.createRepository("octo", "bench"), "main", contents);
  let project = "";
  const imported = await measure(1, async () => ({ project } = await importFrom(client, "octo/bench")));

  const { page, context } = await profile(browser, { origin: cloud.url, client });
  page.on("requestfinished", (request) => {
    requests++;
    void request.sizes().then((sizes) => (egressBytes += sizes.responseBodySize + sizes.responseHeadersSize));
  });
  const open = await measure(5, async () => {
    await page.goto(`/projects/${project}`);
    await page.getByRole("treeitem", { name: /packages/ }).waitFor();
    await page.waitForLoadState("networkidle");
  });
  await context.close();

  const path = `/api/projects/${project}/files/packages/p0/file-0.ts`;
  let rev = String((await client.get(path)).json().rev);
  const save = await measure(20, async () => {
    const reply = await client.request("PUT", path, {
      body: { content: `${contents[0]?.data ?? ""}// ${rev}\n` },
      headers: { "if-match": rev },
    });
    rev = String(reply.json().rev);
    requests++;
    egressBytes += Buffer.byteLength(reply.text);
  });

  // Watched by one browser, at the pace at which a model writes.
  const fresh = String((await client.post("/api/projects", {})).json().id);
  const conversationId = String((await client.post(`/api/projects/${fresh}/conversations`)).json().id);
  const listener = await listen(client, fresh);
  const began = performance.now();
  const run = await measure(1, async () => {
    await client.post("/api/messages", { conversationId, message: "Build a todo app" });
    requests++;
    await listener.next((message) => message.type === "run-event" && message.event.type === "run-finished");
    egressBytes += listener.messages.reduce((sum, message) => sum + Buffer.byteLength(JSON.stringify(message)), 0);
  });
  const runSeconds = Math.round((performance.now() - began) / 1000);
  listener.close();

  await browser.close();
  await remove();
  const measured: Measured = {
    date: new Date().toISOString().slice(0, 10),
    runSeconds,
    operations: { sweep, open, save, run, import: imported },
  };
  writeFileSync(
    join(import.meta.dirname, "../../infra/cost/measured.json"),
    `${JSON.stringify(measured, undefined, 2)}\n`,
  );
  for (const [name, of] of Object.entries(measured.operations)) {
    record(`${name}: table`, of.readUnits + of.writeUnits, "capacity units", 1);
    record(`${name}: functions`, of.lambdaGBSeconds, "GB seconds", 0.01);
  }
}

function usage(
  before: Meter,
  after: Meter,
  times: number,
  { requests, egressBytes }: { requests: number; egressBytes: number },
): Usage {
  const round = (value: number) => Number((value / times).toPrecision(3));
  const units = (isRead: boolean) =>
    Object.entries(after.dynamodb)
      .filter(([operation]) => readOperations.has(operation) === isRead)
      .reduce((sum, [operation, { units: now }]) => sum + now - (before.dynamodb[operation]?.units ?? 0), 0);
  const s3 = (isRead: boolean) =>
    Object.entries(after.s3)
      .filter(([method]) => ["GET", "HEAD"].includes(method) === isRead)
      .reduce((sum, [method, now]) => sum + now - (before.s3[method] ?? 0), 0);
  const lambdas = Object.entries(after.lambda).map(([name, now]) => ({
    invocations: now.invocations - (before.lambda[name]?.invocations ?? 0),
    gbSeconds: (((now.milliseconds - (before.lambda[name]?.milliseconds ?? 0)) / 1000) * (memories[name] ?? 0)) / 1024,
  }));
  return {
    readUnits: round(units(true)),
    writeUnits: round(units(false)),
    s3Reads: round(s3(true)),
    s3Writes: round(s3(false)),
    lambdaRequests: round(lambdas.reduce((sum, { invocations }) => sum + invocations, 0)),
    lambdaGBSeconds: round(lambdas.reduce((sum, { gbSeconds }) => sum + gbSeconds, 0)),
    transitions: round(after.transitions - before.transitions),
    messages: round(after.messages - before.messages),
    requests: round(requests),
    egressBytes: round(egressBytes),
    logBytes: round(after.logBytes - before.logBytes),
  };
}
