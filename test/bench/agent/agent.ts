import type { RecordFigure } from "./record.ts";
import { scenariosBench } from "./scenarios.ts";

/** The agent without a model: `npm run bench -- agent`, or one of its parts, `npm run bench -- agent scenarios`. */
const parts: Readonly<Record<string, (record: RecordFigure) => Promise<void>>> = {
  scenarios: scenariosBench,
};

export async function agent(record: RecordFigure, part?: string): Promise<void> {
  for (const [name, run] of Object.entries(parts)) if (part === undefined || part === name) await run(record);
}
