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
  /** Signed thinking must come back as it was sent; a model without any refuses to be sent some. */
  thinking: "signed" | "none";
  /** Temperature and top-p. */
  sampling: boolean;
  /** A tool choice that forces a call. */
  forcesTools: boolean;
  /** An answer whose beginning the request holds. */
  prefill: boolean;
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
  thinking: "signed",
  sampling: false,
  forcesTools: false,
  prefill: false,
} as const;
const claudeCache = { minimum: 1024, lifetimes: ["5m", "1h"], tools: true } as const;

const nova = {
  context: 300_000,
  output: 10_000,
  images: true,
  documents: true,
  cache: { minimum: 1000, lifetimes: ["5m"], tools: false },
  thinking: "none",
  sampling: true,
  forcesTools: true,
  prefill: true,
} as const;

/** By id, without the prefix of an inference profile. */
const models: Readonly<Record<string, ServedModel>> = {
  "anthropic.claude-sonnet-5-5": { ...claude, cache: claudeCache },
  "anthropic.claude-opus-5-5": { ...claude, cache: { ...claudeCache, minimum: 512 } },
  "anthropic.claude-haiku-5-5": { ...claude, cache: claudeCache },
  "anthropic.claude-haiku-4-5-20251001-v1:0": {
    ...claude,
    context: 200_000,
    output: 64_000,
    cache: { ...claudeCache, minimum: 4096 },
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
    thinking: "none",
    sampling: true,
    forcesTools: false,
    prefill: true,
  },
  // The demo model's own: it answers anything, and what is true of Claude's thinking is true of its.
  demo: { ...claude, documents: false },
};

/** A server of someone else's, which knows its own limits. */
export const unknownModel: ServedModel = {
  context: Infinity,
  output: Infinity,
  images: true,
  documents: true,
  thinking: "none",
  sampling: true,
  forcesTools: true,
  prefill: false,
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
