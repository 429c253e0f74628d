import type { Grant, ResourceName } from "@slipway/manifest";
import { blobs } from "./blobs.ts";
import { accountID, named, region, stage } from "./here.ts";
import { socket } from "./socket-api.ts";
import { vendorOf } from "./stage.ts";
import { table } from "./table.ts";
import { workflowARN } from "./workflow-names.ts";

type ARN = $util.Output<string>;

/** Whose models may be used: Anthropic's, and those of the vendor of the team's own choice. */
const vendors = [...new Set(["anthropic", vendorOf(stage.defaultModel)])];

/** What an action on a resource of the manifest is about. */
const resources: Record<ResourceName, (action: string) => ARN[]> = {
  table: () => [table.arn, $interpolate`${table.arn}/index/*`],
  blobs: (action) => [action === "s3:ListBucket" ? blobs.arn : $interpolate`${blobs.arn}/*`],
  "agent-run": () => [workflowARN("agent-run")],
  "make-archive": () => [workflowARN("make-archive")],
  transfer: () => [workflowARN("transfer")],
  socket: () => [$interpolate`${socket.nodes.api.executionArn}/*/*/@connections/*`],
  // Whatever region an inference profile sends the request to.
  model: () =>
    vendors.flatMap((vendor) => [
      $interpolate`arn:aws:bedrock:*::foundation-model/${vendor}.*`,
      $interpolate`arn:aws:bedrock:*:${accountID}:inference-profile/*.${vendor}.*`,
    ]),
};

/** Lets one service of AWS take a role, and nobody else. */
export const assumedBy = (service: string) =>
  aws.iam.getPolicyDocumentOutput({
    statements: [{ actions: ["sts:AssumeRole"], principals: [{ type: "Service", identifiers: [service] }] }],
  }).json;

interface Statement {
  actions: string[];
  resources: ARN[];
}

/** A function's grants as IAM statements: exactly its actions, and its own log. */
export function permissions(name: string, grants: readonly Grant[]): Statement[] {
  return [
    ...grants.flatMap(({ resource, actions }) => {
      // Actions on the same things make one statement.
      const byTarget = Map.groupBy(actions, (action) => (action === "s3:ListBucket" ? "bucket" : "all"));
      return [...byTarget.values()].map((group) => ({
        actions: [...group],
        resources: resources[resource](group[0] ?? ""),
      }));
    }),
    {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [$interpolate`arn:aws:logs:${region}:${accountID}:log-group:/aws/lambda/${named(name)}:*`],
    },
  ];
}
