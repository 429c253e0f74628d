import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Match, Template } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, test } from "vitest";
import { account } from "../synth/mocks.ts";
import { rights, ofType } from "../synth/policies.ts";
import { synthesise, type Synth } from "../synth/synth.ts";
import { allows } from "./evaluate.ts";
import { boundaryARN, boundaryStatements, deployRoleARN, deployStatements } from "./policies.ts";
import { accountTemplate, regionTemplate } from "./stack.ts";

let template: Template;
let region: Template;
let json: Record<string, unknown>;
let synth: Synth;

beforeAll(() => {
  json = accountTemplate();
  template = Template.fromJSON(json);
  region = Template.fromJSON(regionTemplate());
  synth = synthesise("production");
});

const place = { partition: "aws", account, hostedZone: "Z0SLIPWAY" };
const deploy = Object.values(deployStatements(place)).flat();
const boundary = boundaryStatements(place);
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const bounded = { "iam:PermissionsBoundary": boundaryARN(place) };

const kept = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, `${name}.json`), "utf8"));

describe("the templates", () => {
  test("are plain CloudFormation, small enough to be uploaded inline, and the ones in the repository", () => {
    expect(Object.keys(json)).not.toContain("Rules");
    for (const name of ["template", "region"])
      expect(statSync(join(import.meta.dirname, `${name}.json`)).size).toBeLessThan(51_200);
    // `npm run account` writes them.
    expect(json).toEqual(kept("template"));
    expect(region.toJSON()).toEqual(kept("region"));
  });

  test("name no partition", () => {
    for (const made of [json, region.toJSON()]) expect(JSON.stringify(made)).not.toMatch(/arn:aws(-us-gov|-cn)?:/);
  });

  test("a second region repeats no name of the account or of the first region", () => {
    const names = JSON.stringify(region.toJSON()).match(/"(?:RoleName|ManagedPolicyName|BudgetName)":[^}]*/g) ?? [];
    expect(names).toHaveLength(1);
    for (const name of names) expect(name).toContain("AWS::Region");
  });

  test("trust one environment of one repository with the deploy role, and nothing else", () => {
    template.resourceCountIs("AWS::IAM::Role", 1);
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

  test("accept GitHub's subject in both forms, for environments only, without wildcards", () => {
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

  test("keep an OIDC provider and a log role that exist already, and make a key only when asked", () => {
    template.hasResource("AWS::IAM::OIDCProvider", { Condition: "NeedsOidcProvider" });
    region.hasResource("AWS::ApiGateway::Account", { Condition: "WantsLogRole", DeletionPolicy: "Retain" });
    region.hasResource("AWS::KMS::Key", { Condition: "WantsKey", DeletionPolicy: "Retain" });
    expect(region.findParameters("EnvironmentKey").EnvironmentKey).toMatchObject({ Default: "none" });
  });

  test("report 80 % of the budget spent, and all of it forecast", () => {
    template.hasResourceProperties("AWS::Budgets::Budget", {
      Budget: { BudgetLimit: { Amount: { Ref: "MonthlyBudgetUsd" }, Unit: "USD" }, TimeUnit: "MONTHLY" },
      NotificationsWithSubscribers: [
        Match.objectLike({ Notification: Match.objectLike({ NotificationType: "ACTUAL", Threshold: 80 }) }),
        Match.objectLike({ Notification: Match.objectLike({ NotificationType: "FORECASTED", Threshold: 100 }) }),
      ],
    });
  });

  test("keep the policies within IAM's limits of size", () => {
    const size = (value: unknown) => JSON.stringify(value).replace(/\s/g, "").length;
    expect(size(boundary)).toBeLessThan(6_144);
    expect(size(deploy)).toBeLessThan(10_240);
  });
});

/** The one role that functions hand on: the one by which Fargate starts a sandbox. */
const passing = { "iam:PassedToService": "ecs-tasks.amazonaws.com" };

describe("the boundary", () => {
  test("allows every role of the deployment what its policy grants", () => {
    const all = ofType(synth, "aws:iam/role:Role").flatMap(rights);
    expect(all.length).toBeGreaterThan(40);
    const refused = all.flatMap(({ Action, Resource }) =>
      Action.flatMap((action) =>
        Resource.map((arn) => arn.replace("arn:aws:s3:::blobsbucket", "arn:aws:s3:::slipway-production-blobs"))
          .filter((resource) => !allows(boundary, { action, resource, context: passing }))
          .map((resource) => `${action} ${resource}`),
      ),
    );
    expect(refused).toEqual([]);
  });

  test.each([
    ["iam:CreateRole", role("slipway-x")],
    ["iam:PutRolePermissionsBoundary", role("slipway-production-api")],
    ["iam:DeleteRolePermissionsBoundary", role("slipway-production-api")],
    ["iam:CreatePolicyVersion", boundaryARN(place)],
    ["iam:PassRole", deployRoleARN(place)],
    ["iam:PassRole", role("slipway-production-api")],
    ["ecs:RunTask", `arn:aws:ecs:us-east-1:${account}:task-definition/payroll:1`],
    ["ecs:StopTask", `arn:aws:ecs:us-east-1:${account}:task/payroll/1`],
    ["ecs:RegisterTaskDefinition", "*"],
    ["ec2:RunInstances", "*"],
    ["sts:AssumeRole", deployRoleARN(place)],
    ["lambda:UpdateFunctionCode", `arn:aws:lambda:us-east-1:${account}:function:slipway-production-api`],
    ["dynamodb:GetItem", `arn:aws:dynamodb:us-east-1:${account}:table/payroll`],
    ["dynamodb:DeleteTable", `arn:aws:dynamodb:us-east-1:${account}:table/slipway-production-table`],
    ["s3:GetObject", "arn:aws:s3:::payroll/2026.csv"],
    ["s3:GetObject", "arn:aws:s3:::sst-state-abc/secret/slipway/production.json"],
    ["ssm:GetParameter", `arn:aws:ssm:us-east-1:${account}:parameter/sst/passphrase/slipway/production`],
    ["secretsmanager:GetSecretValue", "*"],
    ["organizations:LeaveOrganization", "*"],
    ["kms:Decrypt", `arn:aws:kms:us-east-1:${account}:key/payroll`],
  ])("denies %s on %s, whatever the role's own policy says", (action, resource) => {
    expect(allows(boundary, { action, resource, context: { ...bounded, ...passing } })).toBe(false);
  });
});

/** The AWS calls by which Pulumi makes each type of resource. */
const named = (name: string) => `slipway-production-${name}`;
const at = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${account}:${rest}`;
const edge = (name: string) => `arn:aws:cloudfront::${account}:${name}`;
const tags = { "aws:RequestTag/sst:app": "slipway", "aws:ResourceTag/sst:app": "slipway" };
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
  "aws:cloudfront/distribution:Distribution": [
    ["cloudfront:CreateDistribution", "*"],
    ["cloudfront:TagResource", edge("distribution/E1")],
    ["cloudfront:UpdateDistribution", edge("distribution/E1")],
    ["cloudfront:GetDistribution", edge("distribution/E1")],
  ],
  "aws:cloudfront/function:Function": [
    ["cloudfront:CreateFunction", "*"],
    ["cloudfront:PublishFunction", edge(`function/${named("RouterRequest-x")}`)],
  ],
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": [["cloudfront:CreateResponseHeadersPolicy", "*"]],
  "aws:cloudfront/keyValueStore:KeyValueStore": [["cloudfront:CreateKeyValueStore", "*"]],
  "aws:cloudwatch/logGroup:LogGroup": [
    ["logs:CreateLogGroup", at("logs", `log-group:/aws/lambda/${named("api")}`)],
    ["logs:PutRetentionPolicy", at("logs", `log-group:/aws/vendedlogs/apis/${named("Socket-x")}`)],
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    ["cloudwatch:PutMetricAlarm", at("cloudwatch", `alarm:${named("Dollars")}`)],
    ["cloudwatch:DescribeAlarms", at("cloudwatch", "alarm:*")],
  ],
  "aws:dynamodb/table:Table": [
    ["dynamodb:CreateTable", at("dynamodb", `table/${named("TableTable-x")}`)],
    ["dynamodb:UpdateContinuousBackups", at("dynamodb", `table/${named("TableTable-x")}`)],
  ],
  "aws:cloudfront/keyvaluestoreKey:KeyvaluestoreKey": [["cloudfront-keyvaluestore:PutKey", edge("key-value-store/1f")]],
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": [
    ["ec2:RevokeSecurityGroupIngress", at("ec2", "security-group/sg-1")],
    ["ec2:DescribeSecurityGroups", "*"],
  ],
  "aws:ec2/internetGateway:InternetGateway": [
    ["ec2:CreateInternetGateway", at("ec2", "internet-gateway/igw-1")],
    ["ec2:AttachInternetGateway", at("ec2", "vpc/vpc-1")],
  ],
  "aws:ec2/route:Route": [["ec2:CreateRoute", at("ec2", "route-table/rtb-1")]],
  "aws:ec2/routeTable:RouteTable": [["ec2:CreateRouteTable", at("ec2", "route-table/rtb-1")]],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": [["ec2:AssociateRouteTable", at("ec2", "subnet/subnet-1")]],
  "aws:ec2/securityGroup:SecurityGroup": [
    ["ec2:CreateSecurityGroup", at("ec2", "security-group/sg-1")],
    ["ec2:AuthorizeSecurityGroupIngress", at("ec2", "security-group/sg-1")],
    ["ec2:DescribeManagedPrefixLists", "*"],
  ],
  "aws:ec2/subnet:Subnet": [["ec2:CreateSubnet", at("ec2", "subnet/subnet-1")]],
  "aws:ec2/vpc:Vpc": [
    ["ec2:CreateVpc", at("ec2", "vpc/vpc-1")],
    ["ec2:ModifyVpcAttribute", at("ec2", "vpc/vpc-1")],
  ],
  "aws:ecs/cluster:Cluster": [["ecs:CreateCluster", at("ecs", `cluster/${named("sandbox")}`)]],
  "aws:ecs/taskDefinition:TaskDefinition": [
    ["ecs:RegisterTaskDefinition", at("ecs", `task-definition/${named("sandbox")}:1`)],
    ["ecs:DescribeTaskDefinition", "*"],
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
    ["cloudfront-keyvaluestore:UpdateKeys", edge("key-value-store/1f")],
    ["cloudfront:CreateInvalidation", edge("distribution/E1")],
    ["cloudfront:GetDistribution", edge("distribution/E1")],
  ],
  "command:local:Command": [],
  "pulumi:providers:aws": [],
  "random:index/randomBytes:RandomBytes": [],
};

describe("the deploy role", () => {
  test("may create every type of resource in the deployment", () => {
    const kinds = [...new Set(synth.resources.map(({ type }) => type))];
    expect(kinds.filter((kind) => !(kind in making))).toEqual([]);
    const refused = kinds
      .flatMap((kind) => making[kind] ?? [])
      .filter(
        ([action, resource]) =>
          !allows(deploy, {
            action,
            resource,
            context: {
              ...tags,
              ...(action === "iam:PassRole" ? { "iam:PassedToService": "lambda.amazonaws.com" } : bounded),
            },
          }),
      );
    expect(refused).toEqual([]);
  });

  test("may create what the sst command keeps for itself", () => {
    for (const [action, resource] of [
      ["ssm:GetParameter", at("ssm", "parameter/sst/bootstrap")],
      ["ssm:PutParameter", at("ssm", "parameter/sst/passphrase/slipway/production")],
      ["s3:CreateBucket", "arn:aws:s3:::sst-state-abc"],
      ["ecr:CreateRepository", at("ecr", "repository/sst-asset")],
    ] as const)
      expect([action, allows(deploy, { action, resource })]).toEqual([action, true]);
  });

  test("may check what preflight checks", () => {
    for (const [action, resource] of [
      ["apigateway:GET", "arn:aws:apigateway:us-east-1::/account"],
      ["bedrock:InvokeModel", "arn:aws:bedrock:us-west-2::foundation-model/anthropic.x"],
      ["servicequotas:ListServiceQuotas", "*"],
      ["lambda:GetAccountSettings", "*"],
      ["iam:GetPolicy", boundaryARN(place)],
    ] as const)
      expect([action, allows(deploy, { action, resource })]).toEqual([action, true]);
  });

  test("may use the account's domain, certificate and key when they are its own", () => {
    const types = "route53:ChangeResourceRecordSetsRecordTypes";
    const ask = (action: string, resource: string, context: Readonly<Record<string, string>>) =>
      allows(deploy, { action, resource, context });
    const change = "route53:ChangeResourceRecordSets";
    expect(ask(change, "arn:aws:route53:::hostedzone/Z0SLIPWAY", { [types]: "A,AAAA" })).toBe(true);
    expect(ask(change, "arn:aws:route53:::hostedzone/Z0SLIPWAY", { [types]: "A,MX" })).toBe(false);
    expect(ask(change, "arn:aws:route53:::hostedzone/ZOTHER", { [types]: "A" })).toBe(false);
    expect(ask("acm:RequestCertificate", "*", tags)).toBe(true);
    const key = `arn:aws:kms:us-east-1:${account}:key/k`;
    expect(ask("kms:CreateGrant", key, { "aws:ResourceTag/slipway": "environment" })).toBe(true);
    expect(ask("kms:CreateGrant", key, {})).toBe(false);
  });

  test("may write no records at all when the account gave it no zone", () => {
    const without = Object.values(deployStatements({ ...place, hostedZone: "" })).flat();
    const resource = "arn:aws:route53:::hostedzone/ZOTHER";
    expect(allows(without, { action: "route53:ChangeResourceRecordSets", resource })).toBe(false);
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
    [
      "a role without its boundary, later",
      "iam:DeleteRolePermissionsBoundary",
      role("slipway-production-api"),
      bounded,
    ],
    [
      "another boundary",
      "iam:PutRolePermissionsBoundary",
      role("slipway-production-api"),
      { "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" },
    ],
    ["a wider boundary", "iam:CreatePolicyVersion", boundaryARN(place), bounded],
    ["the boundary, by an older version", "iam:SetDefaultPolicyVersion", boundaryARN(place), bounded],
    ["the boundary, by deleting it", "iam:DeletePolicy", boundaryARN(place), bounded],
    ["its own policy", "iam:PutRolePolicy", deployRoleARN(place), bounded],
    ["its own managed policies", "iam:AttachRolePolicy", deployRoleARN(place), bounded],
    ["its own trust", "iam:UpdateAssumeRolePolicy", deployRoleARN(place), bounded],
    [
      "a function that runs as itself",
      "iam:PassRole",
      deployRoleARN(place),
      { "iam:PassedToService": "lambda.amazonaws.com" },
    ],
    [
      "a function that runs as an administrator",
      "iam:PassRole",
      role("admin"),
      { "iam:PassedToService": "lambda.amazonaws.com" },
    ],
    [
      "a machine that runs as one of its roles",
      "iam:PassRole",
      role("slipway-x"),
      { "iam:PassedToService": "ec2.amazonaws.com" },
    ],
    ["an unbounded role's trust", "iam:UpdateAssumeRolePolicy", role("slipway-x"), {}],
    ["an unbounded role", "iam:DeleteRole", role("slipway-x"), {}],
    ["API Gateway's log role", "iam:UpdateAssumeRolePolicy", role("slipway-account-ApiGatewayLogs-1A2B"), bounded],
    ["the region's log role", "iam:PutRolePolicy", role("ApiGatewayLogs-us-east-1"), bounded],
    ["the region's log setting", "apigateway:PATCH", "arn:aws:apigateway:us-east-1::/account", {}],
    ["another team's REST API", "apigateway:DELETE", "arn:aws:apigateway:us-east-1::/restapis/a", {}],
    ["another team's distribution", "cloudfront:UpdateDistribution", edge("distribution/E2"), {}],
    ["another team's edge function", "cloudfront:UpdateFunction", edge("function/payroll"), {}],
    ["another team's certificate", "acm:DeleteCertificate", at("acm", "certificate/c"), {}],
    ["another team's key", "kms:Decrypt", at("kms", "key/payroll"), {}],
    ["another team's prompt router", "bedrock:InvokeModel", at("bedrock", "prompt-router/r"), {}],
    ["a person", "iam:CreateUser", `arn:aws:iam::${account}:user/mallory`, bounded],
    ["another team's table", "dynamodb:DeleteTable", at("dynamodb", "table/payroll"), bounded],
    ["another team's files", "s3:GetObject", "arn:aws:s3:::payroll/x", bounded],
    ["another team's function", "lambda:UpdateFunctionCode", at("lambda", "function:payroll"), bounded],
    ["a machine", "ec2:RunInstances", "*", bounded],
  ])("may not create or change %s", (_, action, resource, context: Readonly<Record<string, string>>) => {
    expect(allows(deploy, { action, resource, context })).toBe(false);
  });
});
