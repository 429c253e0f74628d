import { parseArgs } from "node:util";
import { readStage } from "../stage.ts";
import { preflight, type Finding } from "./checks.ts";

/** `npm run preflight -- --stage NAME`: what would be in a deployment's way. Exits with 1 when something is. */

const { values } = parseArgs({ options: { stage: { type: "string" } } });

function stageOrFinding(): ReturnType<typeof readStage> | Finding {
  try {
    return readStage(values.stage);
  } catch (error) {
    return {
      of: "Settings",
      problem: error instanceof Error ? error.message : String(error),
      next: "npm run preflight -- --stage production",
    };
  }
}

const stage = stageOrFinding();
const findings = "of" in stage ? [stage] : await preflight(stage);
for (const { of, problem, next } of findings)
  process.stdout.write(problem === undefined ? `✓ ${of}\n` : `✗ ${of}: ${problem}\n    ${next ?? ""}\n`);
const problems = findings.filter(({ problem }) => problem !== undefined).length;
process.stdout.write(
  problems === 0
    ? "Ready. Nothing was made; one word was asked of the model.\n"
    : `${problems} ${problems === 1 ? "thing is" : "things are"} in the way. Nothing was made.\n`,
);
process.exit(problems === 0 ? 0 : 1);
