import { afterAll, beforeAll, expect, test } from "vitest";
import { storageForCore } from "../../../../test/support/storage.ts";
import type { ToolContext } from "./tool.ts";

let storage: Awaited<ReturnType<typeof storageForCore>>;
let asks: (command: string, cwd?: string) => Promise<string[]>;
let put: (path: string) => Promise<unknown>;

beforeAll(async () => {
  storage = await storageForCore();
  const File = await import("@slipway/core/file");
  const FileStore = await import("@slipway/core/file/system");
  const Member = await import("../../../core/src/member/member.ts");
  const Table = await import("../../../core/src/table/table.ts");
  const Id = await import("@slipway/core/id");
  const { runCommand } = await import("./run-command.ts");
  const [actor, projectID] = [{ userID: "usr_ada" }, Id.create("project")];
  await Table.transact([
    FileStore.headItem(projectID),
    Member.createItem({ projectID, userID: actor.userID, role: "owner", kind: "project" }),
  ]);
  put = (path) => File.commit(actor, projectID, { changes: [{ op: "put", path, content: "KEY" }] });
  asks = async (command, cwd) => {
    const risk = await runCommand.bind({ command, cwd }).risk({ actor, projectID } as ToolContext);
    if (!Array.isArray(risk)) throw new Error("no parts");
    return risk.flatMap(({ answer, reason }) => (answer === "ask" ? [reason] : []));
  };
});
afterAll(() => storage.remove());

const readingAll = ["rg KEY", "r''g KEY", "git diff", "git show", "git log -p", "grep -rn KEY", "git status -v"];

test("commands that read whole folders ask only where a file in them may hold secrets", async () => {
  await put("src/a.ts");
  for (const command of readingAll) expect(await asks(command), command).toEqual([]);
  await put("config/server.key");
  for (const command of readingAll) expect(await asks(command), command).toEqual([expect.stringMatching(/secrets/)]);

  for (const command of ["rg KEY src", "rg KEY ./src/", "git diff -- src", "git blame src/a.ts"])
    expect(await asks(command), command).toEqual([]);
  expect(await asks("rg KEY a", "src")).toEqual([]);
  for (const command of ["rg KEY config", "rg KEY ./config", "git diff -- src config", "cd config && rg KEY src"])
    expect(await asks(command), command).toHaveLength(1);
  expect(await asks("rg KEY .", "config")).toHaveLength(1);
});
