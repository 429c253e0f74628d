import { z } from "zod";
import { putItem, updateItem, type WriteItem } from "../table/table.ts";
import { loadJSON, storeJSON } from "./large.ts";
import { StepEntity } from "./run.entity.ts";

/** Model steps: one row each, their messages in S3 by hash. */
export interface StoredStep {
  step: number;
  /** What the model said. */
  said: unknown[];
  /** What its tools answered, once all of them have. */
  results: unknown[] | undefined;
  progress: StepProgress;
}

/** A step whose tools have not all answered, by call id. */
export interface StepProgress {
  /** What finished calls tell the model, and the file that one shows it. */
  told: Record<string, { output: string; failed: boolean; file?: StepFile | undefined }>;
  /** Calls that answered "pending", with the time at which they were first run. */
  pending: Record<string, { handle: string; since: number }>;
}

/** In S3, under the run's prefix. */
const StepFile = z.object({ key: z.string(), type: z.string(), name: z.string() });
export type StepFile = z.infer<typeof StepFile>;

const Messages = z.array(z.unknown());
const Progress = z.object({
  told: z.record(z.string(), z.object({ output: z.string(), failed: z.boolean(), file: StepFile.optional() })),
  pending: z.record(z.string(), z.object({ handle: z.string(), since: z.number() })),
});

/** Puts what the model said into S3; the item makes it part of the run. With `results`, nothing of it is left to do. */
export async function stepItem(
  runID: string,
  step: number,
  { said, results }: { said: readonly unknown[]; results?: readonly unknown[] },
): Promise<WriteItem> {
  const hash = await storeJSON(runID, said);
  if (results === undefined) return putItem(StepEntity.put({ runID, step, state: "model", hash }));
  return putItem(StepEntity.put({ runID, step, state: "done", hash, resultsHash: await storeJSON(runID, results) }));
}

export async function progressItem(runID: string, step: number, progress: StepProgress): Promise<WriteItem> {
  return updateItem(StepEntity.patch({ runID, step }).set({ progressHash: await storeJSON(runID, progress) }));
}

export async function resultsItem(runID: string, step: number, results: readonly unknown[]): Promise<WriteItem> {
  return updateItem(
    StepEntity.patch({ runID, step }).set({ state: "done", resultsHash: await storeJSON(runID, results) }),
  );
}

/** A run's persisted steps after one of them, in order. @throws Error when S3 does not hold what was written */
export async function steps(runID: string, after = 0): Promise<StoredStep[]> {
  const query = StepEntity.query.byRun({ runID }).gt({ step: after });
  const { data } = await query.go({ pages: "all", consistent: true });
  return Promise.all(
    data.map(async ({ step, hash, resultsHash, progressHash }): Promise<StoredStep> => {
      // Results supersede progress.
      const [said, results, progress] = await Promise.all([
        loadJSON(runID, hash),
        resultsHash === undefined ? undefined : loadJSON(runID, resultsHash),
        progressHash === undefined || resultsHash !== undefined ? undefined : loadJSON(runID, progressHash),
      ]);
      return {
        step,
        said: Messages.parse(said),
        results: results === undefined ? undefined : Messages.parse(results),
        progress: progress === undefined ? { told: {}, pending: {} } : Progress.parse(progress),
      };
    }),
  );
}
