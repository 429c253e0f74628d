import { expect, test } from "vitest";
import { pageToPreview } from "./site.ts";

const files = (...paths: string[]) => paths.map((path) => ({ path }));

test.each([
  [["index.html", "app.js"], ["index.html", "app.js"], "index.html"],
  [["style.css"], ["docs/index.html", "index.html", "style.css"], "index.html"],
  [["site/index.html"], ["site/index.html", "README.md"], "site/index.html"],
  [["about.html"], ["about.html", "news.html"], "about.html"],
  [["README.md"], ["index.html", "README.md"], undefined],
  [["server.js"], ["server.js", "package.json"], undefined],
  [["index.html"], ["index.html", "vite.config.ts", "src/app.ts"], undefined],
  [["index.html", "src/main.tsx"], ["index.html", "src/main.tsx"], undefined],
  [[], ["index.html"], undefined],
])("after a change of %j among %j shows %s", (changed, all, page) => {
  expect(pageToPreview(changed, files(...all))).toBe(page);
});
