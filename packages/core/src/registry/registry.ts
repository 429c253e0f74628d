import type { Effort, Model, ModelProvider } from "@slipway/contract/model";
import { resource } from "../config/config.ts";
import { families, makers, type Caching, type Family, type Prices, type Rates } from "./families.ts";
import { modelIDOf, parseModelID } from "./model-id.ts";

/** What is known of models. */

export { lookedUp, type Prices } from "./families.ts";
export { modelIDOf, parseModelID, type KeyOwner } from "./model-id.ts";

export interface ModelInfo {
  id: string;
  provider: ModelProvider;
  label: string;
  description: string;
  /** Tokens that prompt and answer share. Cautious for a model that is not known. */
  contextWindow: number;
  /** Tokens of one answer. */
  maxOutput: number;
  /** Undefined: it has none, and refuses cache points. */
  caching: Caching | undefined;
  /** Undefined: not known, so a request shows. */
  sees: { images: boolean | undefined; documents: boolean | undefined };
  /** How much thinking can be asked for. Empty: the model decides. */
  efforts: readonly Effort[];
  defaultEffort: Effort | undefined;
  /** Undefined: not known, so its calls are counted and cost nothing. */
  prices: Prices | undefined;
}

/** What a deployment, or a provider's own list, says of a model. It takes precedence over what is known. */
export interface ModelFacts {
  /** Its name for people. */
  label?: string | undefined;
  /** The same as its provider lists it: for one that is not known better. */
  listedAs?: string | undefined;
  contextWindow?: number | undefined;
  maxOutput?: number | undefined;
  images?: boolean | undefined;
  /** It takes an effort. */
  thinks?: boolean | undefined;
  prices?: Prices | undefined;
}

/** Of a model that is only known to think. */
const anyEfforts = ["low", "medium", "high"] as const;

/** A model of which nothing is known. */
const unknown = { contextWindow: 128_000, maxOutput: 32_000 } as const;

/** What this deployment knows of a model, by any id that a provider uses for it. */
export function modelOf(id: string): ModelInfo {
  return describe(
    id,
    resource("Settings").models.find((model) => model.id === id),
  );
}

/** What is known of a model without the deployment's settings. */
export function describe(id: string, facts: ModelFacts = {}): ModelInfo {
  const { provider, name } = parseModelID(id);
  const family = familyOf(name);
  return {
    id,
    provider,
    label: facts.label ?? family?.label ?? facts.listedAs ?? name,
    description: family?.description ?? "",
    contextWindow: facts.contextWindow ?? family?.contextWindow ?? unknown.contextWindow,
    maxOutput: Math.min(
      facts.maxOutput ?? family?.maxOutput ?? unknown.maxOutput,
      facts.contextWindow ?? family?.contextWindow ?? unknown.contextWindow,
    ),
    caching: family?.caching,
    sees: { images: facts.images ?? family?.images, documents: family?.documents },
    efforts: family?.efforts ?? (facts.thinks ? anyEfforts : []),
    defaultEffort: family ? family.defaultEffort : facts.thinks ? "medium" : undefined,
    prices: facts.prices ?? (family?.prices && pricesOf(family.prices, id)),
  };
}

/** An endpoint of Bedrock for one region or continent costs 10% more than the global one, for Claude. */
function pricesOf(prices: Prices, id: string): Prices {
  const isRegional = /^(?:(?:us|us-gov|eu|apac|jp|au|ca)\.)?anthropic\./.test(id);
  if (!isRegional) return prices;
  const { above } = prices;
  return { ...raised(prices), ...(above ? { above: { ...raised(above), promptTokens: above.promptTokens } } : {}) };
}

function raised({ input, output, cacheRead, cacheWrite, cacheWriteHour }: Rates): Rates {
  const by = (rate: number) => (rate * 11) / 10;
  return {
    input: by(input),
    output: by(output),
    cacheRead: by(cacheRead),
    cacheWrite: by(cacheWrite),
    cacheWriteHour: by(cacheWriteHour),
  };
}

/**
 * `global.anthropic.claude-haiku-4-5-20251001-v1:0`, `anthropic/claude-haiku-4.5` and `claude-haiku-4-5` are one family,
 * and so is a dated version of it. `claude-haiku-4-5-turbo` is only known to be Claude.
 */
function familyOf(name: string): (Omit<Family, "label" | "description"> & Partial<Family>) | undefined {
  const bare = name
    .replace(/^.*\//s, "")
    .replace(/^(?:(?:global|us|us-gov|eu|apac|jp|au|ca)\.)?(?:anthropic|amazon)\./, "")
    .replace(/(?:-v\d+(?::\d+[a-z]*)*|:\d+)$/, "")
    .replace(/-(?:\d{8}|\d{4}-\d\d-\d\d)$/, "");
  const found = [bare, bare.replace(/(\d)\.(\d)/g, "$1-$2")].find((key) => Object.hasOwn(families, key));
  return found === undefined ? makers.find(({ of }) => of.test(bare))?.facts : families[found];
}

const claudes = ["sonnet", "opus", "haiku"].map((size) => `global.anthropic.claude-${size}-5-5`);
const small = "global.anthropic.claude-haiku-5-5";

/** What a deployment offers of Bedrock when it does not say otherwise. */
export function choicesBeside(defaultModel: string): string[] {
  return claudes.includes(defaultModel) ? claudes : [];
}

/**
 * Every model of Bedrock that a deployment may call: those that it needs (the default, and the small one of it), and the
 * others that people can choose.
 */
export function modelsCalled(
  defaultModel: string,
  choices: { added?: readonly string[]; hidden?: readonly string[] } = {},
): { needed: string[]; offered: string[] } {
  const { added = [], hidden = [] } = choices;
  const needed = [...new Set([defaultModel, smallModel(defaultModel)])];
  const offered = [...new Set([...choicesBeside(defaultModel), ...added])].filter((id) => !hidden.includes(id));
  return { needed, offered: offered.filter((id) => !needed.includes(id)) };
}

/** The small model of each provider that makes its own. */
const smallNames = { anthropic: "claude-haiku-5-5", openai: "gpt-5.6-luna", google: "gemini-3.8-flash" } as const;

/** The small model beside one, reached in the same way: for titles, and for help in the editor. */
export function smallModel(id: string): string {
  const parsed = parseModelID(id);
  if (!("owner" in parsed)) return claudes.includes(id) ? small : id;
  const { provider, owner } = parsed;
  return provider in smallNames ? modelIDOf(provider, owner, smallNames[provider as keyof typeof smallNames]) : id;
}

/** As a person is shown it. */
export function toModel(info: ModelInfo, options: { isDefault: boolean }): Model {
  const { id, provider, label, description, contextWindow, sees, efforts, defaultEffort, prices } = info;
  return {
    id,
    name: label,
    description,
    isDefault: options.isDefault,
    provider,
    contextWindow,
    efforts: [...efforts],
    ...(sees.images === undefined ? {} : { seesImages: sees.images }),
    ...(defaultEffort === undefined ? {} : { defaultEffort }),
    ...(prices === undefined ? {} : { priceClass: priceClassOf(prices) }),
  };
}

function priceClassOf({ output }: Prices): NonNullable<Model["priceClass"]> {
  if (output === 0) return "free";
  if (output < 3) return "low";
  return output < 15 ? "medium" : "high";
}
