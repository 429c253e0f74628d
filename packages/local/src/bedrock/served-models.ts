/** What each model takes, as its provider documents it. What a model does not take is refused. */
export interface ServedModel {
  /** Tokens of a request. */
  context: number;
  /** Tokens of an answer. */
  output: number;
  images: boolean;
  documents: boolean;
  /** Absent for models that refuse cache points. */
  cache?: CacheRules;
  /** Absent for models that refuse to be sent any. */
  thinking?: ThinkingRules;
  /** Temperature and top-p. */
  sampling: boolean;
  /** A tool choice that forces a call. */
  forcesTools: boolean;
  /** An answer whose beginning the request holds. */
  prefill: boolean;
  /** Schemas of tools without alternatives at their root, and with plain names of properties. */
  plainSchemas: boolean;
}

/** Thinking is signed, and comes back as it was sent. */
export interface ThinkingRules {
  /** Whether it thinks without being asked to. */
  unasked: boolean;
  /** Whether it sends what it thinks only to those who ask for a summary. */
  omits: boolean;
}

export interface CacheRules {
  /** Tokens of the shortest prefix that is kept. */
  minimum: number;
  lifetimes: readonly Lifetime[];
  /** Whether a point may follow the tools. */
  tools: boolean;
}

export type Lifetime = "5m" | "1h";

const claude = {
  context: 1_000_000,
  output: 128_000,
  images: true,
  documents: true,
  thinking: { unasked: false, omits: true },
  sampling: false,
  forcesTools: false,
  prefill: false,
  plainSchemas: true,
} as const;
const claudeCache = { minimum: 1024, lifetimes: ["5m", "1h"], tools: true } as const;

const nova = {
  context: 300_000,
  output: 10_000,
  images: true,
  documents: true,
  cache: { minimum: 1000, lifetimes: ["5m"], tools: false },
  sampling: true,
  forcesTools: true,
  prefill: true,
  plainSchemas: false,
} as const;

/** By id, without the prefix of an inference profile. */
const models: Readonly<Record<string, ServedModel>> = {
  "anthropic.claude-sonnet-5-5": { ...claude, cache: claudeCache },
  "anthropic.claude-opus-5-5": {
    ...claude,
    cache: { ...claudeCache, minimum: 512 },
    thinking: { unasked: true, omits: true },
  },
  "anthropic.claude-haiku-5-5": { ...claude, cache: claudeCache },
  "anthropic.claude-haiku-4-5-20251001-v1:0": {
    ...claude,
    context: 200_000,
    output: 64_000,
    cache: { ...claudeCache, minimum: 4096 },
    thinking: { unasked: false, omits: false },
    sampling: true,
    forcesTools: true,
    prefill: true,
  },
  "amazon.nova-pro-v1:0": nova,
  "amazon.nova-micro-v1:0": { ...nova, context: 128_000, images: false, documents: false },
  "meta.llama3-3-70b-instruct-v1:0": {
    context: 128_000,
    output: 8192,
    images: false,
    documents: false,
    sampling: true,
    forcesTools: false,
    prefill: true,
    plainSchemas: false,
  },
  // It needs nothing to be asked for, and is as strict as Claude.
  demo: { ...claude, documents: false, thinking: { unasked: true, omits: false } },
};

/** A server of someone else's, which knows its own limits. */
export const unknownModel: ServedModel = {
  context: Infinity,
  output: Infinity,
  images: true,
  documents: true,
  sampling: true,
  forcesTools: true,
  prefill: false,
  plainSchemas: false,
};

/** A model by its id, that of an inference profile, or an ARN of either. Undefined for one that is not known. */
export function servedModel(id: string): ServedModel | undefined {
  const name = baseModel(id);
  return Object.hasOwn(models, name) ? models[name] : undefined;
}

/** `global.anthropic.claude-…` → `anthropic.claude-…`: a model has one cache and one key for its thinking, however it is called. */
export function baseModel(id: string): string {
  const name = id.startsWith("arn:") ? id.slice(id.indexOf("/") + 1) : id;
  return name.replace(/^(?:global|us|us-gov|eu|apac|jp|au)\./, "");
}
