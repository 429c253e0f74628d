import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startPeers, type Peers } from "../../../../test/support/sandboxes.ts";
import { storageForCore } from "../../../../test/support/storage.ts";

/** Launches and what becomes of them, against real storage and the ECS endpoint. */

let storage: Awaited<ReturnType<typeof storageForCore>>;
let peers: Peers;
let Sandbox: typeof import("./sandbox.ts");
let Sandboxes: typeof import("./system.ts");
let Record: typeof import("./record.ts");
let Clock: typeof import("../clock/clock.ts");
let Id: typeof import("../id/id.ts");
let Table: typeof import("../table/table.ts");
let Member: typeof import("../member/member.ts");
let Blob: typeof import("../blob/blob.ts");
let release: (() => void) | undefined;
let ada: { userID: string };

const minute = 60_000;

beforeAll(async () => {
  storage = await storageForCore();
  peers = await startPeers();
  Sandbox = await import("./sandbox.ts");
  Sandboxes = await import("./system.ts");
  Record = await import("./record.ts");
  Clock = await import("../clock/clock.ts");
  Id = await import("../id/id.ts");
  Table = await import("../table/table.ts");
  Member = await import("../member/member.ts");
  Blob = await import("../blob/blob.ts");
});
afterAll(async () => {
  await peers.close();
  await storage.remove();
});
beforeEach(() => {
  ada = { userID: Id.create("user") };
});
afterEach(async () => {
  release?.();
  release = undefined;
  Object.assign(peers, {
    failWith: undefined,
    areSilent: false,
    packing: Promise.resolve(),
    onOpen: undefined,
    health: { idleMs: 0 },
  });
  for (const task of peers.live()) await peers.kill(task);
});

/** Lets the clock run ahead by this much from now on. */
function later(milliseconds: number): void {
  release?.();
  release = Clock.hold(() => Date.now() + milliseconds);
}

async function active(actor = ada, projectID?: string) {
  let sandbox = await Sandbox.launch(actor, projectID);
  while (sandbox.state === "creating") sandbox = await Sandbox.current(actor);
  expect(sandbox).toMatchObject({ state: "active" });
  return sandbox;
}

async function newProject(owner = ada): Promise<string> {
  const projectID = Id.create("project");
  await Table.transact([Member.createItem({ projectID, userID: owner.userID, role: "owner", kind: "project" })]);
  return projectID;
}
const record = async (actor = ada) => {
  const found = await Record.find(Record.idOf(actor.userID));
  if (!found) throw new Error("no sandbox");
  return found;
};

/** A launch that has started this task. */
async function startedAs(actor: { userID: string }, task: string): Promise<void> {
  const locked = await Record.lock(undefined, actor.userID);
  if (!locked) throw new Error("no lock");
  await Record.change(locked, { task, steps: Record.begin(locked.steps, "connect") });
}

describe("a launch", () => {
  test("starts one task, binds it, and records its steps; the next one is instant", async () => {
    const sandbox = await active();
    expect(sandbox).toMatchObject({ path: "cold" });
    expect(sandbox.steps.map(({ name, endedAt, error }) => [name, endedAt !== undefined, error])).toEqual([
      ["start", true, undefined],
      ["connect", true, undefined],
    ]);
    expect(peers.claims.at(-1)).toEqual({ sandbox: sandbox.id, epoch: 1 });
    const before = await storage.stats();
    expect(await Sandbox.launch(ada)).toMatchObject({ state: "active", path: "instant" });
    const { dynamodb } = await storage.stats();
    const reads = (stats: typeof before) => stats.dynamodb.GetItem?.requests ?? 0;
    expect(dynamodb.GetItem?.requests).toBe(reads(before) + 1);
    expect(peers.live()).toHaveLength(1);
  });

  test("of twenty people with four tabs each at once starts twenty sandboxes", async () => {
    const people = Array.from({ length: 20 }, () => ({ userID: Id.create("user") }));
    const before = peers.started();
    await Promise.all(people.flatMap((actor) => Array.from({ length: 4 }, () => active(actor))));
    expect(peers.started() - before).toBe(20);
    expect(peers.live()).toHaveLength(20);
    expect(new Set(peers.live().map(({ startedBy }) => startedBy)).size).toBe(20);
  });

  test("that fails says why, leaves no task, and can be tried again", async () => {
    peers.failWith = "Sandboxes need bubblewrap on this machine.";
    let sandbox = await Sandbox.launch(ada);
    while (sandbox.state === "creating") sandbox = await Sandbox.current(ada);
    expect(sandbox).toMatchObject({ state: "stopped", stoppedReason: peers.failWith });
    expect(sandbox.steps.at(-1)).toMatchObject({ name: "connect", error: peers.failWith });
    expect(peers.live()).toEqual([]);
    peers.failWith = undefined;
    await active();
  });

  test("waits for room, and says so; what only a change can mend it does not ask for again", async () => {
    peers.faults.refuse = { code: "ClientException", message: "Capacity is unavailable at this time." };
    const waiting = await Sandbox.launch(ada);
    expect(waiting).toMatchObject({ state: "creating" });
    expect(waiting.steps).toMatchObject([{ name: "start", note: expect.stringContaining("no room") }]);
    peers.faults.refuse = undefined;
    later(10_000);
    await active();
    expect((await record()).epoch).toBe(1);

    const eve = { userID: Id.create("user") };
    peers.faults.refuse = { code: "ClientException", message: "TaskDefinition is inactive" };
    expect(await Sandbox.launch(eve)).toMatchObject({
      state: "stopped",
      stoppedReason: expect.stringContaining("Ask its administrator"),
    });
    const bob = { userID: Id.create("user") };
    peers.faults.refuse = { code: "ClientException", message: "Capacity is unavailable at this time." };
    await Sandbox.launch(bob);
    later(6 * minute);
    expect(await Sandbox.current(bob)).toMatchObject({ state: "stopped" });
    peers.faults.refuse = undefined;
  });

  test("that fails is paid, and one pass that fails ends no task that another has made active", async () => {
    await startedAs(ada, "gone");
    later(6 * minute);
    await Sandboxes.sweep();
    const { SandboxUseEntity } = await import("./sandbox.entity.ts");
    const { data } = await SandboxUseEntity.query.byUser({ userID: ada.userID, month: Clock.month() }).go();
    expect(data).toMatchObject([{ epoch: 1, seconds: expect.closeTo(360, -1) }]);

    release?.();
    const { fail } = await import("./launch.ts");
    await active();
    const late = { ...(await record()), state: "creating" as const };
    expect(await fail(late, "It did not answer.")).toMatchObject({ state: "active" });
    expect(peers.live().filter(({ isWanted }) => isWanted)).toHaveLength(1);
  });

  test("waits for a task that ECS does not know yet, and gives up one that it has lost", async () => {
    peers.faults.unknownAtFirst = true;
    await active();
    peers.faults.unknownAtFirst = false;
    const eve = { userID: Id.create("user") };
    await startedAs(eve, "gone");
    expect(await Sandbox.current(eve)).toMatchObject({ state: "creating" });
    later(2 * minute);
    expect(await Sandbox.current(eve)).toMatchObject({ state: "stopped", stoppedReason: "The task is gone." });
  });

  test("whose runner never answers is given up after five minutes", async () => {
    peers.areSilent = true;
    const lock = await Record.lock(undefined, ada.userID);
    expect(lock).toBeDefined();
    later(6 * minute);
    await Sandboxes.sweep();
    expect(await Sandbox.current(ada)).toMatchObject({ state: "stopped" });
  });

  test("that was killed after any step is finished by the next look", async () => {
    // Locked, and nothing more.
    await Record.lock(undefined, ada.userID);
    expect((await active()).state).toBe("active");

    // Started, and not recorded: the same token finds the same task.
    const eve = { userID: Id.create("user") };
    const locked = await Record.lock(undefined, eve.userID);
    const { fargate } = await import("./fargate.ts");
    const { runnerEnvironment } = await import("./launch.ts");
    const token = `${locked?.sandboxID}-${locked?.epoch}`;
    const task = await fargate.start({ token, owner: locked?.sandboxID ?? "", environment: runnerEnvironment() });
    await active(eve);
    expect((await record(eve)).task).toBe(task);
  });

  test("of a holder that comes too late is refused, and its task is stopped", async () => {
    const first = await Record.lock(undefined, ada.userID);
    if (!first) throw new Error("no lock");
    expect(await Record.lock(await record(), ada.userID)).toBeUndefined();
    later(6 * minute);
    const second = await Record.lock(await record(), ada.userID);
    expect(second?.epoch).toBe(2);
    expect(await Record.change(first, { task: "late" })).toBeUndefined();
    expect(await Record.change({ ...first, state: "creating" }, { state: "active" })).toBeUndefined();
  });
});

describe("the sweep", () => {
  test("stops every task that no row accounts for, and no other", async () => {
    const { id } = await active();
    const { fargate } = await import("./fargate.ts");
    const { runnerEnvironment } = await import("./launch.ts");
    const lost = Id.create("sandbox");
    await fargate.start({ token: lost, owner: lost, environment: runnerEnvironment() });
    const owners = () => peers.live().map(({ startedBy }) => startedBy);
    await Sandboxes.sweep();
    // It may belong to a launch that is about to record it.
    expect(owners()).toEqual(expect.arrayContaining([id, lost]));
    later(3 * minute);
    await Sandboxes.sweep();
    await expect.poll(owners).not.toContain(lost);
    expect(owners()).toContain(id);
  });

  test("notices that a task is gone, and the next launch brings another", async () => {
    await active();
    const [task] = peers.live();
    if (!task) throw new Error("no task");
    await peers.kill(task);
    // A page that has lost its connection looks.
    expect(await Sandbox.current(ada)).toMatchObject({
      state: "stopped",
      // Its disk has gone with it.
      stoppedReason: expect.stringMatching(/unexpectedly\..*What a command wrote in the last seconds may be lost/),
    });
    release?.();
    expect((await active()).path).toBe("cold");
    expect((await record()).epoch).toBe(2);
  });

  test("stops what nobody has used for half an hour, and keeps what sync ignores", async () => {
    const project = await newProject();
    await active(ada, project);
    later(31 * minute);
    await Sandboxes.sweep();
    // No tab is open, and a command still runs.
    expect(await Sandbox.current(ada)).toMatchObject({ state: "active" });
    peers.health = { idleMs: 31 * minute };
    await Sandboxes.sweep();
    await expect.poll(() => Sandbox.current(ada)).toMatchObject({ state: "stopped" });
    expect(await Blob.size(`snapshots/${project}/${Record.idOf(ada.userID)}`)).toBe(6);
    await expect.poll(() => peers.live()).toEqual([]);
  });

  test("leaves one that a tab keeps, and ends it after twelve hours all the same", async () => {
    await active();
    peers.health = { idleMs: 31 * minute };
    later(29 * minute);
    await Sandbox.heartbeat(ada);
    later(45 * minute);
    await Sandboxes.sweep();
    expect(await Sandbox.current(ada)).toMatchObject({ state: "active" });
    later(12 * 60 * minute + minute);
    await Sandbox.heartbeat(ada);
    await Sandboxes.sweep();
    await expect.poll(() => Sandbox.current(ada)).toMatchObject({ state: "stopped" });
  });

  test("ends one that answers nobody once no page has used it for half an hour", async () => {
    await active();
    peers.health = { idleMs: -1 };
    later(29 * minute);
    await Sandboxes.sweep();
    expect(await Sandbox.current(ada)).toMatchObject({ state: "active" });
    later(31 * minute);
    await Sandboxes.sweep();
    await expect
      .poll(() => Sandbox.current(ada))
      .toMatchObject({
        state: "stopped",
        stoppedReason: expect.stringContaining("did not answer"),
      });
  });

  test("a page's heartbeat leaves the index of the sweep alone", async () => {
    await active();
    const { SandboxEntity } = await import("./sandbox.entity.ts");
    const touched = async () =>
      (await SandboxEntity.query.byOpen({ open: "open" }).go({ pages: "all" })).data.find(
        ({ userID }) => userID === ada.userID,
      )?.touchedAt;
    const before = await touched();
    expect(before).toBeDefined();
    later(5 * minute);
    const { stopsAt = 0 } = await Sandbox.heartbeat(ada);
    expect(stopsAt - Clock.now()).toBeGreaterThan(29 * minute);
    expect(await touched()).toBe(before);
  });

  test("does not wait for a snapshot, and ends one that takes more than six minutes", async () => {
    const project = await newProject();
    await active(ada, project);
    peers.packing = new Promise(() => undefined);
    later(13 * 60 * minute);
    await Sandboxes.sweep();
    expect(await Sandbox.current(ada)).toMatchObject({ state: "stopping" });
    later(13 * 60 * minute + 5 * minute);
    await Sandboxes.sweep();
    expect(await Sandbox.current(ada)).toMatchObject({ state: "stopping" });
    expect(peers.live()).toMatchObject([{ isWanted: true }]);
    later(13 * 60 * minute + 7 * minute);
    await Sandboxes.sweep();
    expect(await Sandbox.current(ada)).toMatchObject({ state: "stopped" });
    expect(peers.live()).toMatchObject([{ isWanted: false }]);
  });
});

describe("a sandbox", () => {
  test("takes the last push of a task that stops, and none of an earlier launch", async () => {
    const project = await newProject();
    await active(ada, project);
    const { tokenFor } = await import("./access.ts");
    const { token } = tokenFor(await record(), { scope: "sync", projectID: project });
    await Sandbox.destroy(ada);
    expect(await Sandboxes.syncAccess(token, project)).toMatchObject({ userID: ada.userID });
    later(2 * minute);
    expect(await Sandboxes.syncAccess(token, project)).toBeUndefined();
    release?.();
    await active(ada, project);
    expect(await Sandboxes.syncAccess(token, project)).toBeUndefined();
  });

  test("is nobody else's: a project of others is not found", async () => {
    const project = await newProject();
    await active(ada, project);
    const eve = { userID: Id.create("user") };
    const refused = { code: "not_found" };
    await expect(Sandbox.launch(eve, project)).rejects.toMatchObject(refused);
    await expect(Sandbox.open(eve, project)).rejects.toMatchObject(refused);
    await expect(Sandbox.access(eve, project, { scope: "watch" })).rejects.toMatchObject(refused);
    await expect(Sandbox.session(eve, project, new AbortController().signal)).rejects.toMatchObject(refused);
    expect(await Sandbox.current(eve)).toMatchObject({ state: "stopped", steps: [] });
  });

  test("gives each preview a host of its own, by project and port", async () => {
    const [one, other] = [await newProject(), await newProject()];
    await active(ada, one);
    const hostOf = async (project: string, port: number) =>
      new URL((await Sandbox.access(ada, project, { scope: "preview", port, path: "/" })).url).host;
    const hosts = [await hostOf(one, 5173), await hostOf(other, 5173), await hostOf(one, 3000)];
    expect(new Set(hosts).size).toBe(3);
    for (const host of hosts) expect(host.split(".")[0]?.length).toBeLessThanOrEqual(63);
  });

  test("keeps what others write to a project's row while it is opened", async () => {
    const project = await newProject();
    await active(ada, project);
    const before = await record();
    const { open } = await import("./workspace.ts");
    const row = () => Record.workspaceOf(before.sandboxID, project);
    await Promise.all([open(before, project), Sandboxes.attribute(ada.userID, project, "run_one")]);
    expect(await row()).toMatchObject({ epoch: 1, runID: "run_one" });

    // Removed while it is opened: the row stays removed.
    peers.onOpen = () => Sandboxes.purge(project);
    await open(before, project);
    expect(await row()).toBeUndefined();

    // Opened under a launch that another has followed.
    peers.onOpen = undefined;
    await active(ada, project);
    peers.onOpen = async () => {
      const { WorkspaceEntity } = await import("./sandbox.entity.ts");
      await WorkspaceEntity.patch({ sandboxID: before.sandboxID, projectID: project }).set({ epoch: 3 }).go();
    };
    await open(await record(), project);
    expect(await row()).toMatchObject({ epoch: 3 });
  });

  test("is a run's until that run releases it, whatever another run does", async () => {
    const project = await newProject();
    await active(ada, project);
    const runOf = async () => (await Record.workspaceOf(Record.idOf(ada.userID), project))?.runID;
    await Sandboxes.attribute(ada.userID, project, "run_one");
    await Sandboxes.attribute(ada.userID, project, "run_two");
    await Sandboxes.release(ada.userID, project, "run_one");
    expect(await runOf()).toBe("run_two");
    await Sandboxes.release(ada.userID, project, "run_two");
    expect(await runOf()).toBeUndefined();
    await Sandbox.destroy(ada);
    await Sandboxes.release(ada.userID, project, "run_two");
    await Sandboxes.attribute(ada.userID, project, "run_two");
    expect(await Record.workspaceOf(Record.idOf(ada.userID), project)).toBeUndefined();
  });

  test("is paid by the projects that were open in it, once, and in its person's month", async () => {
    const [one, other] = [await newProject(), await newProject()];
    await active(ada, one);
    await Sandbox.launch(ada, other);
    later(60 * minute);
    const before = await record();
    await Sandbox.stop(ada);
    const { stopNow } = await import("./stop.ts");
    await stopNow(before, "It was stopped again.");
    const { SandboxUseEntity } = await import("./sandbox.entity.ts");
    const { data } = await SandboxUseEntity.query.byUser({ userID: ada.userID, month: Clock.month() }).go();
    expect(new Set(data.map(({ projectID }) => projectID))).toEqual(new Set([one, other]));
    for (const { seconds } of data) expect(Math.round(seconds / 10)).toBe(180);
    const { ofMany } = await import("../usage/system.ts");
    const { dollars = 0 } = (await ofMany([ada.userID])).get(ada.userID) ?? {};
    expect(dollars).toBeCloseTo(0.0445, 3);
  });

  test("that packs for long is not stopped by a look meanwhile, and keeps its snapshot", async () => {
    const project = await newProject();
    await active(ada, project);
    const { promise, resolve } = Promise.withResolvers<void>();
    peers.packing = promise;
    later(13 * 60 * minute);
    await Sandboxes.sweep();
    expect(await Sandbox.launch(ada, project)).toMatchObject({ state: "stopping" });
    expect(peers.live()).toMatchObject([{ isWanted: true }]);
    resolve();
    await expect.poll(() => Sandbox.current(ada)).toMatchObject({ state: "stopped" });
    expect(await Blob.size(`snapshots/${project}/${Record.idOf(ada.userID)}`)).toBe(6);
  });

  test("that is destroyed while it runs, or whose project is removed, writes no snapshot as it ends", async () => {
    const [one, other] = [await newProject(), await newProject()];
    await active(ada, one);
    await Sandbox.launch(ada, other);
    await Sandboxes.purge(other);
    await Sandbox.destroy(ada);
    await expect.poll(() => peers.live()).toEqual([]);
    expect(await Blob.list("snapshots/" + one)).toEqual([]);
    expect(await Blob.list("snapshots/" + other)).toEqual([]);
  });

  test("that is destroyed leaves nothing; a removed project neither", async () => {
    const [one, other] = [await newProject(), await newProject()];
    const eve = { userID: Id.create("user") };
    await active(ada, one);
    await Sandbox.stop(ada);
    expect(await Blob.list("snapshots/" + one)).toHaveLength(1);
    await Sandbox.destroy(ada);
    expect(await Blob.list("snapshots/" + one)).toEqual([]);
    const theirs = await newProject(eve);
    await active(eve, theirs);
    await Sandbox.stop(eve);
    await Sandboxes.purge(theirs);
    expect(await Blob.list("snapshots/" + theirs)).toEqual([]);
    expect(await Record.workspacesOf(Record.idOf(eve.userID))).toEqual([]);
    expect(other).toBeDefined();
  });
});
