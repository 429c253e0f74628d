import { VisibleError } from "@slipway/contract/error";
import type { Effort, Model } from "@slipway/contract/model";
import { resource } from "../config/config.ts";
import type { Actor } from "../member/member.ts";
import * as Providers from "../provider/reached.ts";
import {
  choicesBeside,
  describe,
  modelIDOf,
  modelOf,
  parseModelID,
  toModel,
  type ModelInfo,
} from "../registry/registry.ts";

/** The models that this deployment can call: its own of Bedrock, and what keys reach. */

export { modelOf } from "../registry/registry.ts";

/** What a person can choose: the default, the deployment's others, the team's keys', and the person's own. */
export async function offered(actor: Actor): Promise<Model[]> {
  const { defaultModel } = resource("Settings");
  const reached = await Providers.reachedBy(actor.userID);
  const byKeys = reached.flatMap(({ provider, owner, models }) =>
    models.map((model) => describe(modelIDOf(provider, owner, model.name), model)),
  );
  const hidden = new Set(resource("Settings").hiddenModels);
  return [...deploymentModels().map(modelOf), ...byKeys.filter(({ id }) => !hidden.has(id))].map((info) =>
    toModel(info, { isDefault: info.id === defaultModel }),
  );
}

/** The default first. */
function deploymentModels(): string[] {
  const { defaultModel, models, hiddenModels } = resource("Settings");
  const others = [...choicesBeside(defaultModel), ...models.map(({ id }) => id)];
  return [...new Set([defaultModel, ...others.filter((id) => !hiddenModels.includes(id))])];
}

/** The model of an id if the person can use it now. Undefined when it is not offered, or not any more. */
export async function find(actor: Pick<Actor, "userID">, id: string): Promise<ModelInfo | undefined> {
  const parsed = parseModelID(id);
  if (!("owner" in parsed)) return deploymentModels().includes(id) ? modelOf(id) : undefined;
  if (resource("Settings").hiddenModels.includes(id)) return undefined;
  const models = await Providers.reachedWith(parsed.provider, parsed.owner, actor.userID);
  const listed = models?.find(({ name }) => name === parsed.name);
  return listed && describe(id, listed);
}

export interface Choice {
  model: string;
  effort: Effort | undefined;
}

/**
 * A person's choice for a message, checked. Without one it is the project's, and the deployment's default where that is
 * gone. An effort that the model does not have is dropped.
 * @throws VisibleError invalid_input for a chosen model that is not offered
 */
export async function choose(
  actor: Pick<Actor, "userID">,
  wanted: { model?: string | undefined; effort?: Effort | undefined },
  preferred: string,
): Promise<Choice> {
  const chosen = wanted.model === undefined ? undefined : await find(actor, wanted.model);
  if (wanted.model !== undefined && chosen === undefined)
    throw new VisibleError(
      "invalid_input",
      `${describe(wanted.model).label} is not offered here. Choose another model.`,
      { reason: "model_gone" },
    );
  const info =
    chosen ??
    (preferred === "" ? undefined : await find(actor, preferred)) ??
    modelOf(resource("Settings").defaultModel);
  const effort = wanted.effort !== undefined && info.efforts.includes(wanted.effort) ? wanted.effort : undefined;
  return { model: info.id, effort };
}
