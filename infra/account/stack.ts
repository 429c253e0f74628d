import {
  App,
  Aws,
  BootstraplessSynthesizer,
  CfnCondition,
  CfnOutput,
  CfnParameter,
  Fn,
  RemovalPolicy,
  Stack,
  aws_apigateway as apigateway,
  aws_budgets as budgets,
  aws_iam as iam,
  aws_kms as kms,
} from "aws-cdk-lib";
import { boundaryARN, boundaryStatements, deployStatements, type Place } from "./policies.ts";

/** Plain CloudFormation: no assets, nothing to bootstrap. */
abstract class PlainStack extends Stack {
  constructor(scope: App, id: string, description: string) {
    super(scope, id, { synthesizer: new BootstraplessSynthesizer(), analyticsReporting: false, description });
  }

  protected text(name: string, description: string, more: { pattern?: string; fallback?: string } = {}): CfnParameter {
    return new CfnParameter(this, name, {
      type: "String",
      description,
      ...(more.pattern === undefined ? {} : { allowedPattern: more.pattern }),
      ...(more.fallback === undefined ? {} : { default: more.fallback }),
    });
  }
}

/** Once per account: the boundary of every role, the role that GitHub Actions deploys with, and a budget. */
export class AccountStack extends PlainStack {
  constructor(scope: App, id: string) {
    super(scope, id, "Slipway: what an account needs once, before the first deployment.");
    const subject = this.text(
      "GitHubSubject",
      "Who may deploy, in GitHub's form: repo:ORG/REPO:environment:NAME, or with ids (repositories created or renamed since 15 July 2026) repo:ORG@ID/REPO@ID:environment:NAME.",
      { pattern: "^repo:[\\w.-]+(@\\d+)?/[\\w.-]+(@\\d+)?:environment:[\\w.-]+$" },
    );
    const repositoryID = this.text("GitHubRepositoryId", "The repository's id: gh api repos/ORG/REPO --jq .id", {
      pattern: "^\\d+$",
    });
    const provider = this.text(
      "ExistingOidcProviderArn",
      "The account's provider for token.actions.githubusercontent.com, if it has one: there can be only one.",
      {
        fallback: "",
        pattern: "^(arn:aws[a-z-]*:iam::\\d{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com)?$",
      },
    );
    const hostedZone = this.text(
      "HostedZoneId",
      "The Route 53 zone of SLIPWAY_DOMAIN. Empty without a domain, or with a certificate of your own.",
      { fallback: "", pattern: "^(Z[A-Z0-9]{1,32})?$" },
    );
    const email = this.text("AlertEmail", "Who is told about the budget.", { pattern: "^[^@\\s]+@[^@\\s]+$" });
    const budget = new CfnParameter(this, "MonthlyBudgetUsd", { type: "Number", default: 200, minValue: 1 });
    const place: Place = { partition: Aws.PARTITION, account: Aws.ACCOUNT_ID, hostedZone: hostedZone.valueAsString };

    new iam.CfnManagedPolicy(this, "Boundary", {
      managedPolicyName: "slipway-boundary",
      description: "The most that any role of a Slipway deployment can do.",
      policyDocument: { Version: "2012-10-17", Statement: boundaryStatements(place) },
    });

    const isNew = new CfnCondition(this, "NeedsOidcProvider", { expression: Fn.conditionEquals(provider, "") });
    const made = new iam.CfnOIDCProvider(this, "GitHub", {
      url: "https://token.actions.githubusercontent.com",
      clientIdList: ["sts.amazonaws.com"],
    });
    made.cfnOptions.condition = isNew;
    const issuer = "token.actions.githubusercontent.com";
    const role = new iam.CfnRole(this, "DeployRole", {
      roleName: "slipway-deploy",
      description: "Taken by GitHub Actions to deploy Slipway.",
      maxSessionDuration: 3600,
      assumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "sts:AssumeRoleWithWebIdentity",
            Principal: { Federated: Fn.conditionIf(isNew.logicalId, made.attrArn, provider.valueAsString) },
            Condition: {
              StringEquals: {
                [`${issuer}:aud`]: "sts.amazonaws.com",
                [`${issuer}:sub`]: subject.valueAsString,
                [`${issuer}:repository_id`]: repositoryID.valueAsString,
              },
            },
          },
        ],
      },
      policies: Object.entries(deployStatements(place)).map(([policyName, Statement]) => ({
        policyName,
        policyDocument: { Version: "2012-10-17", Statement },
      })),
    });

    new budgets.CfnBudget(this, "Budget", {
      budget: {
        budgetName: "slipway",
        budgetType: "COST",
        timeUnit: "MONTHLY",
        budgetLimit: { amount: budget.valueAsNumber, unit: "USD" },
      },
      notificationsWithSubscribers: [
        { type: "ACTUAL", threshold: 80 },
        { type: "FORECASTED", threshold: 100 },
      ].map(({ type, threshold }) => ({
        notification: {
          notificationType: type,
          comparisonOperator: "GREATER_THAN",
          threshold,
          thresholdType: "PERCENTAGE",
        },
        subscribers: [{ subscriptionType: "EMAIL", address: email.valueAsString }],
      })),
    });

    new CfnOutput(this, "DeployRoleArn", { value: role.attrArn, description: "AWS_ROLE_ARN of the deploy workflow." });
    new CfnOutput(this, "BoundaryArn", { value: boundaryARN(place) });
  }
}

/**
 * Once per region: the role by which API Gateway writes access logs, and, if wanted, the key that encrypts functions'
 * environments. Its names hold the region and do not begin with `slipway-`, so the deploy role cannot change them.
 */
export class RegionStack extends PlainStack {
  constructor(scope: App, id: string) {
    super(scope, id, "Slipway: what each region needs once, before the first deployment there.");
    const choice = (name: string, description: string, fallback: string, other: string) =>
      new CfnParameter(this, name, {
        type: "String",
        default: fallback,
        allowedValues: [fallback, other],
        description,
      });
    const logs = choice(
      "ApiGatewayLogRole",
      "keep: API Gateway writes logs in this region already; the setting is shared by all of its APIs.",
      "create",
      "keep",
    );
    const environmentKey = choice(
      "EnvironmentKey",
      "create: a key of your own for the functions' environments, about 1 US dollar a month. Set its ARN as SLIPWAY_KMS_KEY.",
      "none",
      "create",
    );

    const wantsLogs = new CfnCondition(this, "WantsLogRole", { expression: Fn.conditionEquals(logs, "create") });
    const logRole = new iam.CfnRole(this, "LogRole", {
      roleName: Fn.sub("ApiGatewayLogs-${AWS::Region}"),
      description: "API Gateway writes access logs with it.",
      assumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "apigateway.amazonaws.com" } }],
      },
      managedPolicyArns: [
        Fn.sub("arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"),
      ],
    });
    const account = new apigateway.CfnAccount(this, "ApiGatewayAccount", { cloudWatchRoleArn: logRole.attrArn });
    for (const resource of [logRole, account]) {
      resource.cfnOptions.condition = wantsLogs;
      // Every API of the region uses them.
      resource.applyRemovalPolicy(RemovalPolicy.RETAIN);
    }

    const wantsKey = new CfnCondition(this, "WantsKey", { expression: Fn.conditionEquals(environmentKey, "create") });
    const key = new kms.CfnKey(this, "EnvironmentsKey", {
      description: "Encrypts the environments of Slipway's functions.",
      enableKeyRotation: true,
      tags: [{ key: "slipway", value: "environment" }],
      // IAM decides: only principals whose own policies allow the key can read a function's environment.
      keyPolicy: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "IamDecides",
            Effect: "Allow",
            Principal: { AWS: Fn.sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root") },
            Action: "kms:*",
            Resource: "*",
          },
        ],
      },
    });
    key.cfnOptions.condition = wantsKey;
    key.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const output = new CfnOutput(this, "EnvironmentKeyArn", { value: key.attrArn, description: "SLIPWAY_KMS_KEY" });
    output.condition = wantsKey;
  }
}

const templateOf = (make: (app: App) => Stack): Record<string, unknown> => {
  const app = new App({ analyticsReporting: false });
  const { stackName } = make(app);
  return app.synth().getStackByName(stackName).template as Record<string, unknown>;
};

/** The CloudFormation template for an account. */
export const accountTemplate = () => templateOf((app) => new AccountStack(app, "SlipwayAccount"));

/** The CloudFormation template for each region. */
export const regionTemplate = () => templateOf((app) => new RegionStack(app, "SlipwayRegion"));
