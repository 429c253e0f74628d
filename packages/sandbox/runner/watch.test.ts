import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { ChangeSignal } from "./change-signal.ts";
import { serveWatch, type Watched } from "./watch.ts";

class Tab extends EventEmitter {
  bufferedAmount = 0;
  readonly told: unknown[] = [];
  send(text: string): void {
    this.told.push(JSON.parse(text));
  }
  close(): void {
    this.emit("close");
  }
}

test("ten tabs share one look at a project, and each is told each change", async () => {
  let looks = 0;
  let port = 3000;
  const changed = new ChangeSignal();
  const of: Watched = {
    project: {
      id: "prj_1",
      folder: "/tmp",
      commands: { list: () => [] },
      terminals: { list: () => [] },
      notices: [],
      info: () => ({
        state: "synced",
        rev: 1,
        pending: 0,
        conflicts: [],
        localOnly: [],
        missing: [],
        pulled: 0,
        error: null,
      }),
    },
    sandbox: "sbx_1",
    ports: {
      of() {
        looks++;
        return [{ port, pid: 1, program: "node", call: null }];
      },
    },
    notices: { read: () => [] },
    usage: undefined,
    activity: { idleMs: 0 },
    idleMs: 1000,
    changed,
  };
  const tabs = Array.from({ length: 10 }, () => new Tab());
  for (const tab of tabs) serveWatch(tab, of);
  await expect.poll(() => tabs.every(({ told }) => told.length === 1)).toBe(true);
  const before = looks;
  port = 4000;
  await expect.poll(() => tabs.every(({ told }) => told.length === 2)).toBe(true);
  // By the next look, and perhaps one more: not ten.
  expect(looks - before).toBeLessThan(5);
  expect(tabs[9]?.told[1]).toMatchObject({ ports: [{ port: 4000 }] });

  for (const tab of tabs) tab.close();
  const late = new Tab();
  serveWatch(late, of);
  await expect.poll(() => late.told.length).toBe(1);
  late.close();
});
