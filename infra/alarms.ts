import { functions } from "./functions.ts";
import { named, stage } from "./here.ts";
import { table } from "./table.ts";
import { topic } from "./topic.ts";
import { socket } from "./socket-api.ts";
import { workflows } from "./workflows.ts";

/** Ten at most: that many cost nothing. What each means, and what to do then, is in docs/operate.md. */
interface Alarm {
  name: string;
  description: string;
  namespace: string;
  metric: string;
  dimensions: Record<string, $util.Input<string>>;
  statistic: "Sum" | "p95";
  /** Seconds. */
  period: number;
  /** Periods in a row. */
  periods: number;
  threshold: number;
  isLow?: boolean;
}

const ofFunction = (name: keyof typeof functions) => ({ FunctionName: functions[name].name });
const ofStage = { Stage: stage.name };

const alarms: readonly Alarm[] = [
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
    name: "RunWorkflowFailed",
    description: "A run's workflow broke before it could settle the run.",
    namespace: "AWS/States",
    metric: "ExecutionsFailed",
    dimensions: { StateMachineArn: workflows["agent-run"].arn },
    statistic: "Sum",
    period: 300,
    periods: 1,
    threshold: 1,
  },
  {
    name: "TransferWorkflowFailed",
    description: "An import, export or pull broke before it could say so.",
    namespace: "AWS/States",
    metric: "ExecutionsFailed",
    dimensions: { StateMachineArn: workflows.transfer.arn },
    statistic: "Sum",
    period: 300,
    periods: 1,
    threshold: 1,
  },
  {
    name: "Dollars",
    description: "Models have cost more today than the team wants to be told about.",
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
    description: "What makes up for lost starts has not run for a quarter of an hour.",
    namespace: "AWS/Lambda",
    metric: "Invocations",
    dimensions: ofFunction("sweep"),
    statistic: "Sum",
    period: 900,
    periods: 1,
    threshold: 1,
    isLow: true,
  },
  {
    name: "SweepErrors",
    description: "The sweep fails.",
    namespace: "AWS/Lambda",
    metric: "Errors",
    dimensions: ofFunction("sweep"),
    statistic: "Sum",
    period: 300,
    periods: 3,
    threshold: 3,
  },
  {
    name: "SocketErrors",
    description: "The live connection fails.",
    namespace: "AWS/ApiGateway",
    metric: "IntegrationError",
    dimensions: { ApiId: socket.nodes.api.id, Stage: "$default" },
    statistic: "Sum",
    period: 300,
    periods: 2,
    threshold: 5,
  },
  {
    name: "TableThrottled",
    description: "DynamoDB turns requests away.",
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
    // Nobody working is no reason to call.
    treatMissingData: alarm.isLow ? "breaching" : "notBreaching",
    alarmActions: [topic.arn],
    okActions: [topic.arn],
  });
}
