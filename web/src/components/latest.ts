import type { Resource } from "solid-js";

/**
 * What a resource last held; nothing before its first answer, and nothing while it has failed.
 *
 * Solid's own `latest` throws after a failure, and before the first answer it suspends the whole page around it:
 * one panel that loads would take every editor out of the document for that long.
 */
export function latest<T>(resource: Resource<T>): T | undefined {
  return resource.state === "ready" || resource.state === "refreshing" ? resource.latest : undefined;
}
