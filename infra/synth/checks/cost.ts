import { ofType } from "../policies.ts";
import { lambdas, tables, first, type Check } from "./check.ts";

/** Kinds that are billed by the hour or month, used or not. */
const alwaysOn = [
  /^aws:ec2\/(natGateway|eip|vpcEndpoint|instance)/,
  /^aws:(lb|alb|elb|rds|elasticache|opensearch|msk|eks|redshift|efs|directconnect|globalaccelerator|kms|secretsmanager|wafv2)\//,
  /^aws:ecs\/service/,
  /^aws:lambda\/provisionedConcurrency/,
  /^aws:kinesis\/stream/,
];

export const ofCost: readonly Check[] = [
  {
    name: "nothing is billed by the hour",
    find: (synth) =>
      synth.resources
        .filter(({ type }) => alwaysOn.some((kind) => kind.test(type)))
        .map(({ name, type }) => `${name} is a ${type}`),
    plant: (synth) => synth.resources.push({ type: "aws:ec2/natGateway:NatGateway", name: "VpcNat", inputs: {} }),
  },
  {
    name: "no function is in a network or kept warm",
    find: (synth) =>
      lambdas(synth)
        .filter(({ inputs }) => inputs.vpcConfig || inputs.fileSystemConfig || inputs.snapStart)
        .map(({ name }) => name),
    plant: (synth) => (first(lambdas(synth)).vpcConfig = { subnetIds: ["subnet-1"] }),
  },
  {
    name: "the table is billed by request",
    find: (synth) =>
      tables(synth)
        .filter(({ inputs }) => inputs.billingMode !== "PAY_PER_REQUEST")
        .map(({ name }) => `${name} has provisioned capacity`),
    plant: (synth) => (first(tables(synth)).billingMode = "PROVISIONED"),
  },
  {
    name: "alarms cost three dollars a month at most",
    find: (synth) => {
      const count = ofType(synth, "aws:cloudwatch/metricAlarm:MetricAlarm").length;
      return count <= 30 ? [] : [`there are ${count}`];
    },
    plant: (synth) => {
      const alarm = ofType(synth, "aws:cloudwatch/metricAlarm:MetricAlarm")[0];
      for (let n = 0; alarm && n < 30; n++) synth.resources.push(alarm);
    },
  },
];
