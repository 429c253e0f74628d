import { afterAll, beforeAll, expect, test } from "vitest";
import { storageForCore } from "../../../../test/support/storage.ts";

let storage: Awaited<ReturnType<typeof storageForCore>>;
let Admin: typeof import("./admin.ts");
let User: typeof import("../user/user.ts");
let admin: { userID: string };

beforeAll(async () => {
  storage = await storageForCore();
  Admin = await import("./admin.ts");
  User = await import("../user/user.ts");
  const { id } = await User.create({ name: "Admin", email: "admin@example.com" });
  admin = { userID: id };
});
afterAll(() => storage.remove());

test("concurrent changes of the two plans' limits both survive", async () => {
  for (let round = 1; round <= 30; round++) {
    await Promise.all([Admin.setLimits(admin, { free: round }), Admin.setLimits(admin, { pro: 100 + round })]);
    expect(await Admin.limits(admin)).toEqual({ free: round, pro: 100 + round });
  }
});

test("concurrent changes of one person's plan, limit and request all survive", async () => {
  const { id } = await User.create({ name: "Ada" });
  for (let round = 1; round <= 20; round++) {
    const plan = round % 2 === 0 ? ("free" as const) : ("pro" as const);
    await Promise.all([
      Admin.change(admin, id, { plan }),
      Admin.change(admin, id, { limit: round }),
      User.update(id, { name: `Ada ${round}` }),
    ]);
    expect(await User.fromID(id)).toMatchObject({ plan, limit: round, name: `Ada ${round}` });
  }
});

test("the audit names the admin, and nobody else may set limits", async () => {
  const line = (await Admin.audit(admin)).entries.at(0);
  expect(line).toMatchObject({ byName: "Admin" });
  await expect(Admin.setLimits({ userID: "usr_other" }, { free: 1 })).rejects.toMatchObject({ code: "not_allowed" });
});
