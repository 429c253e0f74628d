const names: readonly [RegExp, string][] = [
  [/\.(?:ts|mts|cts)$/, "TypeScript"],
  [/\.tsx$/, "TypeScript JSX"],
  [/\.(?:js|mjs|cjs)$/, "JavaScript"],
  [/\.jsx$/, "JavaScript JSX"],
  [/\.html?$/, "HTML"],
  [/\.svg$/, "SVG"],
  [/\.vue$/, "Vue"],
  [/\.css$/, "CSS"],
  [/\.scss$/, "SCSS"],
  [/\.jsonc?$/, "JSON"],
  [/\.mdx?$/, "Markdown"],
  [/\.py$/, "Python"],
  [/\.ya?ml$/, "YAML"],
  [/\.sql$/, "SQL"],
  [/\.go$/, "Go"],
  [/\.rs$/, "Rust"],
  [/\.java$/, "Java"],
  [/\.php$/, "PHP"],
  [/\.(?:sh|bash)$/, "Shell"],
  [/\.toml$/, "TOML"],
  [/(?:^|\/)dockerfile$/, "Dockerfile"],
];

/** The name of a file's language; undefined for plain text. */
export function languageName(path: string): string | undefined {
  return names.find(([pattern]) => pattern.test(path.toLowerCase()))?.[1];
}
