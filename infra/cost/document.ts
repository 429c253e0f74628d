import type { Synth } from "../synth/synth.ts";
import { activeHour, activeHourCost, dollarsOf, idleMonth, total, type Prices } from "./cost.ts";
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
  lambdaRequests: "calls of functions",
  lambdaGBSeconds: "time of functions",
  transitions: "workflow states",
  messages: "socket messages",
  requests: "CloudFront",
  logBytes: "logs",
};

/** docs/cost.md. Same inputs, same text. */
export function costDocument(synth: Synth, measured: Measured, prices: Prices): string {
  const idle = idleMonth(synth, measured, prices);
  const hour = activeHourCost(measured, prices);
  const of = (name: Operation) => total(dollarsOf(measured.operations[name], prices));
  const hourly = Object.entries(activeHour).map(([name, times]) => `${times} × “${names[name as Operation]}”`);
  return `# What it costs

Computed by \`npm run cost\` from the ${synth.resources.length} resources of the synthesised stage \`${synth.app.stage}\`, from what
operations took on the local cloud on ${measured.date} (\`npm run bench -- cost\`), and from the prices of
${prices.region} as of ${prices.date} (\`infra/cost/prices.json\`). Free tiers are left out: with them a small team pays
less, mostly nothing. Models come on top, and are shown in the product for each run, person and project.

| | US dollars |
| --- | --- |
| nobody works, a month | ${money(total(idle))} |
| a person works, an hour | ${money(total(hour))} |
| a run, besides its model | ${money(of("run"))} |
| an import of 1,000 files | ${money(of("import"))} |

## Nobody works

Nothing runs but the sweep, and nothing is there that costs by the hour: no NAT gateway, no load balancer, no instance, no
key, no secret store. A check of the synthesised stack refuses them.

| | US dollars a month |
| --- | --- |
${idle.map(({ what, dollars }) => `| ${what} | ${money(dollars)} |`).join("\n")}

What is stored costs besides, for each GB and month: ${money(prices.tableGBMonth)} in the table and
${money(prices.backupGBMonth)} for its point-in-time recovery, ${money(prices.s3GBMonth)} in S3.

## A person works

An hour is taken as ${hourly.join(" and ")}, with the page open all the time.

| | US dollars |
| --- | --- |
${hour.map(({ what, dollars }) => `| ${what} | ${money(dollars)} |`).join("\n")}

While anybody works, six metrics cost up to ${money(6 * prices.metricMonth)} a month together, by the hours in which there are any.

## What each operation takes

The run is of the demo model at the pace at which a model writes: it went on for ${measured.runSeconds} s, watched by one
browser. Time of functions is this machine's, and a longer run costs more of it: ${money(60 * prices.lambdaGBSeconds)} for each further minute.

| | ${Object.values(charged).join(" | ")} | US dollars |
| --- | ${Object.values(charged)
    .map(() => "---")
    .join(" | ")} | --- |
${(Object.keys(names) as Operation[]).map((name) => row(name, measured.operations[name], of(name))).join("\n")}

Reads and writes are DynamoDB's capacity units, time is in GB seconds, logs in bytes.
`;
}

function row(name: Operation, usage: Usage, dollars: number): string {
  const cells = (Object.keys(charged) as (keyof Usage)[]).map((key) => usage[key].toLocaleString("en"));
  return `| ${names[name]} | ${cells.join(" | ")} | ${money(dollars)} |`;
}

/** Two digits that mean something, however little it is. */
function money(dollars: number): string {
  if (dollars >= 0.1) return dollars.toFixed(2);
  const digits = Math.min(8, 1 - Math.floor(Math.log10(dollars)));
  return dollars.toFixed(digits);
}
