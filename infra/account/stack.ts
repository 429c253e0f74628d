import {
  App,
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
} from "aws-cdk-lib";
import { boundaryStatements, deployStatements } from "./policies.ts";

/**
 * What an account is given once, before the first deployment, by whoever administers it: the boundary of every role, the
 * role that GitHub Actions deploys with, a budget that somebody hears about, and the role by which API Gateway writes
 * logs. Plain CloudFormation: no assets, nothing to bootstrap first.
 */
export class AccountStack extends Stack {
  constructor(scope: App, id: string) {
    super(scope, id, {
      synthesizer: new BootstraplessSynthesizer(),
      analyticsReporting: false,
      description: "Slipway: what an account needs once, before the first deployment.",
    });
    const text = (name: string, description: string, more: { pattern?: string; fallback?: string } = {}) =>
      new CfnParameter(this, name, {
        type: "String",
        description,
        ...(more.pattern === undefined ? {} : { allowedPattern: more.pattern }),
        ...(more.fallback === undefined ? {} : { default: more.fallback }),
      });

    const subject = text(
      "GitHubSubject",
      "Who may deploy, as GitHub names it: repo:ORG/REPO:environment:NAME, or with ids (repositories made or renamed since 15 July 2026) repo:ORG@ID/REPO@ID:environment:NAME.",
      { pattern: "^repo:[\\w.-]+(@\\d+)?/[\\w.-]+(@\\d+)?:environment:[\\w.-]+$" },
    );
    const repositoryID = text("GitHubRepositoryId", "The repository's number: gh api repos/ORG/REPO --jq .id", {
      pattern: "^\\d+$",
    });
    const provider = text(
      "ExistingOidcProviderArn",
      "Of token.actions.githubusercontent.com, when the account has one already: there can be one only.",
      { fallback: "", pattern: "^(arn:aws:iam::\\d{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com)?$" },
    );
    const email = text("AlertEmail", "Who is told about the budget.", { pattern: "^[^@\\s]+@[^@\\s]+$" });
    const budget = new CfnParameter(this, "MonthlyBudgetUsd", { type: "Number", default: 200, minValue: 1 });
    const logs = new CfnParameter(this, "ApiGatewayLogRole", {
      type: "String",
      default: "create",
      allowedValues: ["create", "keep"],
      description: "keep: this account's API Gateway writes logs already; there is one such role in each region.",
    });

    const boundary = new iam.ManagedPolicy(this, "Boundary", {
      managedPolicyName: "slipway-boundary",
      description: "The most that any role of a Slipway deployment can do.",
      document: iam.PolicyDocument.fromJson({ Version: "2012-10-17", Statement: boundaryStatements(this.account) }),
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
      policies: Object.entries(deployStatements(this.account)).map(([policyName, Statement]) => ({
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

    const wantsLogs = new CfnCondition(this, "NeedsApiGatewayLogRole", {
      expression: Fn.conditionEquals(logs, "create"),
    });
    const logRole = new iam.CfnRole(this, "ApiGatewayLogs", {
      description: "API Gateway writes access logs with it.",
      assumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "apigateway.amazonaws.com" } }],
      },
      managedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"],
    });
    const account = new apigateway.CfnAccount(this, "ApiGatewayAccount", { cloudWatchRoleArn: logRole.attrArn });
    for (const resource of [logRole, account]) {
      resource.cfnOptions.condition = wantsLogs;
      // The setting is the region's, not ours alone.
      resource.applyRemovalPolicy(RemovalPolicy.RETAIN);
    }

    new CfnOutput(this, "DeployRoleArn", { value: role.attrArn, description: "AWS_ROLE_ARN of the deploy workflow." });
    new CfnOutput(this, "BoundaryArn", { value: boundary.managedPolicyArn });
  }
}

/** The CloudFormation template. */
export function accountTemplate(): Record<string, unknown> {
  const app = new App({ analyticsReporting: false });
  new AccountStack(app, "SlipwayAccount");
  return app.synth().getStackByName("SlipwayAccount").template as Record<string, unknown>;
}
