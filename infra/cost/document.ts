import { sandboxes } from "@slipway/manifest";
import type { Synth } from "../synth/synth.ts";
import {
  hoursInMonth,
  activeHour,
  activeHourCost,
  dollarsOf,
  idleMonth,
  runMinuteCost,
  sandboxHourCost,
  total,
  type Prices,
} from "./cost.ts";
import type { Measured, Operation, Usage } from "./usage.ts";

const names: Readonly<Record<Operation, string>> = {
  sweep: "The sweep, each minute",
  open: "Opening a project of 1,000 files",
  save: "Saving a file",
  run: "A run",
  import: "Importing 1,000 files",
};

const charged: Readonly<Record<keyof Usage, string>> = {
  readUnits: "table reads",
  writeUnits: "table writes",
  s3Reads: "S3 reads",
  s3Writes: "S3 writes",
  lambdaRequests: "function calls",
  lambdaGBSeconds: "function time",
  transitions: "workflow states",
  messages: "socket messages",
  requests: "CloudFront requests",
  egressBytes: "egress",
  logBytes: "logs",
};

/** docs/cost.md. The same inputs give the same text. */
export function costDocument(synth: Synth, measured: Measured, prices: Prices): string {
  const idle = idleMonth(synth, measured, prices);
  const hour = activeHourCost(measured, prices);
  const minute = runMinuteCost(measured, prices);
  const of = (name: Operation) => total(dollarsOf(measured.operations[name], prices));
  const hourly = Object.entries(activeHour).map(([name, times]) => `${times} × “${names[name as Operation]}”`);
  const largest = dollarsOf(measured.operations.run, prices)
    .slice(0, 3)
    .map(({ what }) => charged[what as keyof Usage]);
  return `# What it costs

Computed by \`npm run cost\` from the ${synth.resources.length} resources of the synthesised stage \`${synth.app.stage}\`, from what operations
used of the local cloud on ${measured.date} (\`npm run bench -- cost\`), and from the prices of ${prices.region} on
${prices.date} (\`infra/cost/prices.json\`). Free tiers are not deducted: with them a small team pays less. Models cost extra,
far more than everything here; the product shows their cost for each run, person and project.

| | US dollars |
| --- | --- |
| an idle month | ${money(total(idle))} |
| an hour of one person's work, without runs | ${money(total(hour))} |
| a minute in which the agent works, without its model | ${money(minute)} |
| an hour of a running sandbox | ${money(sandboxHourCost(prices))} |
| an import of 1,000 files | ${money(of("import"))} |

## Idle

Only the sweep runs, and nothing is billed by the hour: no NAT gateway, no load balancer, no instance, no key, no secret
store. A check of the synthesised stack refuses them. What can be added is in [operate.md](operate.md#options), with its price.

| | US dollars a month |
| --- | --- |
${idle.map(({ what, dollars }) => `| ${what} | ${money(dollars)} |`).join("\n")}

Storage costs extra, per GB and month: ${money(prices.tableGBMonth)} in the table and ${money(prices.backupGBMonth)} for its point-in-time recovery,
${money(prices.s3GBMonth)} in S3. What browsers download, such as a project's zip, costs ${money(prices.egressGB)} per GB.

## An hour of work

${hourly.join(" and ")}, with the page open all the time.

| | US dollars |
| --- | --- |
${hour.map(({ what, dollars }) => `| ${what} | ${money(dollars)} |`).join("\n")}

While anyone works, six custom metrics cost up to ${money(6 * prices.metricMonth)} a month together, by the hours in which they have data.

## A sandbox

A Fargate task of ${sandboxes.cpu / 1024} vCPU and ${sandboxes.memory / 1024} GB on ARM with a public address: ${money(sandboxHourCost(prices))} an hour while it runs, and nothing while it is stopped. It
stops after half an hour without use. Each task that waits in the optional pool (\`SLIPWAY_SANDBOX_POOL\`, none by default)
costs ${money(hoursInMonth * sandboxHourCost(prices))} a month. What a sandbox had installed is kept in S3 for 30 days after its last use.

## A run

The measured run took ${measured.runSeconds} s at the speed at which a model writes, and was watched by one browser. It cost ${money(of("run"))}, most of
it for ${largest.slice(0, -1).join(", ")} and ${largest.at(-1) ?? ""}. Most of that grows with what the model writes, so a
minute is counted at the same rate, ${money(minute)}, which is high for long runs. Function time is this machine's.

## What each operation uses

| | ${Object.values(charged).join(" | ")} | US dollars |
| --- | ${Object.values(charged)
    .map(() => "---")
    .join(" | ")} | --- |
${(Object.keys(names) as Operation[]).map((name) => row(name, measured.operations[name], of(name))).join("\n")}

Reads and writes are DynamoDB's capacity units, function time is in GB seconds, egress and logs are in bytes. A CloudFront request
includes the router's function and its reads of the key-value store.
`;
}

function row(name: Operation, usage: Usage, dollars: number): string {
  const cells = (Object.keys(charged) as (keyof Usage)[]).map((key) => usage[key].toLocaleString("en"));
  return `| ${names[name]} | ${cells.join(" | ")} | ${money(dollars)} |`;
}

/** Two significant digits. */
function money(dollars: number): string {
  if (dollars >= 0.1) return dollars.toFixed(2);
  const digits = Math.min(8, 1 - Math.floor(Math.log10(dollars)));
  return dollars.toFixed(digits);
}
