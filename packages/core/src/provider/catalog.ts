import { headOf } from "@slipway/contract/cut";
import { VisibleError } from "@slipway/contract/error";
import type { KeyProvider } from "@slipway/contract/provider";
import { z } from "zod";
import type { Prices } from "../registry/registry.ts";
import { addressOf, fetchWith, providerNames } from "./endpoint.ts";
import { Listed } from "./listed.ts";

/** What a provider says that a key reaches. Asking for it is also how a key is checked. */

export interface Connection {
  provider: KeyProvider;
  baseURL: string | undefined;
  key: string;
}

const timeLimit = 15_000;
const maxListBytes = 8 * 1024 * 1024;
/** A row of the table holds 400 KB. */
const maxModels = 600;

/** @throws VisibleError when the provider refuses the key, cannot be reached, or is none */
export async function listModels(connection: Connection): Promise<Listed[]> {
  const { provider } = connection;
  // OpenRouter lists its models to everyone.
  if (provider === "openrouter") await ask(connection, "/key", z.object({ data: z.looseObject({}) }));
  const found = await readers[provider](connection);
  const usable = found.filter(({ name }) => name.length <= 200 && /^[\x21-\x7e]+$/.test(name));
  if (usable.length === 0)
    throw new VisibleError("invalid_input", `${providerNames[provider]} lists no models that can chat for this key.`);
  return [...new Map(usable.map((each) => [each.name, each])).values()].slice(0, maxModels);
}

function headersOf({ provider, key }: Pick<Connection, "provider" | "key">): Record<string, string> {
  if (key === "") return {};
  if (provider === "anthropic") return { "x-api-key": key, "anthropic-version": "2023-06-01" };
  if (provider === "google") return { "x-goog-api-key": key };
  return { authorization: `Bearer ${key}` };
}

const positive = z.int().positive().nullish().catch(undefined);
const OpenAIList = z.object({
  data: z.array(
    z.looseObject({
      id: z.string(),
      /** vLLM; others. */
      max_model_len: positive,
      context_length: positive,
    }),
  ),
});
const AnthropicList = z.object({
  data: z.array(
    z.looseObject({
      id: z.string(),
      display_name: z.string().optional(),
      max_input_tokens: positive,
      max_tokens: positive,
    }),
  ),
});
const GoogleList = z.object({
  models: z.array(
    z.looseObject({
      name: z.string(),
      displayName: z.string().optional(),
      inputTokenLimit: positive,
      outputTokenLimit: positive,
      supportedGenerationMethods: z.array(z.string()).default([]),
      thinking: z.boolean().optional(),
    }),
  ),
});
const perToken = z.coerce.number().nonnegative().catch(0);
const OpenRouterList = z.object({
  data: z.array(
    z.looseObject({
      id: z.string(),
      name: z.string().optional(),
      context_length: positive,
      architecture: z.looseObject({ input_modalities: z.array(z.string()).default([]) }).optional(),
      top_provider: z.looseObject({ max_completion_tokens: positive }).nullish(),
      supported_parameters: z.array(z.string()).default([]),
      pricing: z
        .looseObject({
          prompt: perToken,
          completion: perToken,
          input_cache_read: perToken,
          input_cache_write: perToken,
        })
        .optional(),
    }),
  ),
});

const readers: Readonly<Record<KeyProvider, (connection: Connection) => Promise<Listed[]>>> = {
  async anthropic(connection) {
    const { data } = await ask(connection, "/models?limit=1000", AnthropicList);
    return data.map(({ id, display_name: listedAs, max_input_tokens: input, max_tokens: output }) =>
      listed(id, { listedAs, contextWindow: input, maxOutput: output }),
    );
  },
  async openai(connection) {
    const { data } = await ask(connection, "/models", OpenAIList);
    // The list has every kind of model, and does not say which kind.
    const chats = data.filter(({ id }) => /^(?:gpt-[4-9]|o\d|codex|chatgpt)/.test(id) && !otherKinds.test(id));
    return chats.map(({ id }) => listed(id, {}));
  },
  async google(connection) {
    const { models } = await ask(connection, "/models?pageSize=1000", GoogleList);
    const chats = models.filter(
      ({ name, supportedGenerationMethods }) =>
        supportedGenerationMethods.includes("generateContent") && !otherKinds.test(name),
    );
    return chats.map(({ name, displayName, inputTokenLimit, outputTokenLimit, thinking }) =>
      listed(name.replace(/^models\//, ""), {
        listedAs: displayName,
        contextWindow: inputTokenLimit,
        maxOutput: outputTokenLimit,
        thinks: thinking,
      }),
    );
  },
  async openrouter(connection) {
    const { data } = await ask(connection, "/models", OpenRouterList);
    // The agent works through tools.
    const usable = data.filter(({ supported_parameters: takes }) => takes.includes("tools"));
    return usable.map((each) =>
      listed(each.id, {
        listedAs: each.name,
        contextWindow: each.context_length,
        maxOutput: each.top_provider?.max_completion_tokens,
        images: each.architecture?.input_modalities.includes("image"),
        thinks: each.supported_parameters.includes("reasoning"),
        prices: each.pricing && pricesOf(each.pricing),
      }),
    );
  },
  async compatible(connection) {
    const { data } = await ask(connection, "/models", OpenAIList);
    return data.map(({ id, max_model_len: length, context_length: context }) =>
      listed(id, { contextWindow: length ?? context }),
    );
  },
};

const otherKinds =
  /embed|image|audio|realtime|tts|transcribe|whisper|dall-e|moderation|search|instruct|live|robotics|computer-use|-aqa/;

type Facts = { [Field in keyof Omit<Listed, "name">]: Listed[Field] | null | undefined };

/** Without what the provider does not say. */
function listed(name: string, facts: Partial<Facts>): Listed {
  const said = Object.entries(facts).filter(([, value]) => value !== undefined && value !== null);
  return Listed.parse({ name, ...Object.fromEntries(said) });
}

function pricesOf(pricing: {
  prompt: number;
  completion: number;
  input_cache_read: number;
  input_cache_write: number;
}): Prices {
  // Of a million tokens, without what binary fractions add.
  const rate = (dollars: number) => Number((dollars * 1e6).toPrecision(12));
  const cacheWrite = rate(pricing.input_cache_write);
  return {
    input: rate(pricing.prompt),
    output: rate(pricing.completion),
    cacheRead: rate(pricing.input_cache_read),
    cacheWrite,
    cacheWriteHour: cacheWrite,
  };
}

/** A JSON reply of the provider. Errors name the provider and the next step, never the key or what it replied. */
async function ask<S extends z.ZodType>(connection: Connection, path: string, schema: S): Promise<z.infer<S>> {
  const { provider, baseURL } = connection;
  const name = baseURL === undefined ? providerNames[provider] : headOf(new URL(baseURL).host, 100);
  const { response, text } = await read(connection, path, name);
  const { status } = response;
  if (status === 401 || status === 403 || (provider === "google" && status === 400 && /API[_ ]key/i.test(text)))
    throw new VisibleError("invalid_input", `${name} rejected the key. Check it, and that it may list models.`);
  if (status === 402) throw new VisibleError("invalid_input", `The account at ${name} has no credit left.`);
  if (status === 429) {
    const seconds = /^\d{1,5}$/.exec(response.headers.get("retry-after") ?? "")?.[0];
    const when = seconds === undefined ? "in a minute" : `in ${seconds} s`;
    throw new VisibleError("rate_limited", `${name} is limiting requests with this key. Try again ${when}.`);
  }
  if (status >= 500) throw new VisibleError("unavailable", `${name} has a problem (${status}). Try again later.`);
  const parsed = schema.safeParse(status === 200 ? parseJSON(text) : undefined);
  if (parsed.success) return parsed.data;
  const what = /^\s*</.test(text) ? "with a web page" : `with something other than a list of models (${status})`;
  throw new VisibleError("invalid_input", `${name} replied ${what}. Check the base URL.`);
}

async function read(connection: Connection, path: string, name: string): Promise<{ response: Response; text: string }> {
  try {
    const url = `${addressOf(connection.provider, connection.baseURL)}${path}`;
    const response = await fetchWith(connection.key)(url, {
      headers: { accept: "application/json", ...headersOf(connection) },
      signal: AbortSignal.timeout(timeLimit),
    });
    return { response, text: await readText(response) };
  } catch (error) {
    if (error instanceof VisibleError) throw error;
    const late = error instanceof Error && error.name === "TimeoutError" ? " in time" : "";
    // Without its cause, which may hold headers.
    throw new VisibleError("unavailable", `${name} did not answer${late}. Check the base URL, or try again.`);
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxListBytes) throw new VisibleError("invalid_input", "The provider's list of models is too long.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJSON(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
