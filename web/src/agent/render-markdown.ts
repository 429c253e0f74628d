import MarkdownIt, { type Token } from "markdown-it";

/**
 * Renders an answer's Markdown to HTML, still to be sanitised. The model's text may be hostile, so the work is bounded, and
 * a text past a bound is shown as plain text. markdown-it parses in close to linear time; its own tests cover
 * CommonMark's pathological cases.
 */

/** Characters of one answer. */
const maxLength = 100_000;
/** Levels of quotes and lists; a list takes two. At its own limit of 100 markdown-it would drop the text. */
const maxDepth = 40;
/** Blocks, each with its start, content and end. A table of 14 KB may ask for 65,000 cells. */
const maxTokens = 50_000;

const markdown = new MarkdownIt({ html: true, linkify: true });
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });

// Checked before each block, and once before inline text is parsed.
function bound(tokens: readonly Token[], level: number): false {
  if (level >= maxDepth || tokens.length > maxTokens) throw new Error("The text exceeds what is rendered.");
  return false;
}
const inAnyBlock = ["paragraph", "reference", "blockquote", "list"];
markdown.block.ruler.before("table", "bound", ({ tokens, level }) => bound(tokens, level), { alt: inAnyBlock });
markdown.core.ruler.after("block", "bound", ({ tokens }) => bound(tokens, 0));

const { rules } = markdown.renderer;
const { escapeHtml } = markdown.utils;
rules.fence = (tokens, index) => codeBlock(tokens[index]?.content ?? "", tokens[index]?.info ?? "");
rules.code_block = (tokens, index) => codeBlock(tokens[index]?.content ?? "", "");
// An image would load without a click.
rules.image = (tokens, index) => {
  const source = String(tokens[index]?.attrGet("src") ?? "");
  return `<a href="${escapeHtml(source)}">${escapeHtml(tokens[index]?.content || source)}</a>`;
};
rules.html_inline = (tokens, index) => plainTags(tokens[index]?.content ?? "");
rules.html_block = rules.html_inline;
rules.th_open = (tokens, index) => cell("th", tokens[index]);
rules.td_open = (tokens, index) => cell("td", tokens[index]);

function codeBlock(text: string, info: string): string {
  const language = /^[\w+#.-]{1,30}/.exec(info)?.[0] ?? "";
  return `<pre><code data-language="${language}">${escapeHtml(text.replace(/\n$/, ""))}</code></pre>\n`;
}

/** Alignment without a style, since styles can load images. */
function cell(name: "th" | "td", token: Token | undefined): string {
  const align = /^text-align:(left|center|right)$/.exec(String(token?.attrGet("style") ?? ""))?.[1];
  return align ? `<${name} align="${align}">` : `<${name}>`;
}

/** Tags without attributes that models use for layout. */
const plainTag = /^<\/?(?:b|br|del|details|em|i|kbd|li|ol|p|s|strong|sub|summary|sup|ul)\s*\/?>$/i;

/** Escapes all HTML but plain tags. */
function plainTags(html: string): string {
  return html.replace(/<[^>]*>?/g, (tag) => (plainTag.test(tag) ? tag : escapeHtml(tag)));
}

/** Undefined if the text is to be shown as plain text. */
export function renderMarkdown(text: string): string | undefined {
  if (text.length > maxLength) return undefined;
  try {
    return markdown.render(text);
  } catch {
    // Past a bound, most likely. In any case the plain text can be read.
    return undefined;
  }
}

/**
 * Where the last block of a growing text begins: what stands before it is final. 0 if there is one block at most,
 * undefined if the text is to be shown as plain text.
 */
export function splitLastBlock(text: string): number | undefined {
  if (text.length > maxLength) return undefined;
  try {
    const line = markdown.parse(text, {}).findLast(({ level, nesting, map }) => level === 0 && nesting >= 0 && map)
      ?.map?.[0];
    return line === undefined ? 0 : lineStart(text, line);
  } catch {
    return undefined;
  }
}

function lineStart(text: string, line: number): number {
  let start = 0;
  for (let at = 0; at < line; at++) start = text.indexOf("\n", start) + 1;
  return start;
}
