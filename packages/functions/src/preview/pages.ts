/** Slipway's own pages in a preview: messages, and the contents of a folder. They follow the frame's colour scheme. */

export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

export function messagePage(title: string, message: string): string {
  return htmlPage(title, `<h1>${escape(title)}</h1>\n<p>${escape(message)}</p>`);
}

/** Most links of a list. */
const longestList = 500;

/** What a browser shows of a folder's files: pages first. */
export function folderPage(prefix: string, paths: readonly string[]): string {
  const shown = paths.filter((path) => /\.(?:html?|md|markdown|svg|png|jpe?g|gif|webp|avif|pdf)$/i.test(path));
  const rank = (path: string) => (/\.html?$/i.test(path) ? 0 : /\.(?:md|markdown)$/i.test(path) ? 1 : 2);
  const sorted = shown.toSorted((one, other) => rank(one) - rank(other) || one.localeCompare(other));
  const title = prefix === "" ? "Preview" : prefix.replace(/\/$/, "");
  if (sorted.length === 0) {
    return messagePage(
      title,
      "There is nothing to show here yet. Pages, Markdown and images of the project appear here.",
    );
  }
  const link = (path: string) => {
    const name = path.slice(prefix.length);
    return `<li><a href="${escape(name.split("/").map(encodeURIComponent).join("/"))}">${escape(name)}</a></li>`;
  };
  const more = sorted.length > longestList ? `<p>${sorted.length - longestList} more are not listed.</p>` : "";
  const intro = "<p>There is no index.html here. These files can be shown:</p>";
  return htmlPage(
    title,
    `<h1>${escape(title)}</h1>\n${intro}\n<ul>${sorted.slice(0, longestList).map(link).join("\n")}</ul>\n${more}`,
  );
}

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1d2421, #e3e8e5); --quiet: light-dark(#59645f, #9aa5a0); --line: light-dark(#dfe3e0, #333a37); --panel: light-dark(#f4f6f4, #1f2523); --paper: light-dark(#fff, #171b1a); --accent: light-dark(#0b6e55, #57c7a5); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 Inter, system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; overflow-wrap: break-word; }
h1, h2, h3, h4 { line-height: 1.25; margin: 1.6em 0 .6em; }
h1 { font-size: 1.75rem; margin-top: 0; } h2 { font-size: 1.3rem; padding-bottom: .3em; border-bottom: 1px solid var(--line); } h3 { font-size: 1.1rem; }
p, ul, ol, pre, table, blockquote { margin: 0 0 1em; }
a { color: var(--accent); }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
img, video { max-width: 100%; height: auto; }
code, pre { font: .875em/1.5 "JetBrains Mono", ui-monospace, monospace; }
code { background: var(--panel); border-radius: 4px; padding: .15em .35em; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: .9em 1em; overflow-x: auto; }
pre code { background: none; padding: 0; }
blockquote { border-left: 3px solid var(--line); color: var(--quiet); padding-left: 1em; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid var(--line); padding: .4em .7em; text-align: left; }
hr { border: 0; border-top: 1px solid var(--line); margin: 2em 0; }
`;
