import type { Effort } from "@slipway/contract/model";

/**
 * What is known of models, by the name that their maker gives them. `model.ts` finds a family by the id that a provider
 * uses. Sources: platform.claude.com (models, pricing, prompt caching), developers.openai.com (models, pricing),
 * ai.google.dev (models, pricing) and the prompt caching page of Bedrock's user guide.
 */

/** When all of this was last looked up. */
export const lookedUp = "2026-11-26";

/** US dollars per million tokens. */
export interface Rates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  /** Kept for five minutes, and for an hour. */
  readonly cacheWrite: number;
  readonly cacheWriteHour: number;
}

export interface Prices extends Rates {
  /** The rates of a whole request whose prompt is longer than so many tokens, cached ones included. */
  readonly above?: Rates & { readonly promptTokens: number };
}

export interface Caching {
  /** `points`: the request marks what is cached. `automatic`: the provider finds out by itself. */
  readonly kind: "points" | "automatic";
  /** A shorter prefix is not cached. Tokens. */
  readonly minimum: number;
  /** Points that one request may have; 0 if automatic. */
  readonly points: number;
  readonly ttls: readonly ("5m" | "1h")[];
}

export interface Family {
  readonly label: string;
  readonly description: string;
  /** Tokens. */
  readonly contextWindow: number;
  readonly maxOutput: number;
  readonly caching: Caching | undefined;
  readonly images: boolean;
  readonly documents: boolean;
  readonly efforts: readonly Effort[];
  readonly defaultEffort?: Effort;
  readonly prices?: Prices;
}

const million = 1_000_000;

/** Anthropic's writes cost 1.25 and 2 times the input; a read costs its own share, which differs by model. */
function claudeRates(input: number, output: number, cacheRead: number): Rates {
  return { input, output, cacheRead, cacheWrite: input * 1.25, cacheWriteHour: input * 2 };
}

function claudeCaching(minimum: number): Caching {
  return { kind: "points", minimum, points: 4, ttls: ["5m", "1h"] };
}

/** Reads at a share of the input's price, and no price for the hour: it cannot be asked for. */
function automaticRates(input: number, output: number, cacheRead: number, cacheWrite = 0): Rates {
  return { input, output, cacheRead, cacheWrite, cacheWriteHour: cacheWrite };
}

const adaptive = { images: true, documents: true, efforts: ["low", "medium", "high", "max"] } as const;
const claude = { ...adaptive, contextWindow: million, maxOutput: 128_000, defaultEffort: "medium" } as const;
const gpt = {
  ...adaptive,
  contextWindow: 1_050_000,
  maxOutput: 128_000,
  defaultEffort: "medium",
  caching: { kind: "automatic", minimum: 1024, points: 0, ttls: ["5m"] },
} as const;
const gemini = {
  images: true,
  documents: true,
  efforts: ["low", "medium", "high"],
  defaultEffort: "medium",
  contextWindow: 1_048_576,
  maxOutput: 65_536,
  caching: { kind: "automatic", minimum: 4096, points: 0, ttls: ["5m"] },
} as const;
const nova = {
  images: true,
  documents: true,
  efforts: [],
  contextWindow: 300_000,
  maxOutput: 10_000,
  caching: { kind: "points", minimum: 1000, points: 4, ttls: ["5m"] },
} as const;

export const families: Readonly<Record<string, Family>> = {
  "claude-sonnet-5-5": {
    ...claude,
    label: "Claude Sonnet 5.5",
    description: "Fast and capable. Good for most code.",
    caching: claudeCaching(1024),
    prices: claudeRates(2, 10, 0.1),
  },
  "claude-opus-5-5": {
    ...claude,
    label: "Claude Opus 5.5",
    description: "For hard, long tasks.",
    caching: claudeCaching(512),
    prices: claudeRates(4, 20, 0.2),
  },
  "claude-haiku-5-5": {
    ...claude,
    label: "Claude Haiku 5.5",
    description: "Fast and cheap.",
    caching: claudeCaching(1024),
    prices: { ...claudeRates(0.1, 0.5, 0.01), above: { promptTokens: 100_000, ...claudeRates(0.5, 2.5, 0.05) } },
  },
  "claude-haiku-4-5": {
    ...claude,
    label: "Claude Haiku 4.5",
    description: "Fast. Succeeded by Haiku 5.5.",
    contextWindow: 200_000,
    maxOutput: 64_000,
    caching: claudeCaching(4096),
    prices: claudeRates(1, 5, 0.1),
  },
  "gpt-5.6-sol": {
    ...gpt,
    label: "GPT-5.6 Sol",
    description: "For hard, long tasks.",
    prices: { ...automaticRates(4, 20, 0.4, 5), above: { promptTokens: 272_000, ...automaticRates(8, 30, 0.8, 10) } },
  },
  "gpt-5.6-terra": {
    ...gpt,
    label: "GPT-5.6 Terra",
    description: "Balanced. Good for most code.",
    prices: { ...automaticRates(2, 12, 0.2, 2.5), above: { promptTokens: 272_000, ...automaticRates(4, 18, 0.4, 5) } },
  },
  "gpt-5.6-luna": {
    ...gpt,
    label: "GPT-5.6 Luna",
    description: "Fast and cheap.",
    contextWindow: 400_000,
    prices: {
      ...automaticRates(0.2, 1.2, 0.02, 0.25),
      above: { promptTokens: 200_000, ...automaticRates(0.4, 1.8, 0.04, 0.5) },
    },
  },
  "gpt-5.4-mini": {
    ...gpt,
    label: "GPT-5.4 mini",
    description: "Fast and cheap.",
    contextWindow: 400_000,
    prices: automaticRates(0.75, 4.5, 0.075),
  },
  "gemini-3.8-flash": {
    ...gemini,
    label: "Gemini 3.8 Flash",
    description: "Fast and capable.",
    // From 2027 on it costs twice as much.
    prices: automaticRates(0.75, 3.75, 0.075),
  },
  "gemini-3.1-pro-preview": {
    ...gemini,
    label: "Gemini 3.1 Pro",
    description: "For hard tasks.",
    prices: { ...automaticRates(2, 12, 0.2), above: { promptTokens: 200_000, ...automaticRates(4, 18, 0.4) } },
  },
  "nova-pro": {
    ...nova,
    label: "Amazon Nova Pro",
    description: "Amazon's model for general tasks.",
    prices: automaticRates(0.8, 3.2, 0.2),
  },
  "nova-lite": {
    ...nova,
    label: "Amazon Nova Lite",
    description: "Amazon's fast and cheap model.",
    prices: automaticRates(0.06, 0.24, 0.015),
  },
  demo: {
    label: "Demo model",
    description: "Needs no account. Writes small projects that run, and handles ordinary follow-ups.",
    contextWindow: 200_000,
    maxOutput: 32_000,
    caching: undefined,
    images: false,
    documents: false,
    efforts: [],
    prices: automaticRates(0, 0, 0),
  },
};

/** What holds for a maker's models that are not in the table: cautious limits, and no prices. */
export const makers: readonly { readonly of: RegExp; readonly facts: Omit<Family, "label" | "description"> }[] = [
  {
    of: /^claude-/,
    facts: {
      ...claude,
      efforts: ["low", "medium", "high"],
      contextWindow: 200_000,
      maxOutput: 32_000,
      caching: claudeCaching(4096),
    },
  },
  { of: /^gpt-[5-9]/, facts: { ...gpt, efforts: ["low", "medium", "high"], contextWindow: 400_000 } },
  { of: /^gemini-[3-9]/, facts: gemini },
  // It reads text alone.
  { of: /^nova-micro/, facts: { ...nova, images: false, documents: false, contextWindow: 128_000 } },
  { of: /^nova-/, facts: nova },
];
