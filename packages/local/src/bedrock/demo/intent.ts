import { build } from "./build.ts";
import type { Conversation } from "./conversation.ts";
import * as FollowUp from "./follow-ups.ts";
import { first, isDemo, pathsOf, type Script } from "./script.ts";

/** Maps a prompt to a script: the first matching pattern wins. */

const quoted = String.raw`["'“‘\x60]?(.+?)["'”’\x60]?`;
const ignored = "node_modules/\ndist/\n.env\n*.log\n__pycache__/\n.DS_Store\n";

interface Intent {
  pattern: RegExp;
  script(found: RegExpExecArray, conversation: Conversation): Script;
}

const intents: readonly Intent[] = [
  {
    pattern: /^(?:hi|hello|hey|good (?:morning|day|evening))\b[\s!.,]*$/i,
    script: () =>
      say(
        "Hello! Describe what to build or change. For example: “add dark mode”, “rename X to Y everywhere”, “explain this project”.",
      ),
  },
  {
    pattern: /^(?:thanks|thank you|great|perfect|nice|cool|ok(?:ay)?)\b[\s!.,a-z]*$/i,
    script: () => say("You're welcome. What's next?"),
  },
  {
    pattern: /\b(?:what can you do|who are you|help me understand what you)\b|^help[\s?!.]*$/i,
    script: () =>
      say(
        `The demo model starts small projects: a static site, a Vite and TypeScript app, a Node REST API with tests, or a Python command-line tool. In an existing project it renames or replaces text, adds a README, a licence or dark mode, changes the title and accent colour, explains files, deletes them, and undoes its last changes.\n\n${isDemo}`,
      ),
  },
  {
    pattern: /^(?:please\s+)?(?:undo|revert|take (?:that|it) back)\b/i,
    script: (_, conversation) => FollowUp.undo(conversation),
  },
  { pattern: /\bhow (?:do|can|would) (?:i|we|you) (?:run|start|test|use|launch|try)\b/i, script: () => howToRun() },
  { pattern: /https?:\/\/\S+/i, script: ([url]) => FollowUp.fetchPage(url.replace(/[).,;]+$/, "")) },
  {
    // Quoted text may contain any words, including "to" and "with".
    pattern:
      /\b(?:replace|rename|change|substitute)\b[^"“”]*["“]([^"“”]+)["”]\s+(?:with|by|to|into)\s+["“]([^"“”]*)["”](?:\s+in\s+(?:the\s+file\s+)?[`"“@]?([\w./-]*\.\w+)\b)?/i,
    script: ([, from = "", to = "", only]) => FollowUp.replaceText(from, to, { only }),
  },
  {
    pattern: new RegExp(
      String.raw`\brename\s+(?:the\s+)?(?:file\s+|function\s+|variable\s+|class\s+|project\s+)?${quoted}\s+(?:to|into|as)\s+${quoted}(?:\s+everywhere|\s+in all files|\s+throughout)?[.!]?$`,
      "i",
    ),
    script: ([, from = "", to = ""]) => FollowUp.renameEverywhere(from, to),
  },
  {
    pattern: new RegExp(
      String.raw`\b(?:change|set|update)\s+the\s+(?:title|heading|headline|name)(?:\s+of\s+the\s+\w+)?\s+to\s+${quoted}[.!]?$`,
      "i",
    ),
    script: ([, title = ""]) => FollowUp.changeTitle(title),
  },
  {
    pattern: /\b(?:change|set|make|use)\b.*\b(?:colou?r|accent)\b.*?\b(?:to|as)\s+(#[0-9a-f]{3,8}|[a-z]+)\b/i,
    script: ([, colour = ""]) => FollowUp.changeColour(colour),
  },
  {
    pattern: new RegExp(
      String.raw`\b(?:replace|substitute|change|translate)\s+(?:the\s+(?:text|word|string)\s+)?${quoted}\s+(?:with|by|to|into)\s+${quoted}(?:\s+everywhere|\s+in all files)?[.!]?$`,
      "i",
    ),
    script: ([, from = "", to = ""]) => FollowUp.replaceText(from, to),
  },
  { pattern: /\bdark[- ]?(?:mode|theme)\b/i, script: () => FollowUp.addDarkMode() },
  { pattern: /\b(?:add|write|create|make|need)\b.*\breadme\b/i, script: () => FollowUp.addReadme() },
  {
    pattern: /\b(?:add|write|create|make)\b.*\blicen[cs]e\b/i,
    script: () => FollowUp.addFile("LICENSE", licence, "It is the MIT licence; add your name and the year."),
  },
  {
    pattern: /\b(?:add|write|create|make)\b.*\bgit ?ignore\b/i,
    script: () => FollowUp.addFile(".gitignore", ignored, "It ignores dependencies, builds, secrets and logs."),
  },
  {
    pattern: new RegExp(
      String.raw`\b(?:add|create|make|write)\s+(?:a\s+|an\s+)?(?:new\s+)?(?:empty\s+)?file\s+(?:called\s+|named\s+)?["'\x60]?([\w./-]+)["'\x60]?(?:\s+(?:with|containing|that says)(?:\s+the (?:text|content))?\s+([\s\S]+))?$`,
      "i",
    ),
    script: ([, path = "", content = ""]) =>
      FollowUp.addFile(path, content === "" ? "" : `${content.replace(/^["'\x60]|["'\x60]$/g, "")}\n`, ""),
  },
  {
    pattern: /\b(?:delete|remove|erase)\s+(?:the\s+)?(?:file\s+|folder\s+|directory\s+)?["'`]?([^"'`]+?)["'`]?[.!]?$/i,
    script: ([, target = ""]) => FollowUp.remove(target.trim()),
  },
  { pattern: /\b(?:list|show)\b.*\bfiles\b|\bwhat files\b/i, script: () => FollowUp.listAll() },
  {
    pattern: new RegExp(
      String.raw`\b(?:search|look|grep|find)\s+(?:for\s+)?${quoted}(?:\s+in\s+(?:the\s+)?(?:files|project|code))?[.?!]?$`,
      "i",
    ),
    script: ([, wanted = ""]) => FollowUp.search(wanted),
  },
  {
    pattern: /\b(?:explain|describe|summari[sz]e|what (?:does|is|do))\b(?:.*?([\w./-]+\.\w{1,5})\b)?/i,
    script: ([, path]) => FollowUp.explain(path),
  },
  { pattern: /\b(?:fix|debug|repair)\b|\bdoes(?:n't| not) work\b|\bbroken\b|\bbug\b/i, script: () => FollowUp.fix() },
];

export function choose(conversation: Conversation): Script {
  return decide(conversation);
}

function* decide(conversation: Conversation): Script {
  const { prompt } = conversation;
  const wantsNew = isNew(prompt);
  if (!wantsNew || conversation.earlier.length > 0) {
    for (const { pattern, script } of intents) {
      const found = pattern.exec(prompt);
      if (found) return yield* script(found, conversation);
    }
  }
  const listing = first(
    yield {
      thinking: "List the files first.",
      text: "Listing the files.",
      calls: [{ name: "list_files", input: {} }],
    },
  );
  const paths = pathsOf(listing);
  if (paths.length === 0 || (wantsNew && conversation.earlier.length === 0)) return yield* build(prompt, paths);
  if (wantsNew && /\b(?:app|application|site|website|page|api|server|tool|game|project)\b/i.test(prompt))
    return yield* build(prompt, paths);
  return `“${prompt.slice(0, 200)}” is not clear. Which of these files should change, and how?\n\n${paths
    .slice(0, 12)
    .map((path) => `- \`${path}\``)
    .join("\n")}\n\n${isDemo}`;
}

function isNew(prompt: string): boolean {
  return (
    /^(?:please\s+|can you\s+|could you\s+|i (?:want|need|would like)\s+(?:you to\s+)?|let'?s\s+)?(?:build|create|make|write|develop|generate|start|scaffold|a|an|some)\b/i.test(
      prompt,
    ) && !/\b(?:readme|licen[cs]e|gitignore|file (?:called|named)|dark mode)\b/i.test(prompt)
  );
}

// eslint-disable-next-line require-yield -- a script that needs no tool
function* say(text: string): Script {
  return text;
}

function* howToRun(): Script {
  const paths = pathsOf(first(yield { text: "Looking for scripts.", calls: [{ name: "list_files", input: {} }] }));
  if (paths.some((path) => path.endsWith("package.json"))) {
    const path = paths.find((each) => each.endsWith("package.json")) ?? "package.json";
    const manifest = first(yield { calls: [{ name: "read_file", input: { path } }] });
    const scripts = [...manifest.output.matchAll(/"(dev|start|test|build)":\s*"([^"]+)"/g)].map(
      ([, name, command]) => `npm run ${name}   # ${command}`,
    );
    return `In a terminal:\n\n\`\`\`sh\nnpm install\n${scripts.join("\n")}\n\`\`\``;
  }
  const main = paths.find((path) => path.endsWith("__main__.py"));
  if (main)
    return `In a terminal:\n\n\`\`\`sh\npython3 -m ${main.split("/").at(-2)} --help\npython3 -m unittest\n\`\`\``;
  if (paths.some((path) => path.endsWith(".html")))
    return "Open `index.html` in a browser, or run `npx serve .` in the folder.";
  return paths.length === 0
    ? "There is nothing to run yet. Describe what to build."
    : "The files do not say how to run it. Is there a README?";
}

const licence = `MIT License

Copyright (c) the authors

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;
