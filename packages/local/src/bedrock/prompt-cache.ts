import { createHash } from "node:crypto";
import type { ConverseRequest, Usage } from "./converse.ts";
import { promptOf, type PromptBlock } from "./prompt.ts";
import type { CacheRules, Lifetime } from "./served-models.ts";

/**
 * The prompt cache of an account. Every cache point keeps the prefix before it for its lifetime; a later request reads
 * the longest one that it finds at a point of its own, or up to 20 blocks before one.
 */
export interface PromptCache {
  /** What a request takes of the cache and adds to it. A request that is refused or fails at once must not get here. */
  use(model: string, request: ConverseRequest, rules: CacheRules | undefined): InputUsage;
}

export type InputUsage = Omit<Usage, "outputTokens">;

interface Entry {
  /** Milliseconds. */
  lifetime: number;
  /** Milliseconds since 1970. */
  expires: number;
}

interface Prefix {
  id: string;
  tokens: number;
  points: readonly Lifetime[];
}

const lookBack = 20;
const lifetimes: Readonly<Record<Lifetime, number>> = { "5m": 300_000, "1h": 3_600_000 };

export function createPromptCache(now: () => number = Date.now): PromptCache {
  const entries = new Map<string, Entry>();

  function isKept({ id }: Prefix): boolean {
    return (entries.get(id)?.expires ?? 0) > now();
  }

  /** A use renews a lifetime. */
  function renew({ id }: Prefix): void {
    const entry = entries.get(id);
    if (entry) entry.expires = now() + entry.lifetime;
  }

  /** Index of the longest prefix that is kept; -1 if none is. */
  function found(prefixes: readonly Prefix[], points: readonly number[]): number {
    for (const point of points.toReversed())
      for (let at = point; at >= Math.max(0, point - lookBack); at--) {
        const prefix = prefixes[at];
        if (prefix && isKept(prefix)) return at;
      }
    return -1;
  }

  return {
    use(model, request, rules) {
      const prefixes = prefixesOf(model, request);
      const total = prefixes.at(-1)?.tokens ?? 0;
      if (rules === undefined) return { inputTokens: total };
      for (const [id, { expires }] of entries) if (expires <= now()) entries.delete(id);
      const points = prefixes.flatMap((prefix, at) => (prefix.points.length > 0 ? [at] : []));
      const hit = found(prefixes, points);
      const read = prefixes[hit]?.tokens ?? 0;
      for (const at of [hit, ...points]) {
        const prefix = prefixes[at];
        if (prefix && at <= hit && isKept(prefix)) renew(prefix);
      }
      const written: Record<Lifetime, number> = { "5m": 0, "1h": 0 };
      let end = read;
      for (const at of points) {
        const { id, tokens, points: lasting } = prefixes[at] ?? { id: "", tokens: 0, points: [] };
        if (at <= hit || tokens < rules.minimum) continue;
        const ttl = lasting.includes("1h") ? "1h" : "5m";
        entries.set(id, { lifetime: lifetimes[ttl], expires: now() + lifetimes[ttl] });
        written[ttl] += tokens - end;
        end = tokens;
      }
      return {
        inputTokens: total - end,
        cacheReadInputTokens: read,
        cacheWriteInputTokens: end - read,
        cacheDetails: Object.entries(written).flatMap(([ttl, tokens]) =>
          tokens > 0 ? [{ ttl, inputTokens: tokens }] : [],
        ),
      };
    },
  };
}

/** What ends at each block. */
function prefixesOf(model: string, request: ConverseRequest): Prefix[] {
  const hash = createHash("sha256").update(model);
  // Other settings make another beginning of the messages, not of the tools and the system.
  const settings = JSON.stringify([request.toolConfig?.toolChoice, request.additionalModelRequestFields?.thinking]);
  let tokens = 0;
  let section: PromptBlock["section"] | undefined;
  return promptOf(request).map((block) => {
    if (block.section === "messages" && section !== "messages") hash.update(settings);
    section = block.section;
    hash.update(block.identity).update("\0");
    tokens += block.tokens;
    return { id: hash.copy().digest("base64"), tokens, points: block.points };
  });
}
