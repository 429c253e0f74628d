import type { Wish } from "../understand/wish.ts";
import { slug } from "../words.ts";
import type { CliTool, DemoProject, Kind } from "./kind.ts";
import { json, readme, render } from "./template.ts";

/** Command-line tools, each in Python and in Node, on the standard library alone. */

const tools: Record<CliTool, { file: string; about: string; python: string; node: string }> = {
  duplicates: {
    file: "duplicates",
    about:
      "Finds files with the same content in a folder and all its folders: by size first, then by a hash. It deletes nothing.",
    python: ".",
    node: ".",
  },
  wordcount: {
    file: "wordcount",
    about: "Counts lines, words and characters in text files, and lists the most frequent words.",
    python: "README.md",
    node: "README.md",
  },
  rename: {
    file: "rename",
    about:
      "Renames the files of a folder by a regular expression. It only shows what it would do until it gets `--yes`, and it overwrites nothing.",
    python: "photos 'IMG_(\\d+)' 'holiday-\\1'",
    node: "photos 'IMG_(\\d+)' 'holiday-$1'",
  },
  csvjson: {
    file: "csvjson",
    about: "Converts CSV to JSON: a list of objects, with the names from the first row.",
    python: "table.csv table.json",
    node: "table.csv table.json",
  },
  csvsummary: {
    file: "csvsummary",
    about:
      "Summarises a CSV file: its rows and, for each column, empty and distinct cells and the range and mean of its numbers.",
    python: "table.csv",
    node: "table.csv",
  },
  "todo-cli": {
    file: "todo",
    about:
      "A todo list for the terminal. It is kept in `~/.todo.json`, or in the file that `TODO_FILE` or `--file` names.",
    python: "add Water the plants",
    node: "add Water the plants",
  },
  "password-cli": {
    file: "password",
    about: "Generates random passwords from the system's cryptographic source.",
    python: "--length 24",
    node: "--length 24",
  },
};

export const cliTools = Object.keys(tools).filter((name): name is CliTool => name in tools);

export function cli(tool: CliTool): Kind {
  return { always: ["tests", "validation", "persist"], optional: [], make: (wish, title) => make(tool, wish, title) };
}

export function isNode(wish: Pick<Wish, "stacks">): boolean {
  return !wish.stacks.has("python") && (wish.stacks.has("node") || wish.stacks.has("typescript"));
}

function make(tool: CliTool, wish: Wish, title: string): DemoProject {
  const { file, about, python, node } = tools[tool];
  if (isNode(wish)) {
    const run = `node ${file}.js ${node}\nnpm test`;
    return {
      about,
      run,
      files: {
        [`${file}.js`]: render(`cli-node/${file}.js`),
        [`test/${file}.test.js`]: render(`cli-node/test/${file}.test.js`),
        "package.json": json({
          name: slug(title),
          version: "0.1.0",
          private: true,
          type: "module",
          bin: { [file]: `${file}.js` },
          engines: { node: ">=20" },
          scripts: { test: "node --test" },
        }),
        ".gitignore": "node_modules/\n",
        "README.md": readme({ title, about, run, more: "It needs only Node 20 or newer. `--help` lists the options." }),
      },
    };
  }
  const run = `python3 ${file}.py ${python}\npython3 -m unittest`;
  return {
    about,
    run,
    files: {
      [`${file}.py`]: render(`cli-python/${file}.py`),
      [`test_${file}.py`]: render(`cli-python/test_${file}.py`),
      ".gitignore": "__pycache__/\n",
      "README.md": readme({
        title,
        about,
        run,
        more: "It needs only Python 3.9 or newer. `--help` lists the options.",
      }),
    },
  };
}
