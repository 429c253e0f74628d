import type { Resource } from "solid-js";

/**
 * The last value of a resource. Undefined before the first value and after a failure.
 *
 * Solid's own `latest` throws after a failure and suspends before the first value: one loading panel would detach the whole
 * page, editors included.
 */
export function latest<T>(resource: Resource<T>): T | undefined {
  return resource.state === "ready" || resource.state === "refreshing" ? resource.latest : undefined;
}
