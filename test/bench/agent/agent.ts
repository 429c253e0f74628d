import { edits } from "./edits.ts";
import { probesBench } from "./probes.ts";
import type { RecordFigure } from "./record.ts";
import { scenariosBench } from "./scenarios.ts";
import { sessionBench } from "./session.ts";
import { studentsBench } from "./students/students.ts";

/** The agent without a model: `npm run bench -- agent`, or one of its parts, `npm run bench -- agent scenarios`. */
const parts: Readonly<Record<string, (record: RecordFigure) => Promise<void> | void>> = {
  edits,
  scenarios: scenariosBench,
  students: studentsBench,
  session: sessionBench,
  probes: probesBench,
};

export async function agent(record: RecordFigure, part?: string): Promise<void> {
  for (const [name, run] of Object.entries(parts)) if (part === undefined || part === name) await run(record);
}
