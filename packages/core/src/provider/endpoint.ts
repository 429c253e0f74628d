import { VisibleError } from "@slipway/contract/error";
import type { KeyProvider } from "@slipway/contract/provider";
import { resource } from "../config/config.ts";
import { createStreamingFetch } from "../fetch/streaming.ts";

/** Where providers are reached. Every request goes through one guarded fetch, whoever chose the address. */

export const providerNames: Readonly<Record<KeyProvider, string>> = {
  anthropic: "Anthropic",
  openai: "OpenAI",
  google: "Google",
  openrouter: "OpenRouter",
  compatible: "The endpoint",
};

/** With the version, without a slash at its end. An endpoint that only its owner knows has none. */
const addresses: Readonly<Record<KeyProvider, string | undefined>> = {
  anthropic: "https://api.anthropic.com/v1",
  openai: "https://api.openai.com/v1",
  google: "https://generativelanguage.googleapis.com/v1beta",
  openrouter: "https://openrouter.ai/api/v1",
  compatible: undefined,
};

export function addressOf(provider: KeyProvider, baseURL: string | undefined): string {
  const address = baseURL ?? addresses[provider];
  if (address === undefined) throw new VisibleError("invalid_input", "Enter the endpoint's base URL.");
  return address;
}

/**
 * A base URL as it is stored: https, without a query or a password. Whether its host is public is checked at each
 * connection, since a name may come to mean another address. @throws VisibleError invalid_input
 */
export function parseBaseURL(text: string): string {
  const refuse = (message: string) => new VisibleError("invalid_input", message);
  if (!URL.canParse(text)) throw refuse("The base URL is not a URL. Enter one such as https://models.example.com/v1.");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") throw refuse("The base URL holds a password. Enter it as the key.");
  if (url.search !== "" || url.hash !== "") throw refuse("The base URL has a query. Enter it without one.");
  if (url.protocol !== "https:" && !isTrusted(url)) throw refuse("The base URL must begin with https://.");
  return url.href.replace(/\/+$/, "");
}

/** Bytes of a response. The longest answer of a model, as events, is a tenth of that. */
const maxBytes = 64 * 1024 * 1024;

/** A `fetch` for providers: public addresses over https, or an origin that the deployment trusts. It never redirects. */
const guardedFetch = createStreamingFetch({ maxBytes, isTrusted });

/** Bytes of an error's body. */
const maxErrorBytes = 64 * 1024;

/** The same for one key, which no error repeats, whatever the endpoint writes into it. */
export function fetchWith(key: string): typeof fetch {
  return async function providerFetch(input, init) {
    const response = await guardedFetch(input, init);
    if (response.ok || response.body === null) return response;
    const { status, headers } = response;
    const text = await readHead(response.body, maxErrorBytes);
    return new Response(key === "" ? text : text.replaceAll(key, "[key]"), { status, headers });
  };
}

async function readHead(body: ReadableStream<Uint8Array>, bytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= bytes) break;
  }
  return Buffer.concat(chunks).subarray(0, bytes).toString("utf8");
}

function isTrusted(url: URL): boolean {
  return resource("Settings").trustedModelOrigins.includes(url.origin);
}
