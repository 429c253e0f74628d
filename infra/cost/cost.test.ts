import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { synthesise, type Synth } from "../synth/synth.ts";
import { activeHourCost, dollarsOf, idleMonth, total, type Prices } from "./cost.ts";
import { costDocument } from "./document.ts";
import type { Measured } from "./usage.ts";

const read = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, name), "utf8"));
const prices = read("prices.json") as Prices;
const measured = read("measured.json") as Measured;
let synth: Synth;

beforeAll(() => {
  synth = synthesise("production");
}, 60_000);

test("the document is what today's stack, measures and prices come to", () => {
  // Not so? `npm run cost` writes it.
  expect(readFileSync(join(import.meta.dirname, "../../docs/cost.md"), "utf8")).toBe(
    costDocument(synth, measured, prices),
  );
});

test("an idle month costs less than three dollars, and a run less than half a cent besides its model", () => {
  expect(total(idleMonth(synth, measured, prices))).toBeLessThan(3);
  expect(total(activeHourCost(measured, prices))).toBeLessThan(0.01);
  expect(total(dollarsOf(measured.operations.run, prices))).toBeLessThan(0.005);
});

test("a kind of resource that nobody has priced is not taken for free", () => {
  const dear = structuredClone(synth);
  dear.resources.push({ type: "aws:ec2/natGateway:NatGateway", name: "Nat", inputs: {} });
  expect(() => idleMonth(dear, measured, prices)).toThrow("aws:ec2/natGateway:NatGateway");
});

test("more alarms and a schedule that runs more often cost more", () => {
  const before = total(idleMonth(synth, measured, prices));
  const dear = structuredClone(synth);
  const again = dear.resources.filter(({ type }) => /metricAlarm|scheduler/.test(type));
  dear.resources.push(...again);
  expect(total(idleMonth(dear, measured, prices))).toBeCloseTo(2 * before, 6);
});

test("each unit is charged at its price", () => {
  const none = {
    readUnits: 0,
    writeUnits: 0,
    s3Reads: 0,
    s3Writes: 0,
    lambdaRequests: 0,
    lambdaGBSeconds: 0,
    transitions: 0,
    messages: 0,
    requests: 0,
    logBytes: 0,
  };
  expect(dollarsOf(none, prices)).toEqual([]);
  expect(dollarsOf({ ...none, writeUnits: 1_000_000, logBytes: 1e9 }, prices)).toEqual([
    { what: "writeUnits", dollars: 0.625 },
    { what: "logBytes", dollars: 0.5 },
  ]);
});
