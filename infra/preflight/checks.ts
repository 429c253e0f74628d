import { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { Stage } from "../stage.ts";
import { apiGatewayLogs, boundary, identity } from "./account.ts";
import type { Finding } from "./finding.ts";
import { models, modelsCalled } from "./models.ts";
import { concurrency, modelQuotas } from "./quotas.ts";
import { secrets } from "./secrets.ts";

/** Everything that would make a deployment fail, or fail its users afterwards. */
export async function preflight(stage: Stage): Promise<Finding[]> {
  const { region } = stage;
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    return [
      {
        of: "Region",
        problem: `"${region}" is not a region.`,
        next: "Set SLIPWAY_REGION, for example to eu-central-1.",
      },
    ];
  const client = { region, maxAttempts: 2 };
  const { who, ...account } = await identity(new STSClient(client), region);
  if (who === undefined) return [account];
  const called = modelsCalled(stage.defaultModel, {
    added: stage.models.map(({ id }) => id),
    hidden: stage.hiddenModels,
  });
  const found = await Promise.all([
    boundary(new IAMClient(client), stage, who),
    apiGatewayLogs(new APIGatewayClient(client), region),
    secrets(new SSMClient(client), stage),
    // HTTP/1.1 passes more proxies, and one request needs no more.
    models(new BedrockRuntimeClient({ ...client, requestHandler: new NodeHttpHandler() }), stage, called),
    concurrency(new LambdaClient(client), stage),
    modelQuotas(new ServiceQuotasClient(client), stage, called.needed),
  ]);
  return [account, ...found.flat()];
}
