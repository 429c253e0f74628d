import { getMimeType } from "hono/utils/mime";

/** Sources that need a build before a browser runs them. As text a browser refuses them by name. */
const sources = /\.(?:tsx?|mts|cts|jsx|vue|svelte|astro|s[ac]ss|less)$/i;

/** The media type of a file. Unknown text is plain text, unknown bytes are a download. */
export function typeOf(path: string, kind: "text" | "binary"): string {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  // Hono looks extensions up in an object: `x.constructor` would find a function.
  const known = sources.test(path) || extension in Object.prototype ? undefined : getMimeType(path);
  if (kind === "binary") return known ?? "application/octet-stream";
  const type = known?.split(";")[0] ?? "text/plain";
  return `${type}; charset=utf-8`;
}
