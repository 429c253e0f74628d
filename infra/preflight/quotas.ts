import { GetAccountSettingsCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { ListServiceQuotasCommand, type ServiceQuota, type ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { Stage } from "../stage.ts";
import { messageOf, type Finding } from "./finding.ts";

/** Quotas of a new account may be a tenth of what a team needs. Raising them takes hours to days, and costs nothing. */

/** Each run holds one execution; requests come on top. A new account may have 10. */
const wantedConcurrency = 100;

/** About two runs at once: a step sends up to 100,000 tokens, and takes half a minute. */
const wantedTokens = 400_000;

/** A stage for trying out works with a small quota: calls are throttled, and retried. */
export async function concurrency(lambda: LambdaClient, stage: Stage): Promise<Finding> {
  const of = "Quota of concurrent Lambda executions";
  try {
    const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
    const quota = AccountLimit?.UnreservedConcurrentExecutions ?? AccountLimit?.ConcurrentExecutions ?? 0;
    if (quota >= wantedConcurrency) return { of };
    return {
      of,
      problem: `It is ${quota}. A small team needs ${wantedConcurrency}; below that, pages and runs wait for each other.`,
      next: "Request 1,000 in Service Quotas, AWS Lambda, Concurrent executions (L-B99A9384). It costs nothing.",
      isWarning: !stage.protect,
    };
  } catch (error) {
    return { of, problem: `It cannot be read: ${messageOf(error)}`, next: "Deploy with the role slipway-deploy." };
  }
}

/** Bedrock limits models by tokens per minute, under names that hold the model's. An unknown name is no problem. */
export async function modelQuotas(
  serviceQuotas: ServiceQuotasClient,
  { region }: Stage,
  models: readonly string[],
): Promise<Finding[]> {
  const quotas: ServiceQuota[] = [];
  try {
    let NextToken: string | undefined;
    do {
      const page = await serviceQuotas.send(new ListServiceQuotasCommand({ ServiceCode: "bedrock", NextToken }));
      quotas.push(...(page.Quotas ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  } catch (error) {
    return [{ of: "Model quotas", problem: `They cannot be read: ${messageOf(error)}`, next: "", isWarning: true }];
  }
  return models.flatMap((model) => {
    const quota = tokensPerMinute(quotas, model);
    if (quota?.Value === undefined) return [];
    const of = `Quota of ${model}`;
    if (quota.Value >= wantedTokens) return [{ of }];
    return [
      {
        of,
        problem: `It is ${quota.Value.toLocaleString("en")} tokens per minute. Two runs at once need about ${wantedTokens.toLocaleString("en")}.`,
        next: `Request an increase of "${quota.QuotaName ?? ""}" (${quota.QuotaCode ?? ""}) in Service Quotas, Amazon Bedrock, ${region}.`,
        isWarning: true,
      },
    ];
  });
}

/** `global.anthropic.claude-haiku-5-5` is in "Global cross-region … tokens per minute for Anthropic Claude Haiku 5.5". */
function tokensPerMinute(quotas: readonly ServiceQuota[], model: string): ServiceQuota | undefined {
  const words = (text: string) => text.toLowerCase().match(/[a-z]+|\d+/g) ?? [];
  // Neither the region prefix of an inference profile nor a model's date and version are in a quota's name.
  const wanted = words(model.replace(/^[a-z-]+\.(?=[a-z0-9]+\.)/, "").replace(/-\d{8}|-v\d+(?::\d+)?$/g, ""));
  return quotas.find(({ QuotaName = "" }) => {
    const has = new Set(words(QuotaName));
    return (
      QuotaName.includes("tokens per minute") &&
      has.has("global") === model.startsWith("global.") &&
      wanted.every((word) => has.has(word))
    );
  });
}
