import { call, callAll, listFiles, readFiles, type Call, type Context, type Script } from "../script.ts";
import { colourOf, isDark } from "../understand/colours.ts";
import { bullets, capitalise, code, escapeHtml, harmless, slug } from "../words.ts";
import { addFeature } from "./features.ts";

/** Changes how pages look: titles, colours, dark mode, further pages. */

interface Edit {
  oldText: string;
  newText: string;
  replaceAll?: boolean;
}

function edit(path: string, edits: readonly Edit[]): Call {
  return { name: "edit_file", input: { path, edits } };
}

function isPage(path: string): boolean {
  return /\.html?$/.test(path) && !/(?:^|\/)(?:node_modules|dist|coverage)\//.test(path);
}

function isSheet(path: string): boolean {
  return /\.(?:css|scss|less)$/.test(path) && !/(?:^|\/)(?:node_modules|dist)\/|\.min\.css$/.test(path);
}

/** The page's title and heading; in a site also wherever the old title stands in its header, on every page. */
export function* changeTitle(wanted: string, { language: { says } }: Context): Script {
  const title = wanted.trim();
  const paths = yield* listFiles(says.looking);
  const contents = yield* readFiles(
    paths.filter((path) => isPage(path) || /(?:^|\/)(?:App|main)\.[jt]sx?$/.test(path)).slice(0, 30),
  );
  const index =
    [...contents.keys()].find((path) => /(?:^|\/)index\.html$/.test(path)) ?? [...contents.keys()].find(isPage);
  const old =
    /<title>([^<]*)<\/title>/.exec(contents.get(index ?? "") ?? "")?.[1] ??
    /<h1[^>]*>([^<{]*)<\/h1>/.exec([...contents.values()].join("\n"))?.[1];
  if (old === undefined) return says.noPage;
  const calls: Call[] = [];
  for (const [path, content] of contents) {
    const edits: Edit[] = [];
    const put = (found: string, text: string) => {
      if (found !== text && !edits.some(({ oldText }) => oldText === found))
        edits.push({ oldText: found, newText: text, replaceAll: true });
    };
    for (const [found, open = "", text = "", close = ""] of content.matchAll(
      /(<(?:title|h1|a)\b[^>]*>)([^<{]*)(<\/(?:title|h1|a)>)/g,
    )) {
      if (text.includes(old)) put(found, open + text.replace(old, () => escapeHtml(title)) + close);
      else if (open.startsWith("<h1") && path === index) put(found, open + escapeHtml(title) + close);
    }
    const footer = new RegExp(`(<div class="inner">)${old.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(</div>)`).exec(
      content,
    );
    if (footer) put(footer[0], `${footer[1]}${escapeHtml(title)}${footer[2]}`);
    if (/\.[jt]sx?$/.test(path) && content.includes(`"${old}"`)) put(`"${old}"`, JSON.stringify(harmless(title)));
    if (edits.length > 0) calls.push(edit(path, edits));
  }
  if (calls.length === 0) return says.noPage;
  const done = yield* callAll(calls);
  const lost = done.filter(({ failed }) => failed);
  return lost.length > 0
    ? says.couldNot(bullets(lost.map(({ input, output }) => `${code(String(input.path))}: ${output}`)))
    : says.titleIs(title);
}

const variables = {
  accent: [
    "--accent",
    "--primary",
    "--color-primary",
    "--primary-color",
    "--brand",
    "--color-accent",
    "--accent-color",
    "--theme-color",
  ],
  background: ["--paper", "--background", "--bg", "--color-background", "--bg-color", "--background-color"],
  text: ["--ink", "--text", "--foreground", "--fg", "--color-text", "--text-color"],
};

export function* changeColour(what: string | undefined, wanted: string, { language: { says } }: Context): Script {
  const colour = colourOf(wanted);
  if (colour === undefined) return says.unknownColour(wanted);
  const isBackground = /back|hinter|fond|fondo|背景/i.test(what ?? "");
  const role = isBackground ? "background" : /^(?:text|schrift|texte|texto|文字)/i.test(what ?? "") ? "text" : "accent";
  const paths = yield* listFiles(says.looking);
  const contents = yield* readFiles([...paths.filter(isSheet), ...paths.filter(isPage)].slice(0, 20));
  for (const [path, content] of contents) {
    for (const name of variables[role]) {
      const found = new RegExp(String.raw`(?<![\w-])${name}:[^;}]+;`).exec(content)?.[0];
      if (found === undefined) continue;
      const isPair = colour.light !== colour.dark && found.includes("light-dark(");
      const light = isBackground && isPair ? pale(colour.light, "#ffffff") : colour.light;
      const dark = isBackground && isPair ? pale(colour.dark, "#101213") : colour.dark;
      const value = isPair ? `light-dark(${light}, ${dark})` : colour.light;
      const edits: Edit[] = [{ oldText: found, newText: `${name}: ${value};` }];
      const on = /(?<![\w-])--on-accent:[^;}]+;/.exec(content)?.[0];
      if (role === "accent" && !isPair && on !== undefined)
        edits.push({ oldText: on, newText: `--on-accent: ${isDark(colour.light) ? "#ffffff" : "#111111"};` });
      return yield* apply(path, edits, says.colourIs(code(name), value));
    }
  }
  const property = role === "text" ? "color" : role === "background" ? "background(?:-color)?" : undefined;
  for (const [path, content] of property === undefined ? [] : contents) {
    const rule = new RegExp(String.raw`\bbody\s*\{[^}]*?\b${property}\s*:\s*[^;}]+`).exec(content)?.[0];
    if (rule === undefined) continue;
    const value = isBackground && colour.light !== colour.dark ? pale(colour.light, "#ffffff") : colour.light;
    return yield* apply(
      path,
      [{ oldText: rule, newText: rule.replace(/[^:]+$/, ` ${value}`) }],
      says.colourIs("`body`", value),
    );
  }
  return says.noColour;

  function* apply(path: string, edits: readonly Edit[], closing: string): Script {
    const done = yield* call("edit_file", { path, edits });
    return done.failed ? says.couldNot(bullets([`${code(path)}: ${done.output}`])) : closing;
  }
}

/** A background has a hint of the colour, so that text stays readable on it. */
function pale(colour: string, base: string): string {
  const mix = (at: number) => {
    const [a, b] = [colour, base].map((hex) => Number.parseInt(hex.slice(at, at + 2), 16));
    return Math.round((a ?? 0) * 0.14 + (b ?? 0) * 0.86)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${mix(1)}${mix(3)}${mix(5)}`;
}

const dark = `
@media (prefers-color-scheme: dark) {
  :root {
    color-scheme: dark;
  }

  body {
    background: #141617;
    color: #eceae5;
  }

  a {
    color: #8ab8f5;
  }

  input,
  select,
  textarea,
  button {
    border-color: #4a5052;
    background: #1c1f21;
    color: #eceae5;
  }
}
`;

/** A switch in the demo model's own projects; in others, colours that follow the system. */
export function* addTheme(context: Context): Script {
  const { says } = context.language;
  const paths = yield* listFiles(says.looking);
  const sheets = paths.filter(isSheet);
  const page = paths.find(isPage);
  const contents = yield* readFiles([...sheets.slice(0, 10), ...(page === undefined ? [] : [page])]);
  const all = [...contents.values()].join("\n");
  if (all.includes('id="theme"')) return says.hasTheme;
  if (all.includes("color-scheme: light dark")) return yield* addFeature("dark mode", context, says.hasTheme);
  if (/prefers-color-scheme:\s*dark/.test(all)) return says.hasTheme;
  const target = sheets[0] ?? page;
  if (target === undefined) return says.noStyles;
  const content = contents.get(target) ?? "";
  const change = isSheet(target)
    ? append(content, dark)
    : content.includes("</head>")
      ? { oldText: "</head>", newText: `<style>${dark}</style>\n</head>` }
      : append(content, `<style>${dark}</style>\n`);
  if (change === undefined) return says.noStyles;
  const done = yield* call("edit_file", { path: target, edits: [change] });
  return done.failed ? says.couldNot(bullets([`${code(target)}: ${done.output}`])) : says.themeAdded(target);
}

/** An edit that appends: it replaces the shortest ending of the text that occurs only once. */
export function append(content: string, addition: string): Edit | undefined {
  const body = content.replace(/\n$/, "");
  for (
    let size = Math.min(40, body.length);
    size > 0 && size <= body.length;
    size = size === body.length ? size + 1 : Math.min(body.length, size + 20)
  ) {
    const end = body.slice(-size);
    if (body.indexOf(end) === body.length - size)
      return { oldText: end, newText: `${end}\n${addition.replace(/\n$/, "")}` };
  }
  return undefined;
}

/** A page like the first one, with a link to it on every page that has a list of links. */
export function* addPage(wanted: string, { language: { says, site } }: Context): Script {
  const name = capitalise(
    harmless(wanted.replace(/^(?:an?|the|for|about|eine?|für|über|une?|una?|sobre|la|le|el)\s+/i, "")),
  );
  const paths = yield* listFiles(says.looking);
  const pages = paths.filter(isPage);
  const model =
    pages.find((path) => /(?:^|\/)about\.html$/.test(path)) ??
    pages.find((path) => /(?:^|\/)index\.html$/.test(path)) ??
    pages[0];
  if (model === undefined || name === "") return says.noPage;
  const folder = model.slice(0, model.lastIndexOf("/") + 1);
  const file = `${slug(name)}.html`;
  const path = folder + file;
  if (paths.includes(path)) return says.exists(path);
  const siblings = pages
    .filter((each) => each.startsWith(folder) && !each.slice(folder.length).includes("/"))
    .slice(0, 25);
  const contents = yield* readFiles(siblings);
  const content = contents.get(model) ?? "";
  const link = (href: string, text: string) => `<a href="${href}">${escapeHtml(text)}</a>`;
  const calls: Call[] = [];
  for (const [each, html] of contents) {
    const last = lastLink(html);
    if (last !== undefined)
      calls.push(edit(each, [{ oldText: last, newText: `${last}${itemLike(last, link(file, name))}` }]));
  }
  const made = newPage(content, { name, file, text: site.newPage, link });
  const created = yield* call("create_file", { path, content: made }, says.building(`\`${path}\``, ""));
  if (created.failed) return says.notCreated(bullets([`${code(path)}: ${created.output}`]));
  const done = calls.length > 0 ? yield* callAll(calls) : [];
  const lost = done.filter(({ failed }) => failed);
  const trouble =
    lost.length > 0
      ? `\n\n${says.couldNot(bullets(lost.map(({ input, output }) => `${code(String(input.path))}: ${output}`)))}`
      : "";
  return says.pageAdded(path, done.length - lost.length) + trouble;
}

/** The last item of the first list of links. */
function lastLink(html: string): string | undefined {
  const nav = /<nav\b[\s\S]*?<\/nav>/.exec(html)?.[0];
  const items = [
    ...(nav ?? "").matchAll(/[ \t]*<li[^>]*>\s*<a\b[^>]*>[^<]*<\/a>\s*<\/li>|[ \t]*<a\b[^>]*>[^<]*<\/a>/g),
  ].map(([item]) => item);
  const last = items.at(-1);
  return last !== undefined && html.indexOf(last) === html.lastIndexOf(last) ? last : undefined;
}

function itemLike(last: string, link: string): string {
  const indent = /^[ \t]*/.exec(last)?.[0] ?? "";
  return `\n${indent}${last.includes("<li") ? `<li>${link}</li>` : link}`;
}

/** The model's head and header, with a heading and a text of its own. */
function newPage(
  model: string,
  page: { name: string; file: string; text: string; link: (href: string, text: string) => string },
): string {
  const { name, file, text } = page;
  const last = lastLink(model);
  const linked =
    last === undefined
      ? model
      : model.replace(
          last,
          () => last + itemLike(last, `<a href="${file}" aria-current="page">${escapeHtml(name)}</a>`),
        );
  const titled = linked
    .replace(
      /(<a\b[^>]*?) aria-current="page"([^>]*>)(?![^<]*<\/a><\/li>\n[ \t]*<\/ul>)/g,
      (whole, before: string, after: string) => (whole.includes(`href="${file}"`) ? whole : before + after),
    )
    .replace(
      /<title>(?:[^<·]* · )?([^<]*)<\/title>/,
      (_, site: string) => `<title>${escapeHtml(name)} · ${site}</title>`,
    )
    .replace(/[ \t]*<script src="contact\.js"[^\n]*\n/, "");
  const body = `
      <section class="hero small">
        <div class="inner">
          <h1>${escapeHtml(name)}</h1>
        </div>
      </section>
      <div class="inner text">
        <p>${escapeHtml(text)}</p>
      </div>
    `;
  if (/<main\b[^>]*>[\s\S]*<\/main>/.test(titled))
    return titled.replace(/(<main\b[^>]*>)[\s\S]*(<\/main>)/, (_, open: string, close: string) => open + body + close);
  return titled.replace(
    /(<body\b[^>]*>)[\s\S]*(<\/body>)/,
    (_, open: string, close: string) => `${open}\n    <main>${body}</main>\n  ${close}`,
  );
}
