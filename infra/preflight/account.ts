import { GetAccountCommand, type APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { GetPolicyCommand, type IAMClient } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import type { Stage } from "../stage.ts";
import { messageOf, nameOf, type Finding } from "./finding.ts";

/** What the account's administrator sets up once. */

export interface Identity {
  readonly accountID: string;
  /** `aws`, `aws-us-gov`, … */
  readonly partition: string;
}

export async function identity(sts: STSClient, region: string): Promise<Finding & { who?: Identity }> {
  const of = "Account";
  try {
    const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
    return {
      of: `Account ${Account}, ${region}, as ${Arn.split(":").at(-1)}`,
      who: { accountID: Account, partition: Arn.split(":")[1] ?? "aws" },
    };
  } catch (error) {
    const isUnknown = /ENOTFOUND|EAI_AGAIN/.test(
      `${nameOf(error)} ${messageOf(error)} ${String((error as { code?: unknown }).code)}`,
    );
    if (isUnknown)
      return {
        of,
        problem: `AWS has no region "${region}", or cannot be reached from here.`,
        next: "Check SLIPWAY_REGION and the network.",
      };
    return {
      of,
      problem: /Expired/.test(nameOf(error))
        ? "Your AWS credentials have expired."
        : "There are no valid AWS credentials.",
      next: "Sign in (aws sso login), or set AWS_PROFILE.",
    };
  }
}

export async function boundary(iam: IAMClient, stage: Stage, { accountID, partition }: Identity): Promise<Finding> {
  const of = `Boundary ${stage.boundary}`;
  try {
    await iam.send(new GetPolicyCommand({ PolicyArn: `arn:${partition}:iam::${accountID}:policy/${stage.boundary}` }));
    return { of };
  } catch (error) {
    if (nameOf(error) === "NoSuchEntityException")
      return {
        of,
        problem: "This account does not have the policy that every role needs.",
        next: "Have the account's administrator deploy infra/account/template.json first (docs/operate.md, Once per account).",
      };
    return { of, problem: `It cannot be read: ${messageOf(error)}`, next: "Deploy with the role slipway-deploy." };
  }
}

/** Without the role SST would make one, outside the names that the deploy role may use. */
export async function apiGatewayLogs(apiGateway: APIGatewayClient, region: string): Promise<Finding> {
  const of = `API Gateway's log role in ${region}`;
  try {
    const { cloudwatchRoleArn } = await apiGateway.send(new GetAccountCommand({}));
    if (cloudwatchRoleArn) return { of };
    return {
      of,
      problem: "API Gateway may not write logs in this region.",
      next: "Have the account's administrator deploy infra/account/region.json there (docs/operate.md, Once per region).",
    };
  } catch (error) {
    return { of, problem: `It cannot be read: ${messageOf(error)}`, next: "Deploy with the role slipway-deploy." };
  }
}
