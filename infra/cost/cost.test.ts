import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { synthesise, type Synth } from "../synth/synth.ts";
import { activeHourCost, dollarsOf, idleMonth, runMinuteCost, total, type Prices } from "./cost.ts";
import { costDocument } from "./document.ts";
import type { Measured } from "./usage.ts";

const read = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, name), "utf8"));
const prices = read("prices.json") as Prices;
const measured = read("measured.json") as Measured;
let synth: Synth;

beforeAll(() => {
  synth = synthesise("production");
});

test("docs/cost.md is current", () => {
  // `npm run cost` writes it.
  expect(readFileSync(join(import.meta.dirname, "../../docs/cost.md"), "utf8")).toBe(
    costDocument(synth, measured, prices),
  );
});

test("an idle month costs less than three dollars, and a minute of a run less than a cent besides its model", () => {
  expect(total(idleMonth(synth, measured, prices))).toBeLessThan(3);
  expect(total(activeHourCost(measured, prices))).toBeLessThan(0.01);
  // Socket messages and writes of the table, not only the function's time.
  expect(runMinuteCost(measured, prices)).toBeGreaterThan(60 * prices.lambdaGBSeconds);
  expect(runMinuteCost(measured, prices)).toBeLessThan(0.01);
});

test("refuses a resource type without a price", () => {
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
    egressBytes: 0,
    logBytes: 0,
  };
  expect(dollarsOf(none, prices)).toEqual([]);
  expect(dollarsOf({ ...none, writeUnits: 1_000_000, logBytes: 1e9, egressBytes: 1e9 }, prices)).toEqual([
    { what: "writeUnits", dollars: 0.625 },
    { what: "logBytes", dollars: 0.5 },
    { what: "egressBytes", dollars: 0.09 },
  ]);
  // A million HTTPS requests, as many calls of the router's function, and five reads by each.
  const [requests] = dollarsOf({ ...none, requests: 1_000_000 }, prices);
  expect(requests?.dollars).toBeCloseTo(1 + 0.1 + 5 * 0.03, 6);
});
