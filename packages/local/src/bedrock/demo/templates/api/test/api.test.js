import assert from "node:assert/strict";
// feature:records
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
// end:records
import { after, before, test } from "node:test";
import { start } from "../src/server.js";

let server;
let base;

before(async () => {
  server = await start({ port: 0 });
  base = `http://localhost:${server.address().port}`;
});
after(() => server.close());
// feature:records

const sample = {{sample}};

const send = (method, path, body) =>
  fetch(base + path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

test("creates, lists, reads, changes and deletes", async () => {
  const created = await send("POST", "/items", sample);
  assert.equal(created.status, 201);
  const record = await created.json();
  assert.deepEqual(record, { {{defaults}}id: record.id, ...sample });

  assert.deepEqual(await (await fetch(`${base}/items`)).json(), [record]);
  assert.deepEqual(await (await fetch(`${base}/items/${record.id}`)).json(), record);

  const changed = await send("PATCH", `/items/${record.id}`, {{change}});
  assert.equal(changed.status, 200);
  assert.deepEqual(await changed.json(), { ...record, ...{{change}} });

  assert.equal((await fetch(`${base}/items/${record.id}`, { method: "DELETE" })).status, 204);
  assert.equal((await fetch(`${base}/items/${record.id}`)).status, 404);
});

test("refuses what is not valid, and says why", async () => {
  const refused = async (body, reason) => {
    const reply = await send("POST", "/items", body);
    assert.equal(reply.status, 400);
    assert.match((await reply.json()).error, reason);
  };
  await refused({}, /{{required}} is required/);
  await refused({ ...sample, {{required}}: [] }, /{{required}} must be a/);
  await refused({ ...sample, nonsense: 1 }, /nonsense is not a field/);
  await refused([], /object/);
  const broken = await fetch(`${base}/items`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{",
  });
  assert.equal(broken.status, 400);
});

test("keeps them in a file when it is given one", async () => {
  const folder = mkdtempSync(join(tmpdir(), "items-"));
  const file = join(folder, "items.json");
  const first = await start({ port: 0, file });
  await fetch(`http://localhost:${first.address().port}/items`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(sample),
  });
  first.close();
  const second = await start({ port: 0, file });
  const kept = await (await fetch(`http://localhost:${second.address().port}/items`)).json();
  assert.equal(kept.length, 1);
  second.close();
  rmSync(folder, { recursive: true });
});
// end:records

test("answers 404 for what is not there", async () => {
  const reply = await fetch(`${base}/nothing`);
  assert.equal(reply.status, 404);
  assert.equal(typeof (await reply.json()).error, "string");
});

// More tests go here.
