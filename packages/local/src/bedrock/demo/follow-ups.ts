import type { Conversation, Done } from "./conversation.ts";
import { first, isDemo, pathsOf, readAll, type Call, type Script } from "./script.ts";
import { capitalise, escapeRegExp, list, plural } from "./words.ts";

/** Common changes to an existing project. Each one reads before it writes. */

const look = (text: string) => ({ text, calls: [{ name: "list_files", input: {} }] });

export function* renameEverywhere(from: string, to: string): Script {
  const paths = pathsOf(first(yield look(`Searching for “${from}”.`)));
  if (paths.includes(from)) {
    const moved = first(
      yield {
        calls: [
          {
            name: "rename_file",
            input: { path: from, newPath: to.includes("/") ? to : [...from.split("/").slice(0, -1), to].join("/") },
          },
        ],
      },
    );
    return moved.failed
      ? `The rename failed: ${moved.output}`
      : `${moved.output} References to it in other files are unchanged; ask for a replacement to update them.`;
  }
  return yield* replaceText(from, to, { paths });
}

/** In all files, or only in the file `only`, by its path or name. */
export function* replaceText(
  from: string,
  to: string,
  options: { paths?: readonly string[]; only?: string | undefined } = {},
): Script {
  const { only } = options;
  const paths = options.paths ?? pathsOf(first(yield look(`Searching for “${from}”.`)));
  const found = first(
    yield { calls: [{ name: "search_files", input: { pattern: escapeRegExp(from), caseSensitive: true } }] },
  );
  const files = [...new Set(found.output.split("\n").flatMap((line) => /^(.+?):\d+: /.exec(line)?.[1] ?? []))].filter(
    (path) => only === undefined || path === only || path.endsWith(`/${only}`),
  );
  const named = only === undefined ? paths.filter((path) => path.slice(path.lastIndexOf("/") + 1).includes(from)) : [];
  if (files.length === 0 && only !== undefined)
    return `“${from}” was not found in \`${only}\`, so nothing changed. Check the spelling.`;
  if (files.length === 0 && named.length === 0)
    return `“${from}” was not found in any file, so nothing changed. Check the spelling.`;
  const calls: Call[] = [
    ...files.map((path) => ({
      name: "edit_file",
      input: { path, edits: [{ oldText: from, newText: to, replaceAll: true }] },
    })),
    ...named.map((path) => ({
      name: "rename_file",
      input: {
        path,
        newPath: path.slice(0, path.lastIndexOf("/") + 1) + path.slice(path.lastIndexOf("/") + 1).replaceAll(from, to),
      },
    })),
  ];
  const done = yield {
    text: `Found in ${plural(files.length, "file")}; updating ${files.length === 1 ? "it" : "them"}.`,
    calls,
  };
  return summary(done, `“${from}” is now “${to}”`);
}

function summary(done: readonly Done[], what: string): string {
  const lost = done.filter(({ failed }) => failed);
  const paths = done.filter(({ failed }) => !failed).map(({ input }) => String(input.newPath ?? input.path));
  const trouble =
    lost.length > 0
      ? `\n\nThese changes failed:\n${list(lost.map(({ input, output }) => `\`${String(input.path)}\`: ${output}`))}`
      : "";
  return paths.length === 0
    ? `Nothing changed.${trouble}`
    : `${what}, in:\n${list(paths.map((path) => `\`${path}\``))}${trouble}`;
}

export function* addReadme(): Script {
  const paths = pathsOf(first(yield look("Listing the files.")));
  if (paths.some((path) => path.toLowerCase() === "readme.md"))
    return "The project already has a README. Describe what to change in it.";
  const contents = yield* readAll(paths.filter((path) => /^(package\.json|index\.html|pyproject\.toml)$/.test(path)));
  const manifest = parse(contents.get("package.json"));
  const title =
    manifest.name ?? /<title>([^<]*)<\/title>/.exec(contents.get("index.html") ?? "")?.[1] ?? "This project";
  const scripts = Object.keys(manifest.scripts ?? {});
  const run =
    scripts.length > 0
      ? [
          "npm install",
          ...scripts.map((name) => (name === "start" || name === "test" ? `npm ${name}` : `npm run ${name}`)),
        ].join("\n")
      : paths.includes("index.html")
        ? "npx serve ."
        : paths.some((path) => path.endsWith("__main__.py"))
          ? `python3 -m ${paths.find((path) => path.endsWith("__main__.py"))?.split("/")[0]}`
          : "";
  const content = `# ${capitalise(title)}\n\n${run ? `## Run it\n\n\`\`\`sh\n${run}\n\`\`\`\n\n` : ""}## Files\n\n${list(paths.slice(0, 40).map((path) => `\`${path}\``))}\n`;
  const made = first(
    yield { text: "Writing `README.md`.", calls: [{ name: "create_file", input: { path: "README.md", content } }] },
  );
  return made.failed ? made.output : "Added `README.md` with the project's name, how to run it and its files.";
}

function parse(text: string | undefined): { name?: string; scripts?: Record<string, string> } {
  try {
    return JSON.parse(text ?? "{}") as { name?: string; scripts?: Record<string, string> };
  } catch {
    return {};
  }
}

export function* addFile(path: string, content: string, why: string): Script {
  const paths = pathsOf(first(yield look("Checking whether it exists.")));
  if (paths.includes(path)) return `\`${path}\` already exists. Describe what to change in it.`;
  const made = first(yield { calls: [{ name: "create_file", input: { path, content } }] });
  return made.failed ? `\`${path}\` could not be created: ${made.output}` : `Created \`${path}\`. ${why}`.trim();
}

const dark = `
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #191b1c;
    --ink: #e6e4df;
    --quiet: #a2a5a0;
    --line: #363b3c;
    --accent: #5cc4b3;
    --on-accent: #0d1f1c;
    color-scheme: dark;
  }

  body {
    background: #191b1c;
    color: #e6e4df;
  }
}
`;

export function* addDarkMode(): Script {
  const paths = pathsOf(first(yield look("Looking for the style sheet.")));
  const sheet = paths.find((path) => path.endsWith(".css"));
  const page = paths.find((path) => path.endsWith(".html"));
  const target = sheet ?? page;
  if (target === undefined) return "No style sheet or page found to add dark mode to. Which file should it go in?";
  const content = (yield* readAll([target])).get(target) ?? "";
  if (content.includes("prefers-color-scheme: dark"))
    return `\`${target}\` already has a dark mode that follows the system setting.`;
  const edit = sheet
    ? append(content, dark)
    : content.includes("</head>")
      ? { oldText: "</head>", newText: `  <style>${dark}    </style>\n  </head>` }
      : append(content, `<style>${dark}</style>\n`);
  const done = first(
    yield {
      text: `Adding it to \`${target}\`.`,
      calls: [{ name: "edit_file", input: { path: target, edits: [edit] } }],
    },
  );
  return done.failed
    ? `The edit failed: ${done.output}`
    : `\`${target}\` now follows the system's dark mode: background and text always, everything else where it uses the colour variables.`;
}

/** An edit that appends: it replaces the shortest ending of the text that occurs only once. */
function append(content: string, addition: string): { oldText: string; newText: string } {
  const body = content.replace(/\n$/, "");
  for (let size = Math.min(40, body.length); size <= body.length; size += 20) {
    const end = body.slice(-size);
    if (end !== "" && body.indexOf(end) === body.length - size) return { oldText: end, newText: `${end}\n${addition}` };
  }
  return { oldText: body, newText: `${body}\n${addition}` };
}

export function* changeTitle(title: string): Script {
  const paths = pathsOf(first(yield look("Looking for the page.")));
  const page = paths.find((path) => path.endsWith(".html"));
  if (page === undefined) return "No page with a title found. Which file should change?";
  const content = (yield* readAll([page])).get(page) ?? "";
  const edits = [/<title>[^<]*<\/title>/, /<h1[^>]*>[^<]*<\/h1>/].flatMap((pattern) => {
    const found = pattern.exec(content)?.[0];
    return found === undefined
      ? []
      : [{ oldText: found, newText: found.replace(/>[^<]*</, `>${title}<`), replaceAll: true }];
  });
  if (edits.length === 0) return `\`${page}\` has no title or heading to change.`;
  const done = first(yield { calls: [{ name: "edit_file", input: { path: page, edits } }] });
  return done.failed ? `The edit failed: ${done.output}` : `The title is now “${title}”.`;
}

export function* changeColour(colour: string): Script {
  const paths = pathsOf(first(yield look("Looking for the colours.")));
  const sheet = paths.find((path) => path.endsWith(".css"));
  if (sheet === undefined) return "No style sheet found. Which file holds the colours?";
  const content = (yield* readAll([sheet])).get(sheet) ?? "";
  const found = /--accent:\s*[^;]+;/.exec(content)?.[0];
  if (found === undefined) return `\`${sheet}\` defines no accent colour. Which rule should change?`;
  const done = first(
    yield {
      calls: [
        { name: "edit_file", input: { path: sheet, edits: [{ oldText: found, newText: `--accent: ${colour};` }] } },
      ],
    },
  );
  return done.failed
    ? `The edit failed: ${done.output}`
    : `The accent colour in \`${sheet}\` is now ${colour}. Check that text on it is still readable.`;
}

export function* explain(wanted: string | undefined): Script {
  const paths = pathsOf(first(yield look("Reading the files.")));
  if (paths.length === 0) return "The project is empty, so there is nothing to explain yet. Describe what to build.";
  const match =
    wanted === undefined
      ? undefined
      : (paths.find((path) => path === wanted) ?? paths.find((path) => path.endsWith(wanted)));
  const main =
    match === undefined
      ? paths.filter((path) => /\.(m?[jt]sx?|py|html|css|json|md|go|rs)$/.test(path)).slice(0, 6)
      : [match];
  if (wanted !== undefined && match === undefined)
    return `No file \`${wanted}\` found. The project has:\n${list(paths.slice(0, 30).map((path) => `\`${path}\``))}`;
  const contents = yield* readAll(main);
  return (
    [...contents].map(([path, content]) => describe(path, content)).join("\n\n") +
    (match ? "" : `\n\nThe project has ${plural(paths.length, "file")} in total.`)
  );
}

function describe(path: string, content: string): string {
  const lines = content.split("\n").length;
  const all = (pattern: RegExp) => [...content.matchAll(pattern)].map((found) => found[1] ?? "").filter(Boolean);
  const parts = [`**\`${path}\`** has ${plural(lines, "line")}.`];
  const say = (label: string, items: readonly string[]) => {
    if (items.length > 0)
      parts.push(
        `- ${label}: ${[...new Set(items)]
          .slice(0, 12)
          .map((item) => `\`${item}\``)
          .join(", ")}`,
      );
  };
  if (path.endsWith(".py")) {
    say("functions", all(/^\s*def (\w+)/gm));
    say("classes", all(/^class (\w+)/gm));
    say("uses", all(/^(?:from|import) ([\w.]+)/gm));
  } else if (/\.m?[jt]sx?$/.test(path)) {
    say("exports", all(/export (?:default )?(?:async )?(?:function\*?|const|class|interface|type) (\w+)/g));
    say("functions", all(/function\*? (\w+)/g));
    say("uses", all(/from "([^"]+)"/g));
    say("listens to", all(/addEventListener\("(\w+)"/g));
  } else if (path.endsWith(".html")) {
    say("title", all(/<title>([^<]*)/g));
    say("loads", all(/(?:src|href)="([^"]+)"/g));
    say("elements with an id", all(/id="([^"]+)"/g));
  } else if (path.endsWith(".css")) {
    say("variables", all(/(--[\w-]+):/g));
    say(
      "rules for",
      all(/^([^\s@{}][^{}]*?)\s*\{/gm).map((selector) => selector.replace(/\s+/g, " ")),
    );
  } else if (path.endsWith("package.json")) {
    say("scripts", Object.keys(parse(content).scripts ?? {}));
  } else say("headings", all(/^#+ (.+)$/gm));
  const note = /\/\*\*\s*(.+?)\s*\*\//.exec(content)?.[1] ?? /"""(.+?)"""/s.exec(content)?.[1];
  if (note) parts.splice(1, 0, `- description: ${note.split("\n")[0]}`);
  return parts.join("\n");
}

export function* remove(target: string): Script {
  const paths = pathsOf(first(yield look("Listing the files.")));
  const isAll = /^(?:everything|all(?: the)?(?: files)?|the whole project)$/i.test(target);
  const wanted = isAll
    ? paths
    : paths.filter(
        (path) => path === target || path.startsWith(`${target.replace(/\/$/, "")}/`) || path.endsWith(`/${target}`),
      );
  if (wanted.length === 0) return `No \`${target}\` found.`;
  const done = first(
    yield {
      text: `Deleting ${plural(wanted.length, "file")}.`,
      calls: [{ name: "delete_files", input: { paths: wanted } }],
    },
  );
  return done.failed ? `Nothing was deleted. ${done.output}` : done.output;
}

/** Reverts what the last run did, newest change first. */
export function* undo(conversation: Conversation): Script {
  const last = conversation.earlier.findLast(({ steps }) => steps.some(({ calls }) => calls.some(hasEffect)));
  if (!last) return "This conversation has no changes to undo.";
  const effects = last.steps.flatMap(({ calls }) => calls).filter(hasEffect);
  const created = effects.filter(({ name }) => name === "create_file").map(({ input }) => String(input.path));
  const back: Call[] = effects.toReversed().flatMap(({ name, input }): Call[] => {
    if (name === "rename_file") return [{ name, input: { path: input.newPath, newPath: input.path } }];
    if (name === "edit_file" && !created.includes(String(input.path))) {
      const edits = (input.edits as { oldText: string; newText: string; replaceAll?: boolean }[]).toReversed();
      return [
        {
          name,
          input: {
            path: input.path,
            edits: edits.map(({ oldText, newText, replaceAll }) => ({
              oldText: newText,
              newText: oldText,
              ...(replaceAll ? { replaceAll } : {}),
            })),
          },
        },
      ];
    }
    return [];
  });
  if (created.length > 0) back.push({ name: "delete_files", input: { paths: created } });
  const gone = effects.filter(({ name }) => name === "delete_files" || name === "move_files" || name === "apply_patch");
  const limits =
    gone.length > 0
      ? "\n\nDeletes, moves and patches cannot be undone from here; use Undo on the message instead."
      : "";
  if (back.length === 0) return `That cannot be undone.${limits}`;
  const done = yield { text: `Undoing “${last.prompt.slice(0, 80)}”.`, calls: back };
  const lost = done.filter(({ failed }) => failed);
  const trouble =
    lost.length > 0
      ? `\n\nThese could not be undone, because they have changed since or were not allowed:\n${list(lost.map(({ output }) => output))}`
      : "";
  return lost.length === done.length ? `Nothing was undone.${trouble}${limits}` : `Undone.${trouble}${limits}`;
}

function hasEffect({ name, failed }: Done): boolean {
  return (
    !failed && ["create_file", "edit_file", "apply_patch", "rename_file", "move_files", "delete_files"].includes(name)
  );
}

export function* listAll(): Script {
  const paths = pathsOf(first(yield look("Listing the files.")));
  return paths.length === 0
    ? "The project is empty."
    : `${plural(paths.length, "file")}:\n${list(paths.map((path) => `\`${path}\``))}`;
}

export function* search(wanted: string): Script {
  const found = first(
    yield {
      text: `Searching for “${wanted}”.`,
      calls: [{ name: "search_files", input: { pattern: escapeRegExp(wanted) } }],
    },
  );
  return found.output.startsWith("Nothing matches")
    ? `“${wanted}” was not found in any file.`
    : `\`\`\`\n${found.output.slice(0, 3000)}\n\`\`\``;
}

export function* fetchPage(url: string): Script {
  const page = first(yield { text: `Reading ${url}.`, calls: [{ name: "fetch_url", input: { url } }] });
  if (page.failed) return `The page could not be read: ${page.output}`;
  const sentences = page.output
    .replace(/\s+/g, " ")
    .split(/(?<=[.!?]) /)
    .slice(0, 5)
    .join(" ");
  return `The page starts:\n\n> ${sentences.slice(0, 1200)}\n\nThis is its opening, not a summary. ${isDemo}`;
}

export function* fix(): Script {
  const paths = pathsOf(first(yield look("Checking the files for broken JSON and missing references.")));
  const contents = yield* readAll(paths.filter((path) => /\.(json|html|m?js)$/.test(path)).slice(0, 18));
  const faults: string[] = [];
  for (const [path, content] of contents) {
    if (path.endsWith(".json")) {
      try {
        JSON.parse(content);
      } catch (error) {
        faults.push(`\`${path}\` is not valid JSON: ${error instanceof Error ? error.message : ""}`);
      }
    }
    for (const [, target = ""] of content.matchAll(/(?:src|href)="(?!https?:|#|data:|mailto:)\/?([^"?]+)"/g)) {
      if (path.endsWith(".html") && !paths.includes(target) && !paths.includes(`public/${target}`))
        faults.push(`\`${path}\` refers to \`${target}\`, which does not exist.`);
    }
  }
  if (faults.length === 0)
    return "No broken JSON or missing references found. What are the steps, what do you expect, and what happens instead?";
  return `Found:\n${list(faults)}\n\nSay which to fix, and how.`;
}
