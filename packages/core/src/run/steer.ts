import { updateItem, type WriteItem } from "../table/table.ts";
import { SteerEntity } from "./run.entity.ts";

export interface Steer {
  messageID: string;
  text: string;
  /** The step it joined; undefined while it waits for the next one. */
  step: number | undefined;
  /** What the model was told: absent of a message that a run left unanswered. */
  hash: string | undefined;
}

/** Everything that people added to a run while it was going, oldest first. */
export async function steers(runID: string): Promise<Steer[]> {
  const { data } = await SteerEntity.query.byRun({ runID }).go({ pages: "all", consistent: true });
  return data.map(({ messageID, text, step, hash }) => ({ messageID, text, step, hash }));
}

/** Marks a message as joined, told as what is stored under `hash`. Fails its transaction when it has joined already. */
export function joinItem(runID: string, messageID: string, step: number, hash?: string): WriteItem {
  return updateItem(
    SteerEntity.patch({ runID, messageID })
      .set({ step, ...(hash === undefined ? {} : { hash }) })
      .where((attribute, operation) => operation.notExists(attribute.step)),
  );
}
