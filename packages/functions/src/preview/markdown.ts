import MarkdownIt from "markdown-it";
import { escape, htmlPage } from "./pages.ts";

/** Levels of quotes and lists, below markdown-it's own limit, past which it drops text. */
const maxDepth = 40;
/** A table of 14 KB may ask for 65,000 cells. */
const maxTokens = 50_000;

// HTML in a Markdown file is shown as text: Slipway's own page runs no stranger's script.
const markdown = new MarkdownIt({ html: false, linkify: true });
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
markdown.block.ruler.before(
  "table",
  "bound",
  ({ tokens, level }) => {
    if (level >= maxDepth || tokens.length > maxTokens) throw new Error("The text exceeds what is rendered.");
    return false;
  },
  { alt: ["paragraph", "reference", "blockquote", "list"] },
);

/** A Markdown file as a page; one past a bound as plain text. Front matter is shown as what it is. */
export function markdownPage(path: string, text: string): string {
  const [whole = "", matter = ""] = /^---\r?\n([\s\S]*?)\r?\n---\r?(?:\n|$)/.exec(text) ?? [];
  const above = whole === "" ? "" : `<pre><code>${escape(matter)}</code></pre>\n`;
  const body = text.slice(whole.length);
  const title = /^#\s+(.+)$/m.exec(body)?.[1]?.trim() ?? path.slice(path.lastIndexOf("/") + 1);
  return htmlPage(title, above + render(body));
}

function render(text: string): string {
  try {
    return markdown.render(text);
  } catch {
    return `<pre>${escape(text)}</pre>`;
  }
}
