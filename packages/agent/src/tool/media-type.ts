/** What models can be shown, recognised by its first bytes: a name proves nothing. */
export interface Media {
  kind: "image" | "document";
  type: string;
  /** For people. */
  label: string;
}

export function mediaOf(bytes: Uint8Array): Media | undefined {
  const start = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  if (start.startsWith("\x89PNG\r\n")) return { kind: "image", type: "image/png", label: "a PNG image" };
  if (start.startsWith("\xFF\xD8\xFF")) return { kind: "image", type: "image/jpeg", label: "a JPEG image" };
  if (/^GIF8[79]a/.test(start)) return { kind: "image", type: "image/gif", label: "a GIF image" };
  if (/^RIFF[^]{4}WEBP/.test(start)) return { kind: "image", type: "image/webp", label: "a WebP image" };
  if (start.startsWith("%PDF-")) return { kind: "document", type: "application/pdf", label: "a PDF" };
  return undefined;
}
