import { readFileSync } from "node:fs";
import { join } from "node:path";
import { workflows } from "@slipway/manifest";
import { ofType } from "../policies.ts";
import type { Resource, Synth } from "../synth.ts";
import { each, first, lambdas, named, remove, root, specs, type Check } from "./check.ts";

const alarms = (synth: Synth) => ofType(synth, "aws:cloudwatch/metricAlarm:MetricAlarm");

/** Whether an alarm goes off when a metric rises above nothing. */
function watches(alarm: Resource, metric: string, dimension?: string): boolean {
  const { metricName, dimensions, comparisonOperator } = alarm.inputs;
  const values = Object.values((dimensions ?? {}) as Record<string, string>);
  return (
    metricName === metric &&
    comparisonOperator === "GreaterThanOrEqualToThreshold" &&
    (dimension === undefined ? values.length === 0 : values.some((value) => value.split(":").at(-1) === dimension))
  );
}

/** How docs/operate.md names an alarm: one entry for all functions, and one for all workflows. */
const entryOf = (name: string) =>
  name.replace(/Alarm$/, "").replace(/^\w+(?=FunctionErrors$)|^\w+(?=WorkflowFailed$)/, "…");

export const ofOperation: readonly Check[] = [
  {
    name: "every alarm notifies the topic, and docs/operate.md explains it",
    find: (synth) => {
      const guide = readFileSync(join(root, "docs/operate.md"), "utf8");
      return alarms(synth).flatMap(({ name, inputs }) => [
        ...(((inputs.alarmActions as string[]) ?? []).some((arn) => arn.includes(":sns:"))
          ? []
          : [`${name} notifies nobody`]),
        ...(guide.includes(`**${entryOf(name)}**`) ? [] : [`${name} is not explained`]),
      ]);
    },
    plant: (synth) => (first(alarms(synth)).alarmActions = []),
  },
  {
    name: "every function's errors raise an alarm, even when its handler never runs",
    find: (synth) => [
      ...each(specs, (name) =>
        alarms(synth).some((alarm) => watches(alarm, "Errors", named(synth, name))) ? undefined : name,
      ),
      // An alarm on a function that does not exist never goes off.
      ...alarms(synth)
        .map(({ name, inputs }) => ({ name, target: (inputs.dimensions as { FunctionName?: string }).FunctionName }))
        .filter(({ target }) => target !== undefined && !lambdas(synth).some(({ inputs }) => inputs.name === target))
        .map(({ name }) => `${name} watches nothing`),
    ],
    plant: (synth) => remove(synth, ({ name }) => name === "WebFunctionErrorsAlarm"),
  },
  {
    name: "throttled functions raise an alarm",
    find: (synth) => (alarms(synth).some((alarm) => watches(alarm, "Throttles")) ? [] : ["nothing watches throttles"]),
    plant: (synth) => remove(synth, ({ name }) => name === "ThrottledAlarm"),
  },
  {
    name: "every workflow's failed executions raise an alarm",
    find: (synth) =>
      each(workflows, (name) =>
        alarms(synth).some((alarm) => watches(alarm, "ExecutionsFailed", named(synth, name))) ? undefined : name,
      ),
    plant: (synth) => remove(synth, ({ name }) => name === "MakeArchiveWorkflowFailedAlarm"),
  },
  {
    name: "every alarm on a metric of ours is on one that functions emit",
    find: (synth) => {
      const measured = readFileSync(join(root, "packages/core/src/log/log.ts"), "utf8");
      return alarms(synth)
        .filter(({ inputs }) => inputs.namespace === "Slipway")
        .filter(({ inputs }) => !new RegExp(`^  ${String(inputs.metricName)}: "`, "m").test(measured))
        .map(({ name }) => name);
    },
    plant: (synth) => (first(alarms(synth), "RunsFailed").metricName = "Failures"),
  },
  {
    name: "missing data is an alarm only where data must never stop",
    find: (synth) =>
      alarms(synth)
        .filter(
          ({ inputs }) =>
            (inputs.treatMissingData === "breaching") !== (inputs.comparisonOperator === "LessThanThreshold"),
        )
        .map(({ name }) => name),
    plant: (synth) => (first(alarms(synth), "SweepStopped").treatMissingData = "missing"),
  },
  {
    name: "every named resource has the stage in its name",
    find: (synth) =>
      synth.resources
        .filter(
          ({ type, inputs }) =>
            !type.includes("apigatewayv2/stage") &&
            typeof inputs.name === "string" &&
            !inputs.name.includes(`${synth.app.name}-${synth.app.stage}-`),
        )
        .map(({ name, inputs }) => `${name} is called ${String(inputs.name)}`),
    plant: (synth) => (first(ofType(synth, "aws:sns/topic:Topic")).name = "alarms"),
  },
];
