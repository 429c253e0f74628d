import { afterEach, expect, test, vi } from "vitest";
import { createAccess } from "./sandbox-access.ts";

afterEach(() => vi.useRealTimers());

test("one token serves all sockets until it nearly expires", async () => {
  vi.useFakeTimers({ now: 0 });
  let asked = 0;
  const access = createAccess("prj_1", () =>
    Promise.resolve({ url: "ws://sandbox/terminal", token: `t${++asked}`, expiresAt: Date.now() + 300_000 }),
  );
  const [first, second] = await Promise.all([access.get(), access.get()]);
  expect([first.token, second.token, asked]).toEqual(["t1", "t1", 1]);
  vi.setSystemTime(239_000);
  expect((await access.get()).token).toBe("t1");
  vi.setSystemTime(241_000);
  expect((await access.get()).token).toBe("t2");
});

test("a refusal is not kept", async () => {
  let isRunning = false;
  const access = createAccess("prj_1", () =>
    isRunning
      ? Promise.resolve({ url: "ws://sandbox/terminal", token: "t", expiresAt: Date.now() + 300_000 })
      : Promise.reject(new Error("not running")),
  );
  await expect(access.get()).rejects.toThrow("not running");
  isRunning = true;
  expect((await access.get()).token).toBe("t");
});
