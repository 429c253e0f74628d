import { editCorpus, outcomeOf, type Outcome } from "./edit-corpus.ts";
import type { RecordFigure } from "./record.ts";

const count = 3000;

/** Random edits with the faults of models. None may be wrong; how many are applied is printed by form and fault. */
export function edits(record: RecordFigure): void {
  const table: { [fault: string]: { [outcome in Outcome]: number } & { recall: string } } = {};
  for (const each of editCorpus(1, count)) {
    const row = (table[`${each.form}, ${each.mutation}`] ??= { right: 0, refused: 0, wrong: 0, recall: "" });
    row[outcomeOf(each)]++;
  }
  const rows = Object.values(table);
  for (const row of rows) row.recall = `${Math.round((100 * row.right) / (row.right + row.refused + row.wrong))} %`;
  console.table(Object.fromEntries(Object.entries(table).toSorted(([a], [b]) => a.localeCompare(b))));
  const total = (outcome: Outcome) => rows.reduce((sum, row) => sum + row[outcome], 0);
  record("edits that are wrong", total("wrong"), `of ${count}`, 0);
  record("edits that are right", (100 * total("right")) / count, "%", 100);
  if (total("wrong") > 0) throw new Error(`${total("wrong")} edits gave another text than was meant.`);
}
