import { StreamLanguage, type LanguageSupport } from "@codemirror/language";
import type { Extension } from "@codemirror/state";

/** Loads a language when a file of it is opened. */
type Load = () => Promise<LanguageSupport | Extension>;

const javascript =
  (options: { jsx?: boolean; typescript?: boolean }): Load =>
  async () =>
    (await import("@codemirror/lang-javascript")).javascript(options);

const byExtension = new Map<string, Load>(
  Object.entries({
    js: javascript({ jsx: true }),
    mjs: javascript({}),
    cjs: javascript({}),
    jsx: javascript({ jsx: true }),
    ts: javascript({ typescript: true }),
    mts: javascript({ typescript: true }),
    tsx: javascript({ jsx: true, typescript: true }),
    html: async () => (await import("@codemirror/lang-html")).html(),
    htm: async () => (await import("@codemirror/lang-html")).html(),
    svg: async () => (await import("@codemirror/lang-html")).html(),
    vue: async () => (await import("@codemirror/lang-html")).html(),
    css: async () => (await import("@codemirror/lang-css")).css(),
    scss: async () => (await import("@codemirror/lang-css")).css(),
    json: async () => (await import("@codemirror/lang-json")).json(),
    md: async () => (await import("@codemirror/lang-markdown")).markdown(),
    mdx: async () => (await import("@codemirror/lang-markdown")).markdown(),
    py: async () => (await import("@codemirror/lang-python")).python(),
    yml: async () => (await import("@codemirror/lang-yaml")).yaml(),
    yaml: async () => (await import("@codemirror/lang-yaml")).yaml(),
    sql: async () => (await import("@codemirror/lang-sql")).sql(),
    go: async () => (await import("@codemirror/lang-go")).go(),
    rs: async () => (await import("@codemirror/lang-rust")).rust(),
    java: async () => (await import("@codemirror/lang-java")).java(),
    php: async () => (await import("@codemirror/lang-php")).php(),
    sh: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/shell")).shell),
    bash: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/shell")).shell),
    toml: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/toml")).toml),
    dockerfile: async () =>
      StreamLanguage.define((await import("@codemirror/legacy-modes/mode/dockerfile")).dockerFile),
  }),
);

/** A grammar that is loaded once is the same value ever after, so that an editor which has it parses nothing again. */
const loaded = new Map<string, Promise<Extension>>();

export function languageOf(path: string): Promise<Extension> {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const extension = name === "dockerfile" ? name : name.slice(name.lastIndexOf(".") + 1);
  const load = byExtension.get(extension);
  if (!load) return Promise.resolve([]);
  const known = loaded.get(extension);
  if (known) return known;
  // Where it cannot be loaded the text is plain, until the next file tries again.
  const grammar = load().catch((): Extension => {
    loaded.delete(extension);
    return [];
  });
  loaded.set(extension, grammar);
  return grammar;
}
