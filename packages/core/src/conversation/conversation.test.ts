import { afterAll, beforeAll, expect, test } from "vitest";
import { storageForCore } from "../../../../test/support/storage.ts";

let storage: Awaited<ReturnType<typeof storageForCore>>;
let Conversation: typeof import("./conversation.ts");
let Conversations: typeof import("./system.ts");
let project: string;
const ada = { userID: "usr_ada" };

beforeAll(async () => {
  storage = await storageForCore();
  Conversation = await import("./conversation.ts");
  Conversations = await import("./system.ts");
  const Project = await import("../project/project.ts");
  project = (await Project.create(ada, {})).id;
});
afterAll(() => storage.remove());

const titleOf = async (id: string) => (await Conversation.fromID(ada, id)).title;

test("a suggested title names a conversation without one, once", async () => {
  const { id } = await Conversation.create(ada, project);
  await Conversations.suggestTitle(id, "First suggestion");
  await Conversations.suggestTitle(id, "Second suggestion");
  expect(await titleOf(id)).toBe("First suggestion");
});

test("a suggested title never replaces a name that its owner gives at the same time", async () => {
  for (let round = 0; round < 20; round++) {
    const { id } = await Conversation.create(ada, project);
    await Promise.all([
      Conversation.rename(ada, id, `Mine ${round}`),
      ...Array.from({ length: 3 }, (_, at) => Conversations.suggestTitle(id, `Suggestion ${at}`)),
    ]);
    expect(await titleOf(id)).toBe(`Mine ${round}`);
  }
});

test("a suggestion for a conversation that is gone changes nothing", async () => {
  const { id } = await Conversation.create(ada, project);
  await Conversation.remove(ada, id);
  await Conversations.suggestTitle(id, "Too late");
  await expect(Conversation.fromID(ada, id)).rejects.toMatchObject({ code: "not_found" });
});
