/** Media types that a browser shows; everything else is bytes, and nothing is ever markup or script. */
const types = new Map(
  Object.entries({
    avif: "image/avif",
    gif: "image/gif",
    ico: "image/x-icon",
    jpeg: "image/jpeg",
    jpg: "image/jpeg",
    mp3: "audio/mpeg",
    mp4: "video/mp4",
    ogg: "audio/ogg",
    pdf: "application/pdf",
    png: "image/png",
    wav: "audio/wav",
    webm: "video/webm",
    webp: "image/webp",
  }),
);

export function typeOf(path: string, kind: "text" | "binary" | "folder"): string {
  if (kind === "text") return "text/plain; charset=utf-8";
  return types.get(path.slice(path.lastIndexOf(".") + 1).toLowerCase()) ?? "application/octet-stream";
}
