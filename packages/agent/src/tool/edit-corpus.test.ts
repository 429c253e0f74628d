import { expect, test } from "vitest";
import { editCorpus, outcomeOf } from "../../../../test/bench/agent/edit-corpus.ts";

test("an edit with the faults of models gives exactly what was meant, or is refused", () => {
  const outcomes = editCorpus(2, 600).map((each) => ({ ...each, outcome: outcomeOf(each) }));
  expect(outcomes.filter(({ outcome }) => outcome === "wrong")).toEqual([]);
  expect(outcomes.filter(({ outcome }) => outcome === "right").length).toBeGreaterThan(300);
});
