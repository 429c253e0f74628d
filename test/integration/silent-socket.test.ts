import { afterAll, beforeAll, expect, test } from "vitest";
import { listen, signIn } from "../support/client.ts";
import { cloudWith, type Cloud } from "../support/cloud.ts";

let cloud: Cloud & { remove(): Promise<void> };
beforeAll(async () => {
  cloud = await cloudWith({ socketIdle: 1500 });
});
afterAll(() => cloud.remove());

test("a socket that asks is answered and stays; one that is silent is closed, and its person told of nothing more", async () => {
  const client = await signIn(cloud.url, { name: "Quiet" });
  const project = String((await client.post("/api/projects", { name: "Quiet project" })).json().id);
  const [silent, asking] = [await listen(client, project), await listen(client, project)];
  let isClosed = false;
  const closed = silent.closed.then((code) => ((isClosed = true), code));
  while (!isClosed) {
    const before = asking.messages.length;
    asking.send({ type: "ping" });
    await asking.next((message) => message.type === "pong" && asking.messages.indexOf(message) >= before);
    await Promise.race([closed, new Promise((resolve) => setImmediate(resolve))]);
  }
  // Going away, as API Gateway says.
  expect(await closed).toBe(1001);
  const changes = [{ op: "put", path: "a.txt", content: "a" }];
  await client.post(`/api/projects/${project}/changes`, { changes });
  await asking.next((message) => message.type === "files-changed");
  expect(silent.messages.some(({ type }) => type === "files-changed")).toBe(false);
  asking.close();
});
