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

test("asking for more is recorded once, and admins find it until it is answered", async () => {
  const ada = await User.create({ name: "Ada" });
  await User.askForMore(ada);
  const first = (await User.fromID(ada.id))?.askedForProAt;
  expect(first).toEqual(expect.any(Number));
  await User.askForMore(ada);
  expect((await User.fromID(ada.id))?.askedForProAt).toBe(first);
  expect(await Users.requests()).toEqual([{ userID: ada.id, name: "Ada", plan: "free", at: first }]);
  await Table.transact(Users.adminItems(ada.id, { plan: "pro" }));
  expect(await User.fromID(ada.id)).toMatchObject({ plan: "pro", askedForProAt: undefined });
  expect(await Users.requests()).toEqual([]);
});

test("a person on Pro asks for a higher limit, which answers the request", async () => {
  const { id } = await User.create({ name: "Bea" });
  await User.update(id, { plan: "pro" });
  await User.askForMore({ id, name: "Bea", plan: "pro" });
  expect(await Users.requests()).toMatchObject([{ userID: id, plan: "pro" }]);
  await Table.transact(Users.adminItems(id, { limit: 100 }));
  expect(await User.fromID(id)).toMatchObject({ limit: 100, askedForProAt: undefined });
  expect(await Users.requests()).toEqual([]);
});

test("a request never outlives the plan that an admin grants at the same time", async () => {
  for (let round = 0; round < 20; round++) {
    const ada = await User.create({ name: "Ada" });
    await Promise.all([User.askForMore(ada), Table.transact(Users.adminItems(ada.id, { plan: "pro" }))]);
    expect(await User.fromID(ada.id)).toMatchObject({ plan: "pro", askedForProAt: undefined });
    expect(await Users.requests()).toEqual([]);
  }
});
