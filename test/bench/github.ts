import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { BatchWriteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { signIn } from "../support/client.ts";
import { commitTo, git } from "../support/git.ts";
import { begin, cloudWithGitHub, connect, importFrom, settled } from "../support/github.ts";

type Record = (name: string, value: number, unit: string, floor: number) => void;

/** Like source code: 3 KB that compress to a third. */
function sourceFile(at: number): string {
  const lines = Array.from(
    { length: 60 },
    (_, line) =>
      `export const value_${at}_${line} = compute("${((at * 7919 + line * 104_729) % 1_000_003).toString(36)}");`,
  );
  return `${lines.join("\n")}\n`;
}

/** Imports and exports; the floor is the same archive downloaded, and the same rows written by the SDK alone. */
export async function github(record: Record): Promise<void> {
  const { cloud, peer, remove } = await cloudWithGitHub();
  const client = await signIn(cloud.url, { name: "Bench", plan: "pro" });
  await connect(client);
  const rss = watchMemory();
  for (const count of [1000, 10_000]) {
    const contents = Array.from({ length: count }, (_, at) => sourceFile(at));
    const files = contents.map((data, at) => ({ path: `packages/p${at % 40}/src/file-${at}.ts`, data }));
    const directory = await peer.createRepository("octo", `bench-${count}`);
    const commit = await commitTo(directory, "main", files);
    const floor = await storeFloor(cloud, `${peer.url}/api/v3/repos/octo/bench-${count}/tarball/${commit}`, contents);
    const before = await cloud.stats();
    peer.log.length = 0;
    rss.reset();
    const began = performance.now();
    const { project } = await importFrom(client, `octo/bench-${count}`);
    record(`import of ${count} files`, performance.now() - began, "ms", floor);
    record(`import of ${count} files, memory`, rss.peak(), "MB of the whole machine", rss.start());
    const requests = peer.log.filter((line) => line.includes("/api/v3/")).length;
    record(`import of ${count} files, requests to GitHub`, requests, "", 1);
    const after = await cloud.stats();
    const units = Object.entries(after.dynamodb).map(
      ([name, entry]) => entry.units - (before.dynamodb[name]?.units ?? 0),
    );
    record(
      `import of ${count} files, capacity`,
      units.reduce((sum, each) => sum + each, 0),
      "units",
      count,
    );

    const pushing = performance.now();
    const whole = await begin(client, "/api/github/export", {
      projectId: project,
      repository: { name: `bench-${count}-copy` },
    });
    if ((await settled(client, whole.transfer)).state !== "completed") throw new Error("the export failed");
    const pushed = performance.now() - pushing;
    await peer.createRepository("octo", `bench-${count}-floor`);
    const address = new URL(`${peer.url}/octo/bench-${count}-floor.git`);
    address.username = "x";
    address.password = peer.token("octo", "repo");
    const bare = performance.now();
    await git(directory, ["push", "-q", address.href, "main"]);
    record(`export of all ${count} files`, pushed, "ms", performance.now() - bare);

    for (let at = 0; at < 10; at++) {
      const path = `packages/p${at}/src/file-${at}.ts`;
      await client.request("PUT", `/api/projects/${project}/files/${path}`, {
        body: { content: `// changed\n${sourceFile(at)}` },
        headers: { "if-match": "1" },
      });
    }
    peer.log.length = 0;
    const exporting = performance.now();
    const sent = await begin(client, "/api/github/export", {
      projectId: project,
      pullRequest: { title: "Ten files", body: "" },
    });
    const ended = await settled(client, sent.transfer);
    if (ended.state !== "completed") throw new Error(JSON.stringify(ended));
    const taken = performance.now() - exporting;
    const calls = peer.log.filter((line) => line.includes("/api/v3/"));
    // The same requests alone, in sequence.
    const requested = performance.now();
    for (const _ of calls) await (await fetch(`${peer.url}/api/v3/repos/octo/bench-${count}`)).arrayBuffer();
    record(`export of 10 of ${count} files`, taken, "ms", performance.now() - requested);
    record(`export of 10 of ${count} files, requests to GitHub`, calls.length, "", 1);
  }
  rss.stop();
  await remove();
}

async function storeFloor(
  cloud: { rootEnvironment: Readonly<{ [name: string]: string }> },
  url: string,
  contents: readonly string[],
): Promise<number> {
  const environment = cloud.rootEnvironment;
  const dynamodb = new DynamoDBClient({
    endpoint: environment.AWS_ENDPOINT_URL_DYNAMODB ?? "",
    region: "us-east-1",
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? "",
    },
  });
  const packed = contents.map((content) => gzipSync(content));
  const rows = [
    ...packed.map((gzip, at) => ({ pk: { S: `floor#blob#${at}` }, sk: { S: "blob" }, gzip: { B: gzip } })),
    ...packed.map((_, at) => ({ pk: { S: "floor#meta" }, sk: { S: String(at) }, rest: { S: "x".repeat(150) } })),
  ];
  const began = performance.now();
  gunzipSync(Buffer.from(await (await fetch(url)).arrayBuffer()));
  let next = 0;
  const write = async () => {
    for (; next < rows.length;) {
      const part = rows.slice(next, (next += 25));
      await dynamodb.send(
        new BatchWriteItemCommand({ RequestItems: { slipway: part.map((Item) => ({ PutRequest: { Item } })) } }),
      );
    }
  };
  await Promise.all(Array.from({ length: 4 }, write));
  return performance.now() - began;
}

function watchMemory(): { reset(): void; peak(): number; start(): number; stop(): void } {
  const now = () => process.memoryUsage.rss() / 1024 / 1024;
  let [start, peak, running] = [now(), now(), true];
  void (async () => {
    for (; running; await sleep(50)) peak = Math.max(peak, now());
  })();
  return {
    reset: () => ([start, peak] = [now(), now()]),
    peak: () => peak,
    start: () => start,
    stop: () => (running = false),
  };
}
