/** The XML subset in S3's bodies. */

export function xml(root: string, inner: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</${root}>`;
}

export function element(name: string, value: string | number): string {
  const escaped = String(value).replace(/[<>&'"]|\p{Cc}/gu, (c) => `&#${c.codePointAt(0)};`);
  return `<${name}>${escaped}</${name}>`;
}

export function unescapeXml(text: string): string {
  const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(amp|lt|gt|quot|apos));/gi, (_, decimal, hex, name) =>
    name
      ? (named[String(name).toLowerCase()] ?? "")
      : character(decimal ? Number(decimal) : Number.parseInt(String(hex), 16)),
  );
}

function character(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}
