import { workflows, type Grant, type ResourceName } from "@slipway/manifest";
import { blobs } from "./blobs.ts";
import { clusterName, executionRole, taskFamily } from "./sandbox.ts";
import { accountID, named, partition, region, stage } from "./stage-context.ts";
import { socket } from "./socket-api.ts";
import { vendorOf } from "./stage.ts";
import { table } from "./table.ts";
import { executionARN, workflowARN, type WorkflowName } from "./workflow-names.ts";

type ARN = $util.Output<string>;

/** Model vendors in use: Anthropic, and those of the models that the team names. */
const chosen = [stage.defaultModel, ...stage.models.map(({ id }) => id)];
const vendors = [...new Set(["anthropic", ...chosen.map(vendorOf)])];

const isWorkflow = (name: string): name is WorkflowName => name in workflows;

/** The ARNs that an action on a manifest resource applies to. IAM defines them per action, not per service. */
function targets(resource: ResourceName, action: string): (ARN | "*")[] {
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
    case "sandboxes":
      return sandboxTargets(action);
    default:
      throw new Error(`The manifest names a resource that infra/permissions.ts does not know: ${String(resource)}`);
  }
}

const clusterARN = $interpolate`arn:${partition}:ecs:${region}:${accountID}:cluster/${clusterName}`;

function conditionsOf(action: string): Pick<Statement, "conditions"> {
  if (action === "ecs:ListTasks")
    return { conditions: [{ test: "ArnEquals", variable: "ecs:cluster", values: [clusterARN] }] };
  if (action === "iam:PassRole")
    return {
      conditions: [{ test: "StringEquals", variable: "iam:PassedToService", values: ["ecs-tasks.amazonaws.com"] }],
    };
  return {};
}

/** PassRole is for the execution role alone: any other would give a task AWS credentials. */
function sandboxTargets(action: string): (ARN | "*")[] {
  switch (action) {
    case "ecs:RunTask":
      return [$interpolate`arn:${partition}:ecs:${region}:${accountID}:task-definition/${taskFamily}:*`];
    case "iam:PassRole":
      return [executionRole.arn];
    // Neither takes a resource. Tasks can be listed of this cluster only.
    case "ecs:ListTasks":
    case "ec2:DescribeNetworkInterfaces":
      return ["*"];
    default:
      return [$interpolate`arn:${partition}:ecs:${region}:${accountID}:task/${clusterName}/*`];
  }
}

/** Actions with targets of their own; all others of a grant share one statement. */
const apart = [
  "s3:ListBucket",
  "states:DescribeExecution",
  "ecs:RunTask",
  "ecs:ListTasks",
  "iam:PassRole",
  "ec2:DescribeNetworkInterfaces",
];

interface Statement {
  actions: string[];
  resources: (ARN | "*")[];
  conditions?: { test: string; variable: string; values: (ARN | string)[] }[];
}

/** A function's grants as IAM statements: exactly its actions, plus its own log. */
export function permissions(name: string, grants: readonly Grant[]): Statement[] {
  return [
    ...grants.flatMap(({ resource, actions }) => {
      const groups = Map.groupBy(actions, (action) => (apart.includes(action) ? action : ""));
      return [...groups.values()].map((group) => ({
        actions: [...group],
        resources: targets(resource, group[0] ?? ""),
        ...conditionsOf(group[0] ?? ""),
      }));
    }),
    {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [$interpolate`arn:${partition}:logs:${region}:${accountID}:log-group:/aws/lambda/${named(name)}:*`],
    },
  ];
}
