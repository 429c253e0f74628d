import { workflows, type Grant, type ResourceName } from "@slipway/manifest";
import { blobs } from "./blobs.ts";
import { accountID, named, partition, region, stage } from "./stage-context.ts";
import { socket } from "./socket-api.ts";
import { vendorOf } from "./stage.ts";
import { table } from "./table.ts";
import { executionARN, workflowARN, type WorkflowName } from "./workflow-names.ts";

type ARN = $util.Output<string>;

/** Model vendors in use: Anthropic, and the vendor of the team's default model. */
const vendors = [...new Set(["anthropic", vendorOf(stage.defaultModel)])];

const isWorkflow = (name: string): name is WorkflowName => name in workflows;

/** The ARNs that an action on a manifest resource applies to. IAM defines them per action, not per service. */
function targets(resource: ResourceName, action: string): ARN[] {
  if (isWorkflow(resource))
    return [action === "states:DescribeExecution" ? executionARN(resource) : workflowARN(resource)];
  switch (resource) {
    case "table":
      return [table.arn, $interpolate`${table.arn}/index/*`];
    case "blobs":
      return [action === "s3:ListBucket" ? blobs.arn : $interpolate`${blobs.arn}/*`];
    case "socket":
      return [$interpolate`${socket.nodes.api.executionArn}/*/*/@connections/*`];
    // An inference profile may send the request to any region.
    case "model":
      return vendors.flatMap((vendor) => [
        $interpolate`arn:${partition}:bedrock:*::foundation-model/${vendor}.*`,
        $interpolate`arn:${partition}:bedrock:*:${accountID}:inference-profile/*.${vendor}.*`,
      ]);
    default:
      throw new Error(`The manifest names a resource that infra/permissions.ts does not know: ${String(resource)}`);
  }
}

/** Actions with targets of their own; all others of a grant share one statement. */
const apart = ["s3:ListBucket", "states:DescribeExecution"];

/** A trust policy for one AWS service and nobody else. */
export const assumedBy = (service: string) =>
  aws.iam.getPolicyDocumentOutput({
    statements: [{ actions: ["sts:AssumeRole"], principals: [{ type: "Service", identifiers: [service] }] }],
  }).json;

interface Statement {
  actions: string[];
  resources: ARN[];
}

/** A function's grants as IAM statements: exactly its actions, plus its own log. */
export function permissions(name: string, grants: readonly Grant[]): Statement[] {
  return [
    ...grants.flatMap(({ resource, actions }) => {
      const groups = Map.groupBy(actions, (action) => (apart.includes(action) ? action : ""));
      return [...groups.values()].map((group) => ({
        actions: [...group],
        resources: targets(resource, group[0] ?? ""),
      }));
    }),
    {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [$interpolate`arn:${partition}:logs:${region}:${accountID}:log-group:/aws/lambda/${named(name)}:*`],
    },
  ];
}
