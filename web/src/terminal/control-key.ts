/** What Ctrl makes of a typed character: Ctrl+C is 0x03. Others stay as they are. */
export function controlKey(data: string): string {
  const code = data.length === 1 ? data.toUpperCase().charCodeAt(0) : 0;
  if (code >= 0x40 && code <= 0x5f) return String.fromCharCode(code - 0x40);
  return data === " " ? "\0" : data;
}
