import type { Language } from "../languages/language.ts";
import { subjectBefore, type Wish } from "../understand/wish.ts";
import { capitalise } from "../words.ts";
import { recordOf } from "./api.ts";
import type { Choice, CliTool } from "./kind.ts";
import { isApiKind, isCliTool } from "./kinds.ts";

/** What a project is called: its name if it has one, what a page is about, or what it is, in the person's words. */
export function titleFor(choice: Choice, wish: Wish): string {
  if (wish.name !== undefined) return wish.name;
  const { language, about } = wish;
  if (choice === "site" || choice === "landing")
    return about === undefined ? siteTitle(wish) : headline(about, language);
  if (isApiKind(choice)) {
    const entity = recordOf(wish);
    if (entity === undefined) return kindTitle(choice, language);
    const noun = capitalise(entity.said ?? entity.many);
    return apiTitle(noun, language);
  }
  const isOwn =
    about !== undefined && !/^(?:react|solid|node|python|vite)/i.test(about) && wish.aboutPhrase !== undefined;
  if ((choice === "react" || choice === "solid") && wish.topic === "todo") return kindTitle("todo", language);
  if (isCliTool(choice)) return toolTitles[choice][language.code];
  const title = kindTitle(choice, language);
  // "A list for my garden": what follows the kind stays as it was said.
  if (!isOwn || title.length + (wish.aboutPhrase?.length ?? 0) > 48 || hasKindWord(choice, about)) return title;
  return /^(?:for|für|pour|para)\b/i.test(wish.aboutPhrase ?? "") ? `${title} ${lower(wish.aboutPhrase ?? "")}` : title;
}

const toolTitles: Record<CliTool, Record<Language["code"], string>> = {
  duplicates: {
    en: "Duplicate finder",
    de: "Duplikat-Finder",
    fr: "Recherche de doublons",
    es: "Buscador de duplicados",
    zh: "重复文件查找工具",
  },
  wordcount: {
    en: "Word counter",
    de: "Wortzähler",
    fr: "Compteur de mots",
    es: "Contador de palabras",
    zh: "单词统计工具",
  },
  rename: {
    en: "File renamer",
    de: "Datei-Umbenenner",
    fr: "Renommage de fichiers",
    es: "Renombrador de archivos",
    zh: "批量重命名工具",
  },
  csvjson: { en: "CSV to JSON", de: "CSV nach JSON", fr: "CSV vers JSON", es: "CSV a JSON", zh: "CSV 转 JSON" },
  csvsummary: { en: "CSV summary", de: "CSV-Auswertung", fr: "Résumé de CSV", es: "Resumen de CSV", zh: "CSV 汇总" },
  "todo-cli": { en: "Todo list", de: "Aufgabenliste", fr: "Liste de tâches", es: "Lista de tareas", zh: "待办清单" },
  "password-cli": {
    en: "Password generator",
    de: "Passwortgenerator",
    fr: "Générateur de mots de passe",
    es: "Generador de contraseñas",
    zh: "密码生成器",
  },
};

/** "A game of snake" about "tasks" says nothing new. */
function hasKindWord(choice: Choice, about: string): boolean {
  return (
    /^(?:tasks?|todos?|aufgaben|tâches|tareas|notes?|expenses|the (?:web|browser|terminal)|browser|kids?|sales|files?|csv|passwords?)$/i.test(
      about,
    ) || choice.length === 0
  );
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

const ownSite = { en: "My website", de: "Meine Website", fr: "Mon site", es: "Mi sitio", zh: "我的网站" };

/** "A recipe website" is about recipes; a website about nothing is one's own. */
function siteTitle({ text, language }: Wish): string {
  const before = subjectBefore(text);
  const isPlain =
    /^(?:an?|the|my|our|simple|static|personal|modern|nice|small|new|beautiful|clean|cool|responsive|basic|business|e-commerce|web|eine?n?|meine?|moderne?|schöne?|une?|mon|una|mi|bonita?|with|for|portfolio)$/i.test(
      before,
    );
  if (/\bportfolio\b/i.test(text)) return "Portfolio";
  const han = /([\p{Script=Han}]{2,14}?)的?(?:网站|网页|主页|落地页|官网)/u
    .exec(text)?.[1]
    ?.replace(/^(?:请|帮我|给我|做|建|写|创建|开发|设计|一个)+/u, "");
  if (language.code === "zh" && han !== undefined && han !== "") return han;
  if (/\bblog\b/i.test(text) && (before === "" || isPlain)) return "Blog";
  return before === "" || isPlain ? ownSite[language.code] : capitalise(before);
}

/** The offer without its article: "A kanban board" is called "Kanban board". */
export function kindTitle(choice: Choice, language: Language): string {
  const offer = language.choices[choice];
  const bare = offer
    .replace(/^(?:An?|Ein(?:e[nmr]?)?|Une?|Un[ao]?|El|La|Le|L['’])\s+(?:game of\s+|jeu de\s+|juego de\s+)?/i, "")
    .replace(/^(?:command-line tool that|Kommandozeilen-Tool, das)\s+/i, "")
    .replace(/^一个 ?/, "")
    .replace(
      / (?:in the browser|im Browser|dans le navigateur|en el navegador|with charts|mit Diagrammen|avec graphiques|con gráficos)$|^(?:浏览器里的|带图表的)/,
      "",
    );
  return capitalise(bare);
}

/** Sentence case, unless the person wrote it in another way. */
function headline(about: string, language: Language): string {
  const isShouted = about === about.toUpperCase() && about.length > 5;
  const text = isShouted ? about.toLocaleLowerCase(language.code) : about;
  return capitalise(text);
}

function apiTitle(noun: string, { code }: Language): string {
  if (code === "de") return `${noun}-API`;
  if (code === "fr") return `API ${noun}`;
  if (code === "es") return `API de ${lower(noun)}`;
  return code === "zh" ? `${noun} API` : `${noun} API`;
}
