import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { readStage } from "../stage.ts";
import { preflight } from "./checks.ts";
import { messageOf, type Finding } from "./finding.ts";

/**
 * `npm run preflight -- --stage NAME`: what would stop a deployment. Exits with 1 when something does. `npm run deploy` is
 * the same, and deploys when nothing does.
 */

const { values } = parseArgs({ options: { stage: { type: "string" }, deploy: { type: "boolean" } } });

function stageOrFinding(): ReturnType<typeof readStage> | Finding {
  try {
    return readStage(values.stage);
  } catch (error) {
    return { of: "Settings", problem: messageOf(error), next: "npm run preflight -- --stage production" };
  }
}

const stage = stageOrFinding();
const findings = "of" in stage ? [stage] : await preflight(stage);
for (const { of, problem, next, isWarning } of findings)
  process.stdout.write(
    problem === undefined ? `✓ ${of}\n` : `${isWarning ? "!" : "✗"} ${of}: ${problem}\n    ${next ?? ""}\n`,
  );
const problems = findings.filter(({ problem, isWarning }) => problem !== undefined && !isWarning).length;
process.stdout.write(
  problems === 0
    ? "Ready. Nothing was created; each model was asked for one token.\n"
    : `${problems} ${problems === 1 ? "problem" : "problems"} to solve first. Nothing was created.\n`,
);
if (problems > 0) process.exit(1);
if (values.deploy) {
  const { status } = spawnSync("npx", ["sst", "deploy", "--stage", values.stage ?? ""], { stdio: "inherit" });
  process.exit(status ?? 1);
}
