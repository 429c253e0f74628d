import type { Synth } from "../synth/synth.ts";
import type { Measured, Operation, Usage } from "./usage.ts";

/** What a deployment costs: prices × what was measured × what was synthesised. In US dollars. */

export interface Prices extends UnitPrices {
  date: string;
  region: string;
  note: string;
  tableGBMonth: number;
  backupGBMonth: number;
  s3GBMonth: number;
  connectionMinutes: number;
  logGB: number;
  scheduledInvocations: number;
  alarmMonth: number;
  metricMonth: number;
}
/** Of one of each; logs are priced by the gigabyte. */
type UnitPrices = Omit<Usage, "logBytes">;

const hoursInMonth = 730;

/** Dollars of one operation, by what it is charged for, the dearest first. */
export function dollarsOf(usage: Usage, prices: Prices): { what: string; dollars: number }[] {
  const priced = (Object.keys(usage) as (keyof Usage)[]).map((key) => ({
    what: key,
    dollars: key === "logBytes" ? (usage.logBytes / 1e9) * prices.logGB : usage[key] * prices[key],
  }));
  return priced.filter(({ dollars }) => dollars > 0).toSorted((a, b) => b.dollars - a.dollars);
}

export const total = (parts: readonly { dollars: number }[]): number =>
  parts.reduce((sum, { dollars }) => sum + dollars, 0);

/** Kinds of resources that cost nothing for being there. Anything that is neither here nor below has no price yet. */
const free = [
  "aws:apigateway/account:Account",
  "aws:apigatewayv2/api:Api",
  "aws:apigatewayv2/integration:Integration",
  "aws:apigatewayv2/route:Route",
  "aws:apigatewayv2/stage:Stage",
  "aws:cloudfront/cachePolicy:CachePolicy",
  "aws:cloudfront/distribution:Distribution",
  "aws:cloudfront/function:Function",
  "aws:cloudfront/keyValueStore:KeyValueStore",
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:dynamodb/table:Table",
  "aws:iam/role:Role",
  "aws:lambda/function:Function",
  "aws:lambda/functionUrl:FunctionUrl",
  "aws:lambda/permission:Permission",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:sfn/stateMachine:StateMachine",
  "aws:sns/topic:Topic",
  "aws:sns/topicSubscription:TopicSubscription",
  "command:local:Command",
  "pulumi-nodejs:dynamic:Resource",
  "pulumi:providers:aws",
  "random:index/randomBytes:RandomBytes",
];

/** A month in which nobody works, line by line. @throws Error about a kind of resource that nobody has priced */
export function idleMonth(synth: Synth, measured: Measured, prices: Prices): { what: string; dollars: number }[] {
  const unpriced = new Set(
    synth.resources
      .map(({ type }) => type)
      .filter(
        (type) =>
          !free.includes(type) &&
          type !== "aws:cloudwatch/metricAlarm:MetricAlarm" &&
          type !== "aws:scheduler/schedule:Schedule",
      ),
  );
  if (unpriced.size > 0) throw new Error(`Nobody has said what these cost: ${[...unpriced].join(", ")}`);
  const of = (type: string) => synth.resources.filter((resource) => resource.type === type);
  const invocations = of("aws:scheduler/schedule:Schedule").reduce((sum, { inputs }) => {
    const every = Number(/^rate\((\d+) minutes?\)$/.exec(String(inputs.scheduleExpression))?.[1]);
    return sum + (hoursInMonth * 60) / every;
  }, 0);
  const alarms = of("aws:cloudwatch/metricAlarm:MetricAlarm").length;
  return [
    { what: `${alarms} alarms (the first 10 of an account are free)`, dollars: alarms * prices.alarmMonth },
    {
      what: `the sweep, ${Math.round(invocations).toLocaleString("en")} times`,
      dollars: invocations * (total(dollarsOf(measured.operations.sweep, prices)) + prices.scheduledInvocations),
    },
  ];
}

/** What somebody does in an hour of work, besides runs and imports. */
export const activeHour: Readonly<Partial<Record<Operation, number>>> = { open: 6, save: 120 };

export function activeHourCost(measured: Measured, prices: Prices): { what: string; dollars: number }[] {
  const work = Object.entries(activeHour).map(([name, times]) => ({
    what: `${times} × ${name}`,
    dollars: times * total(dollarsOf(measured.operations[name as Operation], prices)),
  }));
  return [...work, { what: "one open socket", dollars: 60 * prices.connectionMinutes }];
}
