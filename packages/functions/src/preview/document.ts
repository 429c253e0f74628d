/** Puts the reporter before any other script of a page. A page that is only a fragment gets it first. */
export function withReporter(html: string, base: string): string {
  const script = `<script src="${base}/.slipway/preview.js"></script>`;
  const head = /<head(?:\s[^>]*)?>/i.exec(html);
  const at = head ?? /^\s*<!doctype[^>]*>/i.exec(html);
  const end = at ? at.index + at[0].length : 0;
  return html.slice(0, end) + script + html.slice(end);
}
