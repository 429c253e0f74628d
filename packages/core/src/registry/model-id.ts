import type { ModelProvider } from "@slipway/contract/model";
import type { KeyProvider } from "@slipway/contract/provider";

/**
 * Ids of models. A model of the deployment's own Bedrock has Bedrock's id; one that is reached with a key says whose key:
 * `openai@team/gpt-5.6-terra`, `compatible@own/qwen3-coder`. `own` is the key of whoever sends the message.
 */

export type KeyOwner = "team" | "own";

export type ModelID =
  | { provider: Exclude<ModelProvider, KeyProvider>; name: string }
  | { provider: KeyProvider; owner: KeyOwner; name: string };

const byKey = /^(anthropic|openai|google|openrouter|compatible)@(team|own)\/(.+)$/s;

export function parseModelID(id: string): ModelID {
  const [, provider, owner, name] = byKey.exec(id) ?? [];
  if (name === undefined) return { provider: "bedrock", name: id };
  return { provider: provider as KeyProvider, owner: owner as KeyOwner, name };
}

export function modelIDOf(provider: KeyProvider, owner: KeyOwner, name: string): string {
  return `${provider}@${owner}/${name}`;
}
