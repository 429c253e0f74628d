import { headOf } from "@slipway/contract/cut";
import { now } from "../clock/clock.ts";
import { putItem, type WriteItem } from "../table/table.ts";
import { RejectionEntity } from "./review.entity.ts";

/** What a person reverted of a run's changes. The model is told on its next turn. */
export interface Rejection {
  runID: string;
  /** A sentence for the model. */
  text: string;
}

/** Records the rejection under the revision of the commit that carried it out, so that undoing that commit clears it. */
export function rejectionItem(projectID: string, rev: number, { runID, text }: Rejection): WriteItem {
  return putItem(RejectionEntity.put({ projectID, rev, runID, note: headOf(text, 4000), at: now() }));
}

/** Adds the files that kept the run's changes. */
export function withKept({ runID, text }: Rejection, kept: readonly string[]): Rejection {
  if (kept.length === 0) return { runID, text };
  return { runID, text: `${text} It stays in ${kept.slice(0, 50).join(", ")}, which they had edited since.` };
}

/** Forgets the rejections that a range of commits carried out: undoing a rejection withdraws it. */
export async function forgetIn(projectID: string, { from, to }: { from: number; to: number }): Promise<void> {
  const { data } = await RejectionEntity.query
    .byRev({ projectID })
    .between({ rev: from + 1 }, { rev: to })
    .go({ pages: "all" });
  await Promise.all(data.map(({ rev }) => RejectionEntity.delete({ projectID, rev }).go()));
}
