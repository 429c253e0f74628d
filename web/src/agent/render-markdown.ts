import MarkdownIt, { type Token } from "markdown-it";

/**
 * An answer's Markdown as HTML, still to be sanitised. The text is the model's, so it may be hostile: the work is bounded,
 * and whatever exceeds a bound is shown as plain text. markdown-it parses in close to linear time; CommonMark's
 * pathological cases are in its own tests.
 */

/** Characters of one answer. */
const maxLength = 100_000;
/** Levels of quotes and lists; a list takes two. At its own limit of 100 markdown-it would drop the text. */
const maxDepth = 40;
/** Blocks, each with its start, content and end. A table of 14 KB may ask for 65,000 cells. */
const maxTokens = 50_000;

const markdown = new MarkdownIt({ html: true, linkify: true });
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });

// Asked before each block, and once more before the text inside of blocks is parsed.
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
// An image would be fetched without a click.
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

/** Tags that mean the same with or without attributes, and are of no use to an attacker without them. */
const plainTag = /^<\/?(?:b|br|del|details|em|i|kbd|li|ol|p|s|strong|sub|summary|sup|ul)\s*\/?>$/i;

/** HTML within an answer is text, but for plain tags. */
function plainTags(html: string): string {
  return html.replace(/<[^>]*>?/g, (tag) => (plainTag.test(tag) ? tag : escapeHtml(tag)));
}

/** Undefined for a text that is to be shown as it is. */
export function renderMarkdown(text: string): string | undefined {
  if (text.length > maxLength) return undefined;
  try {
    return markdown.render(text);
  } catch {
    // Past a bound. Whatever else it may be, the text itself can still be read.
    return undefined;
  }
}
