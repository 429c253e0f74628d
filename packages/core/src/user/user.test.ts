import { afterAll, beforeAll, expect, test } from "vitest";
import { storageForCore } from "../../../../test/support/storage.ts";

let storage: Awaited<ReturnType<typeof storageForCore>>;
let User: typeof import("./user.ts");
let Users: typeof import("./system.ts");
let Table: typeof import("../table/table.ts");

beforeAll(async () => {
  storage = await storageForCore();
  User = await import("./user.ts");
  Users = await import("./system.ts");
  Table = await import("../table/table.ts");
});
afterAll(() => storage.remove());

test("asking for Pro is recorded once, and only on the free plan", async () => {
  const { id } = await User.create({ name: "Ada" });
  await User.askForPro(id);
  const first = (await User.fromID(id))?.askedForProAt;
  expect(first).toEqual(expect.any(Number));
  await User.askForPro(id);
  expect((await User.fromID(id))?.askedForProAt).toBe(first);
  await Table.transact([Users.adminItem(id, { plan: "pro" })]);
  await User.askForPro(id);
  expect(await User.fromID(id)).toMatchObject({ plan: "pro", askedForProAt: undefined });
});

test("a request for Pro never outlives the plan that an admin grants at the same time", async () => {
  for (let round = 0; round < 20; round++) {
    const { id } = await User.create({ name: "Ada" });
    await Promise.all([User.askForPro(id), Table.transact([Users.adminItem(id, { plan: "pro" })])]);
    expect(await User.fromID(id)).toMatchObject({ plan: "pro", askedForProAt: undefined });
  }
});
