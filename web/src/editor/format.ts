import { text as loading } from "#text/loading.ts";
import { loadCode } from "../api/code.ts";
import type { Options, Plugin } from "prettier";

/** Languages that can be formatted, with the parser of each and the plugins that it takes. All of it loads on demand. */
const js = () => Promise.all([import("prettier/plugins/babel"), import("prettier/plugins/estree")]);
const ts = () => Promise.all([import("prettier/plugins/typescript"), import("prettier/plugins/estree")]);
const css = async () => [await import("prettier/plugins/postcss")];
const html = async () => [await import("prettier/plugins/html"), ...(await css()), ...(await js())];
const markdown = async () => [await import("prettier/plugins/markdown")];
const yaml = async () => [await import("prettier/plugins/yaml")];

const formatters: readonly [RegExp, string, () => Promise<readonly unknown[]>][] = [
  [/\.(?:ts|mts|cts|tsx)$/, "typescript", ts],
  [/\.(?:js|mjs|cjs|jsx)$/, "babel", js],
  [/\.jsonc?$/, "json", js],
  [/\.css$/, "css", css],
  [/\.scss$/, "scss", css],
  [/\.html?$/, "html", html],
  [/\.vue$/, "vue", html],
  [/\.mdx?$/, "markdown", markdown],
  [/\.ya?ml$/, "yaml", yaml],
];

export function canFormat(path: string): boolean {
  return formatters.some(([pattern]) => pattern.test(path.toLowerCase()));
}

/** The text as prettier writes it. @throws SyntaxError where the text cannot be read */
export async function format(path: string, text: string, indentation: string): Promise<string> {
  const [, parser, load] = formatters.find(([pattern]) => pattern.test(path.toLowerCase())) ?? [];
  if (!parser || !load) return text;
  const [{ format: run }, plugins] = await loadCode(loading.formatter, () =>
    Promise.all([import("prettier/standalone"), load()]),
  );
  const options: Options = {
    parser,
    plugins: plugins as Plugin[],
    useTabs: indentation === "\t",
    tabWidth: indentation === "\t" ? 4 : indentation.length,
  };
  return run(text, options);
}
