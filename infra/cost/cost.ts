import { sandboxes } from "@slipway/manifest";
import type { Synth } from "../synth/synth.ts";
import type { Measured, Operation, Usage } from "./usage.ts";

/** What a deployment costs, in US dollars: prices × measurements × the synthesised stack. */

export interface Prices extends UnitPrices {
  date: string;
  region: string;
  note: string;
  tableGBMonth: number;
  backupGBMonth: number;
  s3GBMonth: number;
  connectionMinutes: number;
  logGB: number;
  egressGB: number;
  kvReads: number;
  scheduledInvocations: number;
  alarmMonth: number;
  metricMonth: number;
  /** Fargate on ARM, and a public IPv4 address. */
  taskVCPUHour: number;
  taskGBHour: number;
  addressHour: number;
}
/** Per unit; bytes are priced by the gigabyte. */
type UnitPrices = Omit<Usage, "logBytes" | "egressBytes">;

/** An hour of one running sandbox. */
export function sandboxHourCost(prices: Prices): number {
  const { cpu, memory } = sandboxes;
  return (cpu / 1024) * prices.taskVCPUHour + (memory / 1024) * prices.taskGBHour + prices.addressHour;
}

/** The router's function reads a route, its target, and up to three names of an asset. */
const kvReadsPerRequest = 5;

export const hoursInMonth = 730;

/** Dollars of one operation by what is charged, the most expensive first. */
export function dollarsOf(usage: Usage, prices: Prices): { what: string; dollars: number }[] {
  const unitPrice = (key: keyof Usage): number => {
    if (key === "logBytes") return prices.logGB / 1e9;
    if (key === "egressBytes") return prices.egressGB / 1e9;
    return prices[key] + (key === "requests" ? kvReadsPerRequest * prices.kvReads : 0);
  };
  const priced = (Object.keys(usage) as (keyof Usage)[]).map((key) => ({
    what: key,
    dollars: usage[key] * unitPrice(key),
  }));
  return priced.filter(({ dollars }) => dollars > 0).toSorted((a, b) => b.dollars - a.dollars);
}

export const total = (parts: readonly { dollars: number }[]): number =>
  parts.reduce((sum, { dollars }) => sum + dollars, 0);

/** Resource types that cost nothing while idle. Any other type needs a price below. */
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
  "aws:cloudfront/keyvaluestoreKey:KeyvaluestoreKey",
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:dynamodb/table:Table",
  // Of sandboxes: their tasks alone cost anything, while they run.
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  "aws:ec2/internetGateway:InternetGateway",
  "aws:ec2/route:Route",
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/routeTableAssociation:RouteTableAssociation",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/vpc:Vpc",
  "aws:ecs/cluster:Cluster",
  "aws:ecs/taskDefinition:TaskDefinition",
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

/** An idle month, line by line. @throws Error that names a resource type without a price */
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
  if (unpriced.size > 0) throw new Error(`No price is known for ${[...unpriced].join(", ")}`);
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

/** An hour of work, without runs and imports. */
export const activeHour: Readonly<Partial<Record<Operation, number>>> = { open: 6, save: 120 };

/** Dollars of a minute in which the agent works, besides its model. Starting and ending the run are spread over its time. */
export function runMinuteCost(measured: Measured, prices: Prices): number {
  return (60 / measured.runSeconds) * total(dollarsOf(measured.operations.run, prices));
}

export function activeHourCost(measured: Measured, prices: Prices): { what: string; dollars: number }[] {
  const work = Object.entries(activeHour).map(([name, times]) => ({
    what: `${times} × ${name}`,
    dollars: times * total(dollarsOf(measured.operations[name as Operation], prices)),
  }));
  return [...work, { what: "one open socket", dollars: 60 * prices.connectionMinutes }];
}
