import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ofType } from "../policies.ts";
import { root, first, type Check } from "./check.ts";

export const ofOperation: readonly Check[] = [
  {
    name: "every alarm tells somebody, and docs/operate.md says what it means",
    find: (synth) => {
      const guide = readFileSync(join(root, "docs/operate.md"), "utf8");
      return ofType(synth, "aws:cloudwatch/metricAlarm:MetricAlarm").flatMap(({ name, inputs }) => [
        ...(((inputs.alarmActions as string[]) ?? []).some((arn) => arn.includes(":sns:"))
          ? []
          : [`${name} tells nobody`]),
        ...(guide.includes(`**${name.replace(/Alarm$/, "")}**`) ? [] : [`${name} is not explained`]),
      ]);
    },
    plant: (synth) => (first(ofType(synth, "aws:cloudwatch/metricAlarm:MetricAlarm")).alarmActions = []),
  },
  {
    name: "every alarm on a figure of ours is about one that functions measure",
    find: (synth) => {
      const measured = readFileSync(join(root, "packages/core/src/log/log.ts"), "utf8");
      return ofType(synth, "aws:cloudwatch/metricAlarm:MetricAlarm")
        .filter(({ inputs }) => inputs.namespace === "Slipway")
        .filter(({ inputs }) => !new RegExp(`^  ${String(inputs.metricName)}: "`, "m").test(measured))
        .map(({ name }) => name);
    },
    plant: (synth) =>
      (first(ofType(synth, "aws:cloudwatch/metricAlarm:MetricAlarm"), "RunsFailed").metricName = "Failures"),
  },
  {
    name: "silence is an alarm only where something should always be heard",
    find: (synth) =>
      ofType(synth, "aws:cloudwatch/metricAlarm:MetricAlarm")
        .filter(
          ({ inputs }) =>
            (inputs.treatMissingData === "breaching") !== (inputs.comparisonOperator === "LessThanThreshold"),
        )
        .map(({ name }) => name),
    plant: (synth) =>
      (first(ofType(synth, "aws:cloudwatch/metricAlarm:MetricAlarm"), "Sweep").treatMissingData = "missing"),
  },
  {
    name: "everything that has a name has the stage in it",
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
