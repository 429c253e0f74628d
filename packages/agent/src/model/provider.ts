import { createAmazonBedrock } from "@ai-sdk/amazon-bedrock";
import * as Providers from "@slipway/core/provider/system";
import { describe, modelOf, parseModelID, smallModel, type ModelInfo } from "@slipway/core/registry";
import { wrapLanguageModel } from "ai";
import { connect } from "./connected.ts";
import { withinOutput } from "./output-limit.ts";
import { seam } from "./seam.ts";

export type ProvidedModel = ReturnType<typeof wrapLanguageModel>;

/** A model that can be called, with what is known of it. */
export interface Provided {
  model: ProvidedModel;
  info: ModelInfo;
  /** A person's own key pays for its calls, and none of its dollars are the team's. */
  paidBy: "team" | "person";
}

// The SDK prints what it changes in a request, with names of tools: not for the logs.
globalThis.AI_SDK_LOG_WARNINGS = false;

let bedrock: ReturnType<typeof createAmazonBedrock> | undefined;

/** The small model of the same provider and key, for titles and help in the editor; the model itself where there is none. */
export async function provideSmall(provided: Provided, userID: string): Promise<Provided> {
  const id = smallModel(provided.info.id);
  return id === provided.info.id ? provided : ((await provide(id, userID)) ?? provided);
}

/** The model of an id of Bedrock, which is found by the SDK's own settings. */
function resolve(id: string): ProvidedModel {
  bedrock ??= createAmazonBedrock();
  return wrapLanguageModel({ model: bedrock(id), middleware: [...seam, withinOutput(modelOf(id).maxOutput)] });
}

/** A model for someone's request. Undefined when the key that reaches it, or the model behind it, is gone. */
export async function provide(id: string, userID: string): Promise<Provided | undefined> {
  const parsed = parseModelID(id);
  if (!("owner" in parsed)) return { model: resolve(id), info: modelOf(id), paidBy: "team" };
  const { provider, owner, name } = parsed;
  const connection = await Providers.connectionOf(provider, owner, userID);
  const listed = connection?.models.find((model) => model.name === name);
  if (connection === undefined || listed === undefined) return undefined;
  const info = describe(id, listed);
  const { model, middleware } = await connect(connection, { id, name, thinks: info.efforts.length > 0 });
  return {
    model: wrapLanguageModel({ model, middleware: [...seam, ...middleware, withinOutput(info.maxOutput)] }),
    info,
    paidBy: owner === "own" ? "person" : "team",
  };
}
