import type { Resource } from "solid-js";

/** What a resource last held; nothing while it has failed, where Solid's own `latest` throws. */
export function latest<T>(resource: Resource<T>): T | undefined {
  return resource.error === undefined ? resource.latest : undefined;
}
