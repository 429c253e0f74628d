import type { ConverseRequest } from "../converse.ts";
import { ModelRefusal, modelRefuses, refuse } from "../refusal.ts";
import type { CacheRules, ServedModel } from "../served-models.ts";

const maxPoints = 4;

/** Where a request may be cached. @throws ModelRefusal */
export function validateCachePoints(request: ConverseRequest, model: ServedModel): void {
  const lists: readonly (readonly [at: string, blocks: readonly object[]])[] = [
    ["toolConfig.tools", request.toolConfig?.tools ?? []],
    ["system", request.system],
    ...request.messages.map(({ content }, index) => [`messages.${index}.content`, content] as const),
  ];
  const lifetimes: string[] = [];
  for (const [list, blocks] of lists) {
    for (const [at, block] of blocks.entries()) {
      if (!("cachePoint" in block)) continue;
      const { ttl } = block.cachePoint as { ttl?: string | undefined };
      validatePoint(list, ttl, model.cache);
      if (at === 0 || "cachePoint" in (blocks[at - 1] ?? {}))
        refuse(
          `The cachePoint block at ${list}.${at} must follow a content block. Add content before it and try again.`,
        );
      lifetimes.push(ttl ?? "5m");
    }
  }
  if (lifetimes.length > maxPoints)
    modelRefuses(`A maximum of ${maxPoints} blocks with cache_control may be provided. Found ${lifetimes.length}.`);
  if (lifetimes.lastIndexOf("1h") > lifetimes.indexOf("5m") && lifetimes.includes("5m"))
    modelRefuses(
      "cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`.",
    );
}

function validatePoint(list: string, ttl: string | undefined, cache: CacheRules | undefined): void {
  if (cache === undefined || (list === "toolConfig.tools" && !cache.tools))
    throw new ModelRefusal(
      403,
      "AccessDeniedException",
      "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.",
    );
  if (ttl !== undefined && !cache.lifetimes.some((each) => each === ttl))
    refuse(`This model doesn't support a cachePoint ttl of ${ttl}. Remove ttl and try again.`);
}
