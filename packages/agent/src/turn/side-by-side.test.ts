import { expect, test } from "vitest";
import { inOrder } from "./side-by-side.ts";

const reads = (call: string) => call.startsWith("read");

/** What begins and ends, in order. Calls end only when `free` lets them, or at once without it. */
async function logOf(calls: readonly string[], ends: Readonly<Record<string, Promise<void>>> = {}): Promise<string[]> {
  const log: string[] = [];
  const run = async (call: string) => {
    log.push(`${call} begins`);
    await ends[call];
    log.push(`${call} ends`);
    return call.toUpperCase();
  };
  for await (const [call, result] of inOrder(calls, { reads, run })) log.push(`${call}: ${result}`);
  return log;
}

test("reads in a row run side by side, and are told in their order", async () => {
  const second = Promise.withResolvers<void>();
  const log = await logOf(["read 1", "read 2"], {
    // The first ends only after the second.
    "read 1": second.promise.then(() => undefined),
    "read 2": Promise.resolve().then(second.resolve),
  });
  expect(log.slice(0, 2)).toEqual(["read 1 begins", "read 2 begins"]);
  expect(log.filter((line) => line.includes(":"))).toEqual(["read 1: READ 1", "read 2: READ 2"]);
});

test("a write begins after all before it have ended, and nothing begins before it has", async () => {
  const log = await logOf(["read 1", "write", "read 2", "read 3"]);
  const at = (line: string) => log.indexOf(line);
  expect(at("read 1 ends")).toBeLessThan(at("write begins"));
  expect(at("write ends")).toBeLessThan(at("read 2 begins"));
  expect(at("read 3 begins")).toBeLessThan(at("read 2 ends"));
});

test("only a few run at once, and all of many run", async () => {
  let [running, most] = [0, 0];
  const run = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
  };
  let told = 0;
  const calls = Array.from({ length: 100 }, (_, at) => `read ${at}`);
  for await (const _ of inOrder(calls, { reads, run })) told++;
  expect(told).toBe(100);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(8);
});

test("a call that fails is thrown in its turn", async () => {
  const run = (call: string) => (call === "read 2" ? Promise.reject(new Error("lost")) : Promise.resolve(call));
  const told: string[] = [];
  const all = async () => {
    for await (const [call] of inOrder(["read 1", "read 2", "read 3"], { reads, run })) told.push(call);
  };
  await expect(all()).rejects.toThrow("lost");
  expect(told).toEqual(["read 1"]);
});
