import { functions } from "./functions.ts";
import { named, stage, title } from "./stage-context.ts";
import { table } from "./table.ts";
import { topic } from "./topic.ts";
import { workflows } from "./workflows.ts";

/** $0.10 a month each, after ten free ones per account. docs/operate.md says what each means and what to do. */
interface Alarm {
  name: string;
  description: string;
  namespace: string;
  metric: string;
  dimensions: Record<string, $util.Input<string>>;
  statistic: "Sum" | "p95";
  /** Seconds. */
  period: number;
  /** Consecutive periods. */
  periods: number;
  threshold: number;
  isLow?: boolean;
}

const ofStage = { Stage: stage.name };

/**
 * Measured by Lambda itself, so a function that never reaches its handler (bad bundle, out of memory, timeout) counts too.
 * Our own metrics are written inside the handlers and are silent then.
 */
const functionErrors = [...Object.keys(functions), "web"].map((name): Alarm => ({
  name: `${title(name)}FunctionErrors`,
  description: `The function ${name} throws, times out, runs out of memory or does not start.`,
  namespace: "AWS/Lambda",
  metric: "Errors",
  dimensions: { FunctionName: named(name) },
  statistic: "Sum",
  period: 300,
  periods: 1,
  threshold: 3,
}));

const workflowFailures = Object.entries(workflows).map(([name, { arn }]): Alarm => ({
  name: `${title(name)}WorkflowFailed`,
  description: `An execution of ${name} failed before it could record why.`,
  namespace: "AWS/States",
  metric: "ExecutionsFailed",
  dimensions: { StateMachineArn: arn },
  statistic: "Sum",
  period: 300,
  periods: 1,
  threshold: 1,
}));

const alarms: readonly Alarm[] = [
  ...functionErrors,
  ...workflowFailures,
  {
    name: "Throttled",
    description: "Lambda rejects calls: the account has reached its limit of concurrent executions.",
    namespace: "AWS/Lambda",
    metric: "Throttles",
    // Region-wide: no function has a limit of its own, so any other use of the account's limit throttles Slipway.
    dimensions: {},
    statistic: "Sum",
    period: 300,
    periods: 1,
    threshold: 10,
  },
  {
    name: "ApiErrors",
    description: "Requests fail on our side.",
    namespace: "Slipway",
    metric: "ApiErrors",
    dimensions: ofStage,
    statistic: "Sum",
    period: 300,
    periods: 1,
    threshold: 5,
  },
  {
    name: "ApiLatency",
    description: "One request in twenty takes longer than three seconds.",
    namespace: "Slipway",
    metric: "ApiLatency",
    dimensions: ofStage,
    statistic: "p95",
    period: 300,
    periods: 3,
    threshold: 3000,
  },
  {
    name: "RunsFailed",
    description: "Runs end in an error.",
    namespace: "Slipway",
    metric: "RunsFailed",
    dimensions: ofStage,
    statistic: "Sum",
    period: 900,
    periods: 1,
    threshold: 3,
  },
  {
    name: "Dollars",
    description: "Models have cost more today than SLIPWAY_DAILY_DOLLARS.",
    namespace: "Slipway",
    metric: "Dollars",
    dimensions: ofStage,
    statistic: "Sum",
    period: 86_400,
    periods: 1,
    threshold: stage.dailyDollars,
  },
  {
    name: "SweepStopped",
    description: "The sweep, which restarts lost work, has not run for 15 minutes.",
    namespace: "AWS/Lambda",
    metric: "Invocations",
    dimensions: { FunctionName: named("sweep") },
    statistic: "Sum",
    period: 900,
    periods: 1,
    threshold: 1,
    isLow: true,
  },
  {
    name: "TableThrottled",
    description: "DynamoDB rejects writes.",
    namespace: "AWS/DynamoDB",
    metric: "WriteThrottleEvents",
    dimensions: { TableName: table.name },
    statistic: "Sum",
    period: 300,
    periods: 2,
    threshold: 10,
  },
];

for (const alarm of alarms) {
  new aws.cloudwatch.MetricAlarm(`${alarm.name}Alarm`, {
    name: named(alarm.name),
    alarmDescription: alarm.description,
    namespace: alarm.namespace,
    metricName: alarm.metric,
    dimensions: alarm.dimensions,
    ...(alarm.statistic === "Sum" ? { statistic: "Sum" } : { extendedStatistic: alarm.statistic }),
    period: alarm.period,
    evaluationPeriods: alarm.periods,
    threshold: alarm.threshold,
    comparisonOperator: alarm.isLow ? "LessThanThreshold" : "GreaterThanOrEqualToThreshold",
    // An idle team sends no metrics. Only the sweep must always be heard from.
    treatMissingData: alarm.isLow ? "breaching" : "notBreaching",
    alarmActions: [topic.arn],
    okActions: [topic.arn],
  });
}
