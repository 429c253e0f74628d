import { afterAll, beforeAll, expect, test } from "vitest";
import { storageForCore } from "../../../../test/support/storage.ts";

let storage: Awaited<ReturnType<typeof storageForCore>>;
let Project: typeof import("./project.ts");
let Projects: typeof import("./system.ts");
const ada = { userID: "usr_ada" };

beforeAll(async () => {
  storage = await storageForCore();
  Project = await import("./project.ts");
  Projects = await import("./system.ts");
});
afterAll(() => storage.remove());

test("60 concurrent changes of different fields all survive", async () => {
  for (let round = 0; round < 10; round++) {
    const { id } = await Project.create(ada, { name: "before" });
    const settings = {
      installCommand: `install ${round}`,
      devCommand: `dev ${round}`,
      testCommand: `test ${round}`,
      model: "demo",
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

test("a model that is not offered is refused, and nothing of the change is kept", async () => {
  const { id } = await Project.create(ada, { name: "before" });
  const changing = Project.update(ada, id, { name: "after", settings: { model: "gpt-99" } });
  await expect(changing).rejects.toThrow("gpt-99 is not offered here");
  expect(await Project.fromID(ada, id)).toMatchObject({ name: "before", settings: { model: "" } });
});

test("a model that has gone does not keep other settings from being changed", async () => {
  const { id } = await Project.create(ada, {});
  const { ProjectEntity } = await import("./project.entity.ts");
  await ProjectEntity.patch({ projectID: id })
    .data(({ settings }, { set }) => set(settings.model, "gone-model"))
    .go();
  const settings = { model: "gone-model", devCommand: "npm run dev" };
  expect(await Project.update(ada, id, { settings })).toMatchObject({ settings });
});

test("a setting can be cleared", async () => {
  const { id } = await Project.create(ada, {});
  await Project.update(ada, id, { settings: { devCommand: "npm run dev", sandboxPrestart: true } });
  const { settings } = await Project.update(ada, id, { settings: { devCommand: "", sandboxPrestart: false } });
  expect(settings).toMatchObject({ devCommand: "", sandboxPrestart: false });
});

test("the first title names a project that nobody has named, once, with what was asked for", async () => {
  const { id } = await Project.create(ada, {});
  expect(await Projects.suggestName(id, { title: "Pomodoro timer", asked: "a timer\nwith a bell" })).toBe(true);
  expect(await Projects.suggestName(id, { title: "Dark mode", asked: "make it dark" })).toBe(false);
  expect(await Project.fromID(ada, id)).toMatchObject({ name: "Pomodoro timer", description: "a timer with a bell" });
});

test("a title never replaces a name that a person has given, before or at the same time", async () => {
  const { id } = await Project.create(ada, { name: "Mine" });
  await Projects.suggestName(id, { title: "Title", asked: "x" });
  expect((await Project.fromID(ada, id)).name).toBe("Mine");
  for (let round = 0; round < 20; round++) {
    const made = await Project.create(ada, {});
    await Promise.all([
      Projects.suggestName(made.id, { title: "Title", asked: "x" }),
      Project.update(ada, made.id, { name: `Mine ${round}` }),
    ]);
    expect((await Project.fromID(ada, made.id)).name).toBe(`Mine ${round}`);
  }
});

test.each([
  ["A pomodoro timer\nwith Vite", "A pomodoro timer with Vite"],
  ["word ".repeat(100), `${"word ".repeat(58)}word…`],
  ["一".repeat(400), `${"一".repeat(299)}…`],
  ["👩‍👩‍👧".repeat(400), `${"👩‍👩‍👧".repeat(299)}…`],
  ["\u0000\u0007", ""],
])("a prompt becomes a description of one line", (prompt, description) => {
  expect(Projects.descriptionFrom(prompt)).toBe(description);
});
