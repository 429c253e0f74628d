import type { Model } from "@slipway/contract/model";
import { resource } from "@slipway/core/config";

/** The models that a project can choose. The provider is a module of its own, so that listing models stays cheap. */

interface Known {
  id: string;
  name: string;
  description: string;
}

const bedrock: readonly Known[] = [
  { id: "global.anthropic.claude-sonnet-5-5", name: "Claude Sonnet 5.5", description: "The default for code." },
  {
    id: "global.anthropic.claude-opus-5-5",
    name: "Claude Opus 5.5",
    description: "For hard tasks; about twice the price.",
  },
  { id: "global.anthropic.claude-haiku-5-5", name: "Claude Haiku 5.5", description: "Fast and cheap." },
];
const demo: Known = {
  id: "demo",
  name: "Demo model",
  description: "Needs no account: writes small projects that run, and handles ordinary follow-ups.",
};

/** The deployment's default first, then the others. */
export function list(): Model[] {
  const { defaultModel, otherModels } = resource("Settings");
  const isBedrock = bedrock.some(({ id }) => id === defaultModel);
  const named = {
    id: defaultModel,
    name: defaultModel,
    description: "The model this deployment was started with.",
  };
  const others = otherModels.map((id) => (id === demo.id ? demo : { id, name: id, description: "" }));
  const known = isBedrock ? bedrock : [defaultModel === demo.id ? demo : named, ...others];
  return known.map((model) => ({ ...model, isDefault: model.id === defaultModel }));
}

/**
 * Every model that a deployment may call: those that it needs (the default, and the small one of each), and the others that
 * people can choose.
 */
export function modelsCalled(defaultModel: string): { needed: string[]; offered: string[] } {
  const needed = [...new Set([defaultModel, smallModel(defaultModel)])];
  const choices = bedrock.some(({ id }) => id === defaultModel) ? bedrock.map(({ id }) => id) : [];
  return { needed, offered: choices.filter((id) => !needed.includes(id)) };
}

/** The small model of the same deployment: for titles, and for help in the editor. */
export function smallModel(id: string): string {
  return bedrock.some((known) => known.id === id) ? "global.anthropic.claude-haiku-5-5" : id;
}

/** Whether the model can be asked to think. */
export function canReason(id: string): boolean {
  return id.includes("anthropic.claude");
}

/** Whether the model takes cache points: others refuse a request that has one. */
export function canCache(id: string): boolean {
  return /anthropic\.claude|amazon\.nova/.test(id);
}
