import { chinese } from "./chinese.ts";
import { english } from "./english.ts";
import { french } from "./french.ts";
import { german } from "./german.ts";
import type { Concept, Language } from "./language.ts";
import { spanish } from "./spanish.ts";

/** Tells languages apart, by script first and then by function words. */

export const languages: readonly Language[] = [english, german, french, spanish, chinese];

const wordsOf = new Map(languages.map((language) => [language, new Set(language.functionWords.split(" "))]));
const typical: readonly [RegExp, Language][] = [
  [/[äöüß]/gi, german],
  [/[êèàçœâîûôë]|\b[ldjcnsq]['’](?=\p{L})/giu, french],
  [/[ñ¿¡áíóú]/gi, spanish],
];

/** The language of a text; undefined when nothing tells it. `other` is one that is not known. */
export function languageOf(text: string): Language | "other" | undefined {
  const prose = text.replace(/https?:\S+|`[^`]*`|\/[\w/-]+|[\w-]+\.\w{1,4}\b/g, " ");
  if (/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(prose)) return "other";
  if (/\p{Script=Han}/u.test(prose)) return chinese;
  const letters = prose.match(/\p{L}/gu) ?? [];
  if (letters.filter((letter) => !/\p{Script=Latin}/u.test(letter)).length > letters.length / 2) return "other";
  const words = prose.toLowerCase().match(/[\p{L}'’]+/gu) ?? [];
  const scores = languages.map((language) => ({
    language,
    score:
      words.filter((word) => wordsOf.get(language)?.has(word.replace("’", "'"))).length +
      typical.reduce((sum, [letter, of]) => sum + (of === language ? (prose.match(letter)?.length ?? 0) : 0), 0),
  }));
  const [best, second] = scores.toSorted((a, b) => b.score - a.score);
  if (!best || best.score === 0 || best.score === second?.score) return undefined;
  return best.language;
}

/** The language of the newest text that tells one. */
export function speak(texts: readonly string[]): { language: Language; isOther: boolean } {
  for (const text of texts.toReversed()) {
    const found = languageOf(text);
    if (found === "other") return { language: english, isOther: true };
    if (found !== undefined) return { language: found, isOther: false };
  }
  return { language: english, isOther: false };
}

const compiled = new Map<Concept, RegExp>();

/** The pattern of a concept, in whatever language it is said. */
export function patternOf(concept: Concept): RegExp {
  const known = compiled.get(concept);
  if (known) return known;
  const latin = languages.flatMap(({ code, heard }) => (code === "zh" ? [] : (heard[concept] ?? [])));
  const han = chinese.heard[concept];
  const parts = [
    ...(latin.length > 0 ? [String.raw`(?<![\p{L}\p{N}_])(?:${latin.join("|")})(?![\p{L}\p{N}_])`] : []),
    ...(han === undefined ? [] : [han]),
  ];
  const pattern = new RegExp(parts.length === 0 ? "(?!)" : parts.join("|"), "giu");
  compiled.set(concept, pattern);
  return pattern;
}

/** What of a text names the concept. */
export function heardIn(text: string, concept: Concept): string[] {
  return [...text.matchAll(patternOf(concept))].map(([found]) => found.trim()).filter(Boolean);
}
