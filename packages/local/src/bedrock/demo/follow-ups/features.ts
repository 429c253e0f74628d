import { english } from "../languages/english.ts";
import type { Feature, Language, Stack } from "../languages/language.ts";
import { browserKinds } from "../projects/browser.ts";
import type { Edit } from "../projects/endpoint.ts";
import type { BrowserKind } from "../projects/kind.ts";
import { filesIn } from "../projects/template.ts";
import { callAll, listFiles, readFiles, type Call, type Context, type Script } from "../script.ts";
import { readWish } from "../understand/wish.ts";
import { bullets, code } from "../words.ts";

/** Adds features to apps that the demo model knows: the difference between the project without and with it. */

interface Known {
  kind: BrowserKind;
  folder: string;
  isVite: boolean;
}

/** A browser app of its own, by its files. */
function knownApp(paths: readonly string[]): Known | undefined {
  for (const kind of Object.keys(browserKinds) as BrowserKind[]) {
    const own = filesIn(kind).filter(
      (name) => name.endsWith(".js") && !name.startsWith("test/") && name !== "script.js",
    );
    const plain = paths.find((path) => path === own[0] || path.endsWith(`/${own[0]}`));
    if (plain !== undefined) {
      const folder = plain.slice(0, plain.length - (own[0]?.length ?? 0));
      if (paths.includes(`${folder}script.js`) && paths.includes(`${folder}index.html`))
        return { kind, folder, isVite: false };
    }
    const typed = `src/${own[0]?.replace(/\.js$/, ".ts")}`;
    const vite = paths.find((path) => path === typed || path.endsWith(`/${typed}`));
    if (vite !== undefined) {
      const folder = vite.slice(0, vite.length - typed.length);
      if (paths.includes(`${folder}src/main.ts`) && paths.includes(`${folder}index.html`))
        return { kind, folder, isVite: true };
    }
  }
  return undefined;
}

export function* addFeature(wanted: string, context: Context, otherwise?: string): Script {
  const { language } = context;
  const { says } = language;
  const paths = yield* listFiles(says.looking);
  const app = knownApp(paths);
  const asked = readWish(wanted, language).features;
  if (app === undefined) return otherwise ?? `${says.featureNot(wanted, "")}\n\n${says.isDemo}`;
  const { always, optional } = browserKinds[app.kind];
  const feature = optional.find((each) => asked.has(each));
  const contents = yield* readFiles(projectFiles(app, paths));
  const present = new Set(optional.filter((each) => isPresent(each, app, contents)));
  const names = (features: readonly Feature[]) => features.map((each) => featureName(each, language)).join(", ");
  if (feature === undefined) {
    const built = always.find((each) => asked.has(each) && !["responsive", "keyboard", "tests"].includes(each));
    if (built !== undefined) return says.hasFeature(wanted);
    return `${says.featureNot(wanted, names(optional.filter((each) => !present.has(each))))}\n\n${says.isDemo}`;
  }
  if (present.has(feature)) return says.hasFeature(names([feature]));
  const before = renderApp(app, present);
  const after = renderApp(app, new Set([...present, feature]));
  const calls: Call[] = [];
  const misfits: string[] = [];
  for (const [name, target] of after) {
    const path = app.folder + name;
    const source = before.get(name);
    if (source === undefined) calls.push({ name: "create_file", input: { path, content: target } });
    else if (source !== target) {
      const edits = editsBetween(source, target, contents.get(path));
      if (edits === undefined) misfits.push(code(path));
      else calls.push({ name: "edit_file", input: { path, edits } });
    }
  }
  if (misfits.length > 0) return says.partsDoNotFit(bullets(misfits));
  const done = yield* callAll(calls, says.building(names([feature]), ""));
  const lost = done.filter(({ failed }) => failed);
  if (lost.length > 0)
    return says.couldNot(bullets(lost.map(({ input, output }) => `${code(String(input.path))}: ${output}`)));
  return says.featureAdded(names([feature]));
}

function projectFiles({ folder }: Known, paths: readonly string[]): string[] {
  return paths.filter((path) => path.startsWith(folder) && /\.(?:html|[jt]s)$/.test(path)).slice(0, 20);
}

/** What a project of this kind looks like with these features, besides its style and README. */
function renderApp({ kind, isVite }: Known, features: ReadonlySet<Feature>): Map<string, string> {
  const wish = { ...readWish("", english), stacks: new Set<Stack>(isVite ? ["vite"] : []), features };
  const { files } = browserKinds[kind].make(wish, "{{title}}");
  return new Map(Object.entries(files).filter(([path]) => /\.(?:html|[jt]s)$/.test(path)));
}

/** Whether the lines that a feature adds are there. */
function isPresent(feature: Feature, app: Known, contents: ReadonlyMap<string, string>): boolean {
  const without = renderApp(app, new Set());
  for (const [name, text] of renderApp(app, new Set([feature]))) {
    const lines = new Set((without.get(name) ?? "").split("\n"));
    const added = text.split("\n").filter((line) => !lines.has(line) && line.trim().length > 8);
    const content = contents.get(app.folder + name) ?? "";
    if (added.length > 0 && added.every((line) => content.includes(line))) return true;
  }
  return false;
}

/** Edits that turn one text into another, each with enough around it to occur once in the actual content. */
function editsBetween(source: string, target: string, actual: string | undefined): Edit[] | undefined {
  if (actual === undefined) return undefined;
  const [a, b] = [source.split("\n"), target.split("\n")];
  const edits: Edit[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (a[i] === b[j]) {
      i++;
      j++;
      continue;
    }
    const [endA, endB] = nextCommon(a, b, i, j);
    const made = anchored(a, { from: i, to: endA }, b.slice(j, endB), actual);
    if (made === undefined) return undefined;
    edits.push(made);
    i = endA;
    j = endB;
  }
  return edits;
}

/** Where both texts go on alike for two lines, with as few lines between as possible. */
function nextCommon(a: readonly string[], b: readonly string[], i: number, j: number): [number, number] {
  for (let total = 1; total <= a.length - i + (b.length - j); total++) {
    for (let left = 0; left <= total; left++) {
      const [x, y] = [i + left, j + total - left];
      if (x > a.length || y > b.length) continue;
      if (x === a.length && y === b.length) return [x, y];
      if (x < a.length && a[x] === b[y] && (a[x + 1] === b[y + 1] || a[x] !== "")) return [x, y];
    }
  }
  return [a.length, b.length];
}

function anchored(
  lines: readonly string[],
  { from, to }: { from: number; to: number },
  added: readonly string[],
  actual: string,
): Edit | undefined {
  for (let around = 1; around <= 6; around++) {
    const [begin, end] = [Math.max(0, from - around), Math.min(lines.length, to + around)];
    const oldText = lines.slice(begin, end).join("\n");
    if (oldText.trim() === "") continue;
    const at = actual.indexOf(oldText);
    if (at < 0) {
      if (around > 1 || begin === 0) return undefined;
      continue;
    }
    if (actual.includes(oldText, at + 1)) continue;
    return { oldText, newText: [...lines.slice(begin, from), ...added, ...lines.slice(to, end)].join("\n") };
  }
  return undefined;
}

const featureNames: Partial<Record<Feature, Record<Language["code"], string>>> = {
  theme: {
    en: "a dark mode switch",
    de: "ein Schalter für dunkel",
    fr: "un bouton pour le mode sombre",
    es: "un botón de modo oscuro",
    zh: "深色模式开关",
  },
  sound: { en: "sound", de: "Ton", fr: "le son", es: "sonido", zh: "声音" },
  wrap: {
    en: "walls that wrap around",
    de: "offene Wände",
    fr: "des murs ouverts",
    es: "paredes abiertas",
    zh: "可穿越的墙壁",
  },
  computer: {
    en: "a computer opponent",
    de: "ein Computergegner",
    fr: "un adversaire",
    es: "un rival",
    zh: "电脑对手",
  },
  search: { en: "search", de: "Suche", fr: "la recherche", es: "búsqueda", zh: "搜索" },
  due: { en: "due dates", de: "Fälligkeiten", fr: "les échéances", es: "fechas límite", zh: "截止日期" },
  csv: { en: "CSV download", de: "CSV-Download", fr: "l'export CSV", es: "descarga de CSV", zh: "CSV 下载" },
};

function featureName(feature: Feature, { code: language }: Language): string {
  return featureNames[feature]?.[language] ?? feature;
}
