import { workflows, type ResourceName } from "@slipway/manifest";
import { rights, roleOf, statements } from "../policies.ts";
import { plantedSecrets, type Synth } from "../synth.ts";
import { named, lambdas, roles, tables, each, specs, first, allow, type Check } from "./check.ts";

/** Actions that may have `Resource: *`, each with its reason. */
const allowedOnEverything: Readonly<Record<string, string>> = {
  "ecs:ListTasks": "takes no resource; a condition names the cluster",
  "ec2:DescribeNetworkInterfaces": "takes no resource",
  "ecr:GetAuthorizationToken": "takes no resource",
};

/** What an action's ARN looks like, where one service has several kinds. The service authorization reference has them. */
const kinds: Readonly<Record<string, RegExp>> = {
  "states:StartExecution": /:stateMachine:/,
  "states:DescribeExecution": /:execution:/,
  "ecs:RunTask": /:task-definition\/[^*]+:\*$/,
  "ecs:StopTask": /:task\/[^*]+\/\*$/,
  "ecs:DescribeTasks": /:task\/[^*]+\/\*$/,
  "iam:PassRole": /:role\/[a-z-]+-sandbox-execution$/,
  "s3:ListBucket": /^[^/]+$/,
  "s3:GetObject": /\/\*$/,
  "s3:PutObject": /\/\*$/,
  "s3:DeleteObject": /\/\*$/,
};

/** The manifest's name for what an ARN in a policy stands for. */
export function resourceOf(synth: Synth, arn: string): ResourceName | "own log" | undefined {
  const isOf = (name: string) =>
    arn.endsWith(`:stateMachine:${named(synth, name)}`) || arn.endsWith(`:execution:${named(synth, name)}:*`);
  if (arn.includes(`:table/${String(tables(synth)[0]?.inputs.name)}`)) return "table";
  if (arn.startsWith("arn:aws:s3:::blobs")) return "blobs";
  if (/^arn:aws:execute-api:.*\/@connections\/\*$/.test(arn)) return "socket";
  if (/^arn:aws:bedrock:\*:(\d*):(foundation-model\/[a-z0-9]+\.|inference-profile\/\*\.[a-z0-9]+\.)\*$/.test(arn))
    return "model";
  if (isOfSandboxes(synth, arn)) return "sandboxes";
  if (/^arn:aws:logs:[^:]+:\d+:log-group:\/aws\/lambda\/[a-z-]+:\*$/.test(arn)) return "own log";
  return (Object.keys(workflows) as (keyof typeof workflows)[]).find(isOf);
}

/** Tasks of the one cluster, of the one family, their execution role, and the two actions that take no resource. */
function isOfSandboxes(synth: Synth, arn: string): boolean {
  const name = named(synth, "sandbox");
  return (
    arn === "*" ||
    arn.endsWith(`:task/${name}/*`) ||
    arn.endsWith(`:task-definition/${name}:*`) ||
    arn.endsWith(`:role/${name}-execution`)
  );
}

/** What a function's role allows, as `resource action`, without its own log. */
export function grantsOf(synth: Synth, name: string): Set<string> {
  const role = roleOf(synth, named(synth, name));
  const found = (role ? rights(role) : []).flatMap(({ Effect, Action, Resource }) =>
    Effect === "Allow"
      ? Action.flatMap((action) => Resource.map((arn) => `${resourceOf(synth, arn) ?? arn} ${action}`))
      : [],
  );
  return new Set(found.filter((grant) => !grant.startsWith("own log ")));
}

export const ofRights: readonly Check[] = [
  {
    name: "no role has a wildcard action",
    find: (synth) =>
      roles(synth).flatMap((role) =>
        rights(role).flatMap(({ Effect, Action }) =>
          Effect === "Allow"
            ? Action.filter((action) => action.includes("*")).map((action) => `${role.name}: ${action}`)
            : [],
        ),
      ),
    plant: (synth) =>
      allow(first(roles(synth), "Api"), "dynamodb:*", "arn:aws:dynamodb:us-east-1:123456789012:table/x"),
  },
  {
    name: "no role has an action on every resource, except a named list",
    find: (synth) =>
      roles(synth).flatMap((role) =>
        rights(role).flatMap(({ Effect, Action, Resource }) =>
          Effect === "Allow" && Resource.includes("*")
            ? Action.filter((action) => !(action in allowedOnEverything)).map((action) => `${role.name}: ${action}`)
            : [],
        ),
      ),
    plant: (synth) => allow(first(roles(synth), "Web"), "cloudfront:CreateInvalidation", "*"),
  },
  {
    name: "every role has the account's boundary",
    find: (synth) =>
      roles(synth)
        .filter(
          ({ inputs }) => !/^arn:aws:iam::\d{12}:policy\/slipway-boundary$/.test(String(inputs.permissionsBoundary)),
        )
        .map(({ name }) => name),
    plant: (synth) => delete first(roles(synth), "Schedule").permissionsBoundary,
  },
  {
    name: "no role has a policy that AWS maintains",
    find: (synth) =>
      roles(synth)
        .filter(({ inputs }) => ((inputs.managedPolicyArns as string[] | undefined) ?? []).length > 0)
        .map(({ name }) => name),
    plant: (synth) =>
      (first(roles(synth)).managedPolicyArns = ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]),
  },
  {
    name: "every role trusts one AWS service and nobody else",
    find: (synth) =>
      roles(synth)
        .filter(({ inputs }) => {
          const trust = statements(inputs.assumeRolePolicy);
          const who = trust.flatMap(({ Principal }) =>
            Object.entries(Principal).flatMap(([kind, of]) => of.map((one) => `${kind} ${one}`)),
          );
          return (
            who.length !== 1 || !/^Service (lambda|states|scheduler|ecs-tasks)\.amazonaws\.com$/.test(who[0] ?? "")
          );
        })
        .map(({ name }) => name),
    plant: (synth) => {
      const role = first(roles(synth), "Turn");
      role.assumeRolePolicy = String(role.assumeRolePolicy).replace(
        '"Service":',
        '"AWS":["arn:aws:iam::123456789012:root"],"Service":',
      );
    },
  },
  {
    name: "each function has exactly the manifest's grants",
    find: (synth) =>
      each(specs, (name, { grants }) => {
        const should = new Set(
          grants.flatMap(({ resource, actions }) => actions.map((action) => `${resource} ${action}`)),
        );
        const may = grantsOf(synth, name);
        const more = [...may.difference(should)].map((grant) => `may also ${grant}`);
        const less = [...should.difference(may)].map((grant) => `may not ${grant}`);
        return more.length + less.length === 0 ? undefined : `${name} ${[...more, ...less].join(", ")}`;
      }),
    plant: (synth) => allow(first(roles(synth), "Approval"), "s3:GetObject", "arn:aws:s3:::blobsbucket/*"),
  },
  {
    name: "each action is granted on the kind of resource that IAM defines it for",
    find: (synth) =>
      roles(synth).flatMap((role) =>
        rights(role).flatMap(({ Action, Resource }) =>
          Action.flatMap((action) =>
            Resource.filter((arn) => !(kinds[action] ?? /./).test(arn)).map((arn) => `${role.name}: ${action} ${arn}`),
          ),
        ),
      ),
    plant: (synth) =>
      allow(
        first(roles(synth), "Sweep"),
        "states:DescribeExecution",
        `arn:aws:states:us-east-1:123456789012:stateMachine:${named(synth, "agent-run")}`,
      ),
  },
  {
    name: "each function writes to its own log only",
    find: (synth) =>
      each(specs, (name) => {
        const role = roleOf(synth, named(synth, name));
        const logs = (role ? rights(role) : [])
          .filter(({ Action }) => Action.some((action) => action.startsWith("logs:")))
          .flatMap(({ Resource }) => Resource);
        return logs.length === 1 && logs[0]?.endsWith(`:log-group:/aws/lambda/${named(synth, name)}:*`)
          ? undefined
          : `${name}: ${logs.join(", ")}`;
      }),
    plant: (synth) =>
      allow(
        first(roles(synth), "Sweep"),
        "logs:PutLogEvents",
        "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/slipway-production-api:*",
      ),
  },
  {
    name: "no resource holds a secret in plain text",
    find: (synth) => {
      const parts = [...Object.values(plantedSecrets), "planted-client-secret"];
      return synth.resources
        .filter(({ inputs }) => parts.some((part) => JSON.stringify(inputs).includes(part)))
        .map(({ name }) => name);
    },
    plant: (synth) => {
      const { variables } = first(lambdas(synth)).environment as { variables: Record<string, string> };
      variables.AUTH_SECRET = plantedSecrets.AuthSecret;
    },
  },
];
