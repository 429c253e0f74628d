import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sandboxEdge } from "@slipway/manifest";
import { ofType } from "../policies.ts";
import type { Synth } from "../synth.ts";
import { first, remove, root, type Check } from "./check.ts";

/** Sandboxes run strangers' code: what keeps them apart from each other, from the account and from the app. */

const definitions = (synth: Synth) => ofType(synth, "aws:ecs/taskDefinition:TaskDefinition");
const groups = (synth: Synth) => ofType(synth, "aws:ec2/securityGroup:SecurityGroup");
const edges = (synth: Synth) =>
  ofType(synth, "aws:cloudfront/distribution:Distribution").filter(({ name }) => name.startsWith("SandboxEdge"));
const edgeCode = (synth: Synth) =>
  ofType(synth, "aws:cloudfront/function:Function").filter(({ name }) => /^Sandbox(?:Request|Response)/.test(name));

/** CloudFront's managed policies. */
const cachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";

interface Rule {
  cidrBlocks?: string[];
  self?: boolean;
  securityGroups?: string[];
  prefixListIds?: string[];
}

export const ofSandboxes: readonly Check[] = [
  {
    name: "a sandbox has no role, so nothing in it has AWS credentials",
    find: (synth) =>
      definitions(synth)
        .filter(({ inputs }) => inputs.taskRoleArn !== undefined)
        .map(({ name }) => name),
    plant: (synth) => (first(definitions(synth)).taskRoleArn = "arn:aws:iam::123456789012:role/slipway-x"),
  },
  {
    name: "a sandbox's image is named by its digest, and its environment holds no secret",
    find: (synth) =>
      definitions(synth).flatMap(({ name, inputs }) => {
        const containers = JSON.parse(String(inputs.containerDefinitions)) as {
          image: string;
          secrets?: unknown;
          environment: { name: string }[];
        }[];
        return containers
          .filter(
            ({ image, secrets, environment }) =>
              !/@sha256:[0-9a-f]{64}$/.test(image) || secrets || environment.some((one) => one.name !== "SLIPWAY_PORT"),
          )
          .map(() => name);
      }),
    plant: (synth) => {
      const definition = first(definitions(synth));
      definition.containerDefinitions = String(definition.containerDefinitions).replace(/@sha256:a+/, ":latest");
    },
  },
  {
    name: "a sandbox is reached by CloudFront alone, and not by other sandboxes",
    find: (synth) =>
      groups(synth)
        .filter(({ inputs }) => {
          const rules = (inputs.ingress ?? []) as Rule[];
          const isOpen = ({ cidrBlocks = [], self, securityGroups = [], prefixListIds = [] }: Rule) =>
            cidrBlocks.length > 0 || self === true || securityGroups.length > 0 || prefixListIds.length !== 1;
          return rules.length !== 1 || rules.some(isOpen);
        })
        .map(({ name }) => name),
    plant: (synth) => {
      const group = first(groups(synth));
      group.ingress = [...(group.ingress as Rule[]), { protocol: "-1", fromPort: 0, toPort: 0, self: true }];
    },
  },
  {
    name: "what every network lets its members do is closed",
    find: (synth) =>
      ofType(synth, "aws:ec2/vpc:Vpc").length ===
      ofType(synth, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").length
        ? []
        : ["a default security group is open"],
    plant: (synth) => remove(synth, ({ type }) => type === "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"),
  },
  {
    name: "the edge of sandboxes keeps nothing, and checks every request",
    find: (synth) =>
      edges(synth).length !== 1
        ? ["there is not one edge"]
        : edges(synth).flatMap(({ name, inputs }) => {
            const behavior = inputs.defaultCacheBehavior as {
              cachePolicyId?: string;
              functionAssociations?: { eventType: string }[];
            };
            const events = (behavior.functionAssociations ?? []).map(({ eventType }) => eventType).toSorted();
            const isRight =
              behavior.cachePolicyId === cachingDisabled &&
              events.join() === "viewer-request,viewer-response" &&
              inputs.orderedCacheBehaviors === undefined;
            return isRight ? [] : [name];
          }),
    plant: (synth) => {
      const behavior = first(edges(synth)).defaultCacheBehavior as { functionAssociations: unknown[] };
      behavior.functionAssociations.shift();
    },
  },
  {
    name: "the edge runs the code that its vectors hold, within CloudFront's 10 KB",
    find: (synth) =>
      edgeCode(synth).flatMap(({ name, inputs }) => {
        const file = name.includes("Request") ? sandboxEdge.request : sandboxEdge.response;
        const code = String(inputs.code);
        return code === readFileSync(join(root, file), "utf8") && Buffer.byteLength(code) <= 10_240 ? [] : [name];
      }),
    plant: (synth) => (first(edgeCode(synth)).code = "function handler(event) { return event.request; }"),
  },
];
