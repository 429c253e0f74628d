import { ofType } from "../policies.ts";
import { lambdas, tables, first, type Check } from "./check.ts";

/** Kinds that cost something whether anybody works or not. */
const alwaysOn = [
  /^aws:ec2\/(natGateway|eip|vpcEndpoint|instance)/,
  /^aws:(lb|alb|elb|rds|elasticache|opensearch|msk|eks|redshift|efs|directconnect|globalaccelerator|kms|secretsmanager|wafv2)\//,
  /^aws:ecs\/service/,
  /^aws:lambda\/provisionedConcurrency/,
  /^aws:kinesis\/stream/,
];

export const ofCost: readonly Check[] = [
  {
    name: "nothing runs, and nothing costs, while nobody works",
    find: (synth) =>
      synth.resources
        .filter(({ type }) => alwaysOn.some((kind) => kind.test(type)))
        .map(({ name, type }) => `${name} is a ${type}`),
    plant: (synth) => synth.resources.push({ type: "aws:ec2/natGateway:NatGateway", name: "VpcNat", inputs: {} }),
  },
  {
    name: "no function is kept warm",
    find: (synth) =>
      lambdas(synth)
        .filter(({ inputs }) => inputs.vpcConfig || inputs.fileSystemConfig || inputs.snapStart)
        .map(({ name }) => `${name} is in a network`),
    plant: (synth) => (first(lambdas(synth)).vpcConfig = { subnetIds: ["subnet-1"] }),
  },
  {
    name: "the table is billed by request",
    find: (synth) =>
      tables(synth)
        .filter(({ inputs }) => inputs.billingMode !== "PAY_PER_REQUEST")
        .map(({ name }) => `${name} has capacity of its own`),
    plant: (synth) => (first(tables(synth)).billingMode = "PROVISIONED"),
  },
  {
    name: "there are no more alarms than are free",
    find: (synth) => {
      const count = ofType(synth, "aws:cloudwatch/metricAlarm:MetricAlarm").length;
      return count <= 10 ? [] : [`there are ${count}`];
    },
    plant: (synth) => {
      const alarm = ofType(synth, "aws:cloudwatch/metricAlarm:MetricAlarm")[0];
      if (alarm) synth.resources.push(alarm);
    },
  },
];
