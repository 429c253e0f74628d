import { ConverseCommand, type BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime";
import { modelsCalled } from "@slipway/core/registry";
import type { Stage } from "../stage.ts";
import { messageOf, nameOf, type Finding } from "./finding.ts";

/** The one place where infra asks the product something: which models a deployment calls. */
export { modelsCalled };
type ModelsCalled = ReturnType<typeof modelsCalled>;

/**
 * Asks each model for one token, because access shows only when a model is called. The default model and the small one
 * (titles, help in the editor) are needed; of the others people choose, so a missing one is a warning.
 */
export async function models(
  bedrock: BedrockRuntimeClient,
  stage: Stage,
  { needed, offered }: ModelsCalled,
): Promise<Finding[]> {
  return Promise.all([
    ...needed.map((modelID) => model(bedrock, stage, modelID)),
    ...offered.map(async (modelID) => ({ ...(await model(bedrock, stage, modelID)), isWarning: true })),
  ]);
}

async function model(bedrock: BedrockRuntimeClient, { region }: Stage, modelId: string): Promise<Finding> {
  const of = `Model ${modelId}`;
  try {
    await bedrock.send(
      new ConverseCommand({
        modelId,
        messages: [{ role: "user", content: [{ text: "Say ok." }] }],
        inferenceConfig: { maxTokens: 1 },
      }),
    );
    return { of };
  } catch (error) {
    return { of, ...explain(nameOf(error), messageOf(error), region) };
  }
}

function explain(name: string, message: string, region: string): { problem: string; next: string } {
  // Whatever the error's name is: Bedrock has used several.
  if (/use[- ]case/i.test(message))
    return {
      problem: "Anthropic's use case form has not been submitted for this account.",
      next: `Open any Anthropic model in the Bedrock console of ${region} (Model catalog) and submit the form: once per account, or once in the organization's management account. Then try again in 15 minutes.`,
    };
  if (/marketplace/i.test(message))
    return {
      problem: "The account has no subscription to it yet, and your role may not make one.",
      next: "Have an administrator run this once: the first call subscribes the account, and needs aws-marketplace:Subscribe and aws-marketplace:ViewSubscriptions. Try again in 15 minutes.",
    };
  switch (name) {
    case "AccessDeniedException":
      return {
        problem: `This account may not use it yet: ${message}`,
        next: `Call it once as an administrator (npm run preflight does), with bedrock:InvokeModel, aws-marketplace:Subscribe and aws-marketplace:ViewSubscriptions; and check that no service control policy denies Bedrock in ${region} or in the regions of its inference profile.`,
      };
    case "ResourceNotFoundException":
    case "ValidationException":
      return {
        problem: `Bedrock does not have it in ${region}: ${message}`,
        next: "Set SLIPWAY_REGION to a region that has it, or SLIPWAY_DEFAULT_MODEL to a model of this region.",
      };
    case "ThrottlingException":
      return {
        problem: "A single request was throttled: its quota is 0 or used up.",
        next: `Request an increase in Service Quotas, Amazon Bedrock, ${region}.`,
      };
    default:
      return { problem: message, next: "Try again; then look at https://health.aws.amazon.com." };
  }
}
