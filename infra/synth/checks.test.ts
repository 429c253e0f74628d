import { beforeAll, describe, expect, test } from "vitest";
import { checks } from "./checks/checks.ts";
import { synthesise, type Synth } from "./synth.ts";

/** The whole deployment, synthesised as by `npm run synth`. */

let production: Synth;
let trial: Synth;

beforeAll(() => {
  production = synthesise("production");
  trial = synthesise("trial");
});

describe("the deployment", () => {
  test.each(checks)("$name", ({ find, plant }) => {
    expect(find(production)).toEqual([]);
    expect(find(trial)).toEqual([]);
    const broken = structuredClone(production);
    plant(broken);
    expect(find(broken)).not.toEqual([]);
  });

  test("checks have distinct names, and are not lost", () => {
    expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
    expect(checks.length).toBeGreaterThanOrEqual(25);
  });
});
