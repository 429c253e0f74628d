/** Files whose pages a bundler builds: as they are, no browser runs them. */
const built =
  /(?:^|\/)(?:(?:vite|webpack|rollup|next|nuxt|astro|svelte|angular|vue|snowpack)(?:\.config)?\.(?:[cm]?[jt]s|json)|src\/(?:main|index)\.(?:tsx?|jsx))$/;

/** The page to look at after a change: the index nearest the root, else the first page. Undefined if there is none to show. */
export function pageToPreview(changed: Iterable<string>, files: readonly { path: string }[]): string | undefined {
  const paths = files.map(({ path }) => path);
  const touched = [...changed];
  if (touched.length === 0 || paths.some((path) => built.test(path))) return undefined;
  // Styles and scripts are seen through the project's pages.
  const isOfSite = touched.some((path) => /\.(?:html?|css|m?js|svg)$/i.test(path));
  if (!isOfSite) return undefined;
  const depth = (path: string) => path.split("/").length;
  const pages = paths.filter((path) => /\.html?$/i.test(path)).toSorted((one, other) => depth(one) - depth(other));
  return pages.find((path) => /(?:^|\/)index\.html?$/i.test(path)) ?? pages.find((path) => touched.includes(path));
}
