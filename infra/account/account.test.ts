import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Match, Template } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, test } from "vitest";
import { account } from "../synth/mocks.ts";
import { rights, ofType } from "../synth/policies.ts";
import { synthesise, type Synth } from "../synth/synth.ts";
import { allows } from "./evaluate.ts";
import { boundaryARN, boundaryStatements, deployRoleARN, deployStatements } from "./policies.ts";
import { accountTemplate } from "./stack.ts";

let template: Template;
let json: Record<string, unknown>;
let synth: Synth;

beforeAll(() => {
  json = accountTemplate();
  template = Template.fromJSON(json);
  synth = synthesise("production");
}, 60_000);

const deploy = Object.values(deployStatements(account)).flat();
const boundary = boundaryStatements(account);
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const bounded = { "iam:PermissionsBoundary": boundaryARN(account) };

describe("the template", () => {
  test("is plain CloudFormation, small enough to be pasted, and the one in the repository", () => {
    expect(Object.keys(json)).not.toContain("Rules");
    expect(Buffer.byteLength(JSON.stringify(json))).toBeLessThan(51_200);
    const kept: unknown = JSON.parse(readFileSync(join(import.meta.dirname, "template.json"), "utf8"));
    // Not so? `npm run account` writes it.
    expect(json).toEqual(kept);
  });

  test("the deploy role is taken by one environment of one repository, and by nothing else", () => {
    template.resourceCountIs("AWS::IAM::Role", 2);
    template.hasResourceProperties("AWS::IAM::Role", {
      RoleName: "slipway-deploy",
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: {
              StringEquals: {
                "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                "token.actions.githubusercontent.com:sub": { Ref: "GitHubSubject" },
                "token.actions.githubusercontent.com:repository_id": { Ref: "GitHubRepositoryId" },
              },
            },
          },
        ],
      },
    });
  });

  test("the subject is taken in both of GitHub's forms, for an environment alone, and with no wildcard", () => {
    const { AllowedPattern } = template.findParameters("GitHubSubject").GitHubSubject as { AllowedPattern: string };
    const takes = (subject: string) => new RegExp(AllowedPattern).test(subject);
    expect(takes("repo:acme/app:environment:production")).toBe(true);
    expect(takes("repo:acme@123/app@456:environment:production")).toBe(true);
    for (const subject of [
      "repo:acme/*:environment:production",
      "repo:acme/app:*",
      "repo:acme/app:ref:refs/heads/main",
      "repo:acme/app:pull_request",
      "*",
      "",
    ])
      expect(takes(subject)).toBe(false);
  });

  test("an account that knows GitHub already, or logs already, keeps what it has", () => {
    template.hasResource("AWS::IAM::OIDCProvider", { Condition: "NeedsOidcProvider" });
    template.hasResource("AWS::ApiGateway::Account", { Condition: "NeedsApiGatewayLogRole", DeletionPolicy: "Retain" });
  });

  test("somebody hears at 80 % of the budget, and when all of it is foreseen", () => {
    template.hasResourceProperties("AWS::Budgets::Budget", {
      Budget: { BudgetLimit: { Amount: { Ref: "MonthlyBudgetUsd" }, Unit: "USD" }, TimeUnit: "MONTHLY" },
      NotificationsWithSubscribers: [
        Match.objectLike({ Notification: Match.objectLike({ NotificationType: "ACTUAL", Threshold: 80 }) }),
        Match.objectLike({ Notification: Match.objectLike({ NotificationType: "FORECASTED", Threshold: 100 }) }),
      ],
    });
  });

  test("the policies are within IAM's sizes", () => {
    const size = (value: unknown) => JSON.stringify(value).replace(/\s/g, "").length;
    expect(size(boundary)).toBeLessThan(6_144);
    expect(size(deploy)).toBeLessThan(10_240);
  });
});

describe("the boundary", () => {
  test("lets every role of the deployment do what its policy says", () => {
    const all = ofType(synth, "aws:iam/role:Role").flatMap(rights);
    expect(all.length).toBeGreaterThan(40);
    const refused = all.flatMap(({ Action, Resource }) =>
      Action.flatMap((action) =>
        Resource.map((arn) => arn.replace("arn:aws:s3:::blobsbucket", "arn:aws:s3:::slipway-production-blobs"))
          .filter((resource) => !allows(boundary, { action, resource }))
          .map((resource) => `${action} ${resource}`),
      ),
    );
    expect(refused).toEqual([]);
  });

  test.each([
    ["iam:CreateRole", role("slipway-x")],
    ["iam:PutRolePermissionsBoundary", role("slipway-production-api")],
    ["iam:DeleteRolePermissionsBoundary", role("slipway-production-api")],
    ["iam:CreatePolicyVersion", boundaryARN(account)],
    ["iam:PassRole", deployRoleARN(account)],
    ["sts:AssumeRole", deployRoleARN(account)],
    ["lambda:UpdateFunctionCode", `arn:aws:lambda:us-east-1:${account}:function:slipway-production-api`],
    ["dynamodb:GetItem", `arn:aws:dynamodb:us-east-1:${account}:table/payroll`],
    ["dynamodb:DeleteTable", `arn:aws:dynamodb:us-east-1:${account}:table/slipway-production-table`],
    ["s3:GetObject", "arn:aws:s3:::payroll/2026.csv"],
    ["s3:GetObject", "arn:aws:s3:::sst-state-abc/secret/slipway/production.json"],
    ["ssm:GetParameter", `arn:aws:ssm:us-east-1:${account}:parameter/sst/passphrase/slipway/production`],
    ["secretsmanager:GetSecretValue", "*"],
    ["organizations:LeaveOrganization", "*"],
  ])("lets nobody %s on %s, whatever their own policy says", (action, resource) => {
    expect(allows(boundary, { action, resource, context: bounded })).toBe(false);
  });
});

/** What Pulumi asks of AWS to make a thing of each kind, and on what. Kinds that ask nothing are named with nothing. */
const named = (name: string) => `slipway-production-${name}`;
const at = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${account}:${rest}`;
const making: Readonly<Record<string, readonly [action: string, resource: string][]>> = {
  "aws:apigateway/account:Account": [["apigateway:GET", "arn:aws:apigateway:us-east-1::/account"]],
  "aws:apigatewayv2/api:Api": [["apigateway:POST", "arn:aws:apigateway:us-east-1::/apis"]],
  "aws:apigatewayv2/integration:Integration": [
    ["apigateway:POST", "arn:aws:apigateway:us-east-1::/apis/a/integrations"],
  ],
  "aws:apigatewayv2/route:Route": [["apigateway:POST", "arn:aws:apigateway:us-east-1::/apis/a/routes"]],
  "aws:apigatewayv2/stage:Stage": [
    ["apigateway:POST", "arn:aws:apigateway:us-east-1::/apis/a/stages"],
    ["logs:CreateLogDelivery", "*"],
  ],
  "aws:cloudfront/cachePolicy:CachePolicy": [["cloudfront:CreateCachePolicy", "*"]],
  "aws:cloudfront/distribution:Distribution": [["cloudfront:CreateDistribution", "*"]],
  "aws:cloudfront/function:Function": [["cloudfront:CreateFunction", "*"]],
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": [["cloudfront:CreateResponseHeadersPolicy", "*"]],
  "aws:cloudfront/keyValueStore:KeyValueStore": [["cloudfront:CreateKeyValueStore", "*"]],
  "aws:cloudwatch/logGroup:LogGroup": [
    ["logs:CreateLogGroup", at("logs", `log-group:/aws/lambda/${named("api")}`)],
    ["logs:PutRetentionPolicy", at("logs", `log-group:/aws/vendedlogs/apis/${named("Socket-x")}`)],
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    ["cloudwatch:PutMetricAlarm", at("cloudwatch", `alarm:${named("Dollars")}`)],
  ],
  "aws:dynamodb/table:Table": [
    ["dynamodb:CreateTable", at("dynamodb", `table/${named("TableTable-x")}`)],
    ["dynamodb:UpdateContinuousBackups", at("dynamodb", `table/${named("TableTable-x")}`)],
  ],
  "aws:iam/role:Role": [
    ["iam:CreateRole", role(named("ApiFunctionRole-x"))],
    ["iam:PutRolePolicy", role(named("ApiFunctionRole-x"))],
    ["iam:DeleteRole", role(named("agent-run-workflow"))],
  ],
  "aws:lambda/function:Function": [
    ["lambda:CreateFunction", at("lambda", `function:${named("api")}`)],
    ["iam:PassRole", role(named("ApiFunctionRole-x"))],
  ],
  "aws:lambda/functionUrl:FunctionUrl": [["lambda:CreateFunctionUrlConfig", at("lambda", `function:${named("api")}`)]],
  "aws:lambda/permission:Permission": [["lambda:AddPermission", at("lambda", `function:${named("api")}`)]],
  "aws:s3/bucket:Bucket": [["s3:CreateBucket", `arn:aws:s3:::${named("blobsbucket-x")}`]],
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": [
    ["s3:PutBucketCORS", `arn:aws:s3:::${named("blobsbucket-x")}`],
  ],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": [
    ["s3:PutLifecycleConfiguration", `arn:aws:s3:::${named("blobsbucket-x")}`],
  ],
  "aws:s3/bucketObjectv2:BucketObjectv2": [["s3:PutObject", "arn:aws:s3:::sst-asset-abc/assets/x.zip"]],
  "aws:s3/bucketPolicy:BucketPolicy": [["s3:PutBucketPolicy", `arn:aws:s3:::${named("blobsbucket-x")}`]],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": [
    ["s3:PutBucketPublicAccessBlock", `arn:aws:s3:::${named("blobsbucket-x")}`],
  ],
  "aws:scheduler/schedule:Schedule": [
    ["scheduler:CreateSchedule", at("scheduler", `schedule/default/${named("Sweep-x")}`)],
  ],
  "aws:sfn/stateMachine:StateMachine": [
    ["states:CreateStateMachine", at("states", `stateMachine:${named("agent-run")}`)],
  ],
  "aws:sns/topic:Topic": [["sns:CreateTopic", at("sns", named("alarms"))]],
  "pulumi-nodejs:dynamic:Resource": [
    ["s3:PutObject", `arn:aws:s3:::${named("webassetsbucket-x")}/index.js`],
    ["cloudfront-keyvaluestore:UpdateKeys", "*"],
    ["cloudfront:CreateInvalidation", "*"],
  ],
  "command:local:Command": [],
  "pulumi:providers:aws": [],
  "random:index/randomBytes:RandomBytes": [],
};

describe("the deploy role", () => {
  test("may make every kind of thing that the deployment is made of", () => {
    const kinds = [...new Set(synth.resources.map(({ type }) => type))];
    expect(kinds.filter((kind) => !(kind in making))).toEqual([]);
    const refused = kinds
      .flatMap((kind) => making[kind] ?? [])
      .filter(
        ([action, resource]) =>
          !allows(deploy, {
            action,
            resource,
            context: action === "iam:PassRole" ? { "iam:PassedToService": "lambda.amazonaws.com" } : bounded,
          }),
      );
    expect(refused).toEqual([]);
  });

  test("may make what the sst command keeps for itself", () => {
    for (const [action, resource] of [
      ["ssm:GetParameter", at("ssm", "parameter/sst/bootstrap")],
      ["ssm:PutParameter", at("ssm", "parameter/sst/passphrase/slipway/production")],
      ["s3:CreateBucket", "arn:aws:s3:::sst-state-abc"],
      ["ecr:CreateRepository", at("ecr", "repository/sst-asset")],
    ] as const)
      expect([action, allows(deploy, { action, resource })]).toEqual([action, true]);
  });

  test.each([
    ["a role without the boundary", "iam:CreateRole", role("slipway-x"), {}],
    [
      "a role with another boundary",
      "iam:CreateRole",
      role("slipway-x"),
      { "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" },
    ],
    ["a role of another name", "iam:CreateRole", role("admin"), bounded],
    ["a policy for a role that is not bounded", "iam:PutRolePolicy", role("slipway-x"), {}],
    ["a role's boundary away", "iam:DeleteRolePermissionsBoundary", role("slipway-production-api"), bounded],
    [
      "another boundary",
      "iam:PutRolePermissionsBoundary",
      role("slipway-production-api"),
      { "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" },
    ],
    ["the boundary wider", "iam:CreatePolicyVersion", boundaryARN(account), bounded],
    ["an older boundary", "iam:SetDefaultPolicyVersion", boundaryARN(account), bounded],
    ["the boundary away", "iam:DeletePolicy", boundaryARN(account), bounded],
    ["itself more rights", "iam:PutRolePolicy", deployRoleARN(account), bounded],
    ["itself an administrator", "iam:AttachRolePolicy", deployRoleARN(account), bounded],
    ["others take it", "iam:UpdateAssumeRolePolicy", deployRoleARN(account), bounded],
    ["itself to a function", "iam:PassRole", deployRoleARN(account), { "iam:PassedToService": "lambda.amazonaws.com" }],
    [
      "an administrator to a function",
      "iam:PassRole",
      role("admin"),
      { "iam:PassedToService": "lambda.amazonaws.com" },
    ],
    ["a role to a machine", "iam:PassRole", role("slipway-x"), { "iam:PassedToService": "ec2.amazonaws.com" }],
    ["a person", "iam:CreateUser", `arn:aws:iam::${account}:user/mallory`, bounded],
    ["somebody else's table away", "dynamodb:DeleteTable", at("dynamodb", "table/payroll"), bounded],
    ["somebody else's files", "s3:GetObject", "arn:aws:s3:::payroll/x", bounded],
    ["somebody else's function", "lambda:UpdateFunctionCode", at("lambda", "function:payroll"), bounded],
    ["a machine", "ec2:RunInstances", "*", bounded],
  ])("may not make or take %s", (_, action, resource, context: Readonly<Record<string, string>>) => {
    expect(allows(deploy, { action, resource, context })).toBe(false);
  });
});
