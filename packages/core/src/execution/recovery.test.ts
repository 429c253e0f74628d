import { expect, test } from "vitest";
import { recoverEach } from "./recovery.ts";

test("one row that takes forever, and one that fails, hold up none of the others", async () => {
  const begun: string[] = [];
  let [running, most] = [0, 0];
  const acted = await recoverEach(
    ["stuck", ...Array.from({ length: 8 }, (_, at) => `row-${at}`), "broken"],
    async (id) => {
      begun.push(id);
      most = Math.max(most, ++running);
      if (id === "stuck") return new Promise(() => undefined);
      await new Promise(setImmediate);
      running--;
      if (id === "broken") throw new Error("broken");
      return true;
    },
    { lanes: 3, milliseconds: 100 },
  );
  expect(acted).toBe(8);
  expect(begun).toHaveLength(10);
  expect(most).toBe(3);
});
