import { afterAll, beforeAll, expect, test } from "vitest";
import { storageForCore } from "../../../../test/support/storage.ts";

let storage: Awaited<ReturnType<typeof storageForCore>>;
let Project: typeof import("./project.ts");
const ada = { userID: "usr_ada" };

beforeAll(async () => {
  storage = await storageForCore();
  Project = await import("./project.ts");
});
afterAll(() => storage.remove());

test("60 concurrent changes of different fields all survive", async () => {
  for (let round = 0; round < 10; round++) {
    const { id } = await Project.create(ada, { name: "before" });
    const settings = {
      installCommand: `install ${round}`,
      devCommand: `dev ${round}`,
      testCommand: `test ${round}`,
      model: `model ${round}`,
      approvalPolicy: "deny" as const,
    };
    await Promise.all([
      Project.update(ada, id, { name: `name ${round}` }),
      ...Object.entries(settings).map(([field, value]) => Project.update(ada, id, { settings: { [field]: value } })),
    ]);
    expect(await Project.fromID(ada, id)).toMatchObject({ name: `name ${round}`, settings });
  }
});

test("of concurrent changes of one field one wins whole, and the other fields stay", async () => {
  const { id } = await Project.create(ada, { name: "before" });
  await Project.update(ada, id, { settings: { devCommand: "npm run dev" } });
  const names = Array.from({ length: 20 }, (_, at) => `name ${at}`);
  await Promise.all(names.map((name) => Project.update(ada, id, { name })));
  const project = await Project.fromID(ada, id);
  expect(names).toContain(project.name);
  expect(project.settings.devCommand).toBe("npm run dev");
});

test("an update of nothing changes nothing", async () => {
  const before = await Project.create(ada, { name: "same" });
  expect(await Project.update(ada, before.id, { settings: {} })).toEqual(before);
});

test("a setting can be cleared", async () => {
  const { id } = await Project.create(ada, {});
  await Project.update(ada, id, { settings: { devCommand: "npm run dev", sandboxPrestart: true } });
  const { settings } = await Project.update(ada, id, { settings: { devCommand: "", sandboxPrestart: false } });
  expect(settings).toMatchObject({ devCommand: "", sandboxPrestart: false });
});
