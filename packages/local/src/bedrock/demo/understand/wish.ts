import { heardIn, languages } from "../languages/languages.ts";
import type { Feature, Form, Language, Stack, Tool, Topic } from "../languages/language.ts";
import { harmless } from "../words.ts";
import { concepts, features, forms, stacks, tools, topics } from "./concepts.ts";
import { entityIn, fieldsIn, type Entity, type Field } from "./entity.ts";
import { leftovers } from "./leftovers.ts";
import { mendTypos } from "./typos.ts";

/** A request for something new, taken apart. */
export interface Wish {
  language: Language;
  topic: Topic | undefined;
  stacks: ReadonlySet<Stack>;
  forms: ReadonlySet<Form>;
  tool: Tool | undefined;
  features: ReadonlySet<Feature>;
  /** What was named, in the person's words: of each feature, and of what is beyond the demo model. */
  words: ReadonlyMap<Feature, string>;
  beyond: readonly string[];
  /** Further wishes that were not understood, in the person's words. */
  others: readonly string[];
  /** Frameworks and languages that it cannot use, and things that it cannot build. */
  foreign: readonly string[];
  things: readonly string[];
  endpoints: readonly string[];
  entity: Entity | undefined;
  fields: readonly Field[];
  name: string | undefined;
  /** What it is about: "bakery". */
  about: string | undefined;
  /** The same with its preposition: "for my bakery". */
  aboutPhrase: string | undefined;
  /** The request without what it says about wishes that are not wanted. */
  text: string;
}

export function readWish(prompt: string, language: Language): Wish {
  const mended = mendTypos(prompt.replace(/\s+/g, " ").trim());
  const { text: withNames } = withoutUnwanted(mended, language);
  const named = language.named.exec(withNames);
  const quoted = /["“„«「《]([\p{L}\p{N}][^"“”„«»「」《》]{0,38})["“”»」》]/u.exec(withNames);
  const name = named?.groups?.name ?? quoted?.[1];
  const text = withNames.replace(named?.[0] ?? quoted?.[0] ?? "", " ");
  const isLanding = heardIn(text, "landing").length > 0;
  const phrase = language.about.exec(text);
  const about = phrase?.groups?.about?.trim();
  // What a page is about does not say how it is built: "a landing page for a React course".
  const isPage = isLanding || (heardIn(text, "site").length > 0 && about !== undefined);
  const technical = isPage && about !== undefined ? text.replace(about, " ") : text;
  const has = (concept: Parameters<typeof heardIn>[1], within = text) => heardIn(within, concept);
  const words = new Map<Feature, string>();
  for (const feature of features) {
    const [first] = has(feature);
    if (first !== undefined) words.set(feature, first.toLowerCase());
  }
  const endpoints = [...text.matchAll(/(?<![\w./:])\/[a-z][\w-]*(?:\/[\w:{}-]+)*/g)].map(([path]) => path);
  const things = isPage ? [] : has("foreign-thing");
  const wish = {
    language,
    topic: isLanding ? ("landing" as const) : topics.find((topic) => has(topic, technical).length > 0),
    stacks: new Set(stacks.filter((stack) => has(stack, technical).length > 0)),
    forms: new Set(forms.filter((form) => has(form).length > 0)),
    tool: tools.find((tool) => has(tool, technical).length > 0),
    features: new Set(words.keys()),
    words,
    beyond: [...new Set(has("beyond", technical).map((each) => each.toLowerCase()))],
    foreign: unique(has("foreign", technical)),
    things: unique(things),
    endpoints,
    entity: entityIn(text, about, language),
    fields: fieldsIn(text, language),
    name: name === undefined ? undefined : harmless(name),
    about: about === undefined ? undefined : harmless(about),
    aboutPhrase: phrase === null ? undefined : harmless(phrase[0]),
    text,
  };
  const listed = othersIn(text, wish, language);
  const known = [
    ...listed,
    phrase?.[0] ?? "",
    wish.entity?.said ?? "",
    subjectBefore(text),
    ...wish.fields.map((field) => field.name),
  ];
  const dropped = leftovers(text, language, known);
  return { ...wish, others: unique([...listed, ...dropped]) };
}

/** What a site is about when it stands before the word: "a recipe website". */
export function subjectBefore(text: string): string {
  return /([\p{L}-]{3,})\s+(?:web ?sites?|sites?|landing ?pages?|blog|homepage)\b/iu.exec(text)?.[1] ?? "";
}

function unique(items: readonly string[]): string[] {
  return [...new Map(items.map((item) => [item.toLowerCase(), item])).values()];
}

/** Removes what is not wanted: "don't use React". */
function withoutUnwanted(prompt: string, language: Language): { text: string } {
  const text = [language, ...languages.filter((each) => each !== language && each.code === "en")].reduce(
    (rest, { without }) =>
      rest.replace(without, (found: string, ...groups) => {
        const what = String((groups.at(-1) as { what?: string }).what ?? "");
        // "No walls" is a wish of its own.
        return heardIn(found, "wrap").length > 0 || heardIn(what, "wrap").length > 0 ? found : " ";
      }),
    prompt,
  );
  return { text: text.replace(/\s+/g, " ").trim() };
}

/** Wishes after "with" and the like that name nothing known. */
function othersIn(text: string, wish: Pick<Wish, "fields" | "entity">, language: Language): string[] {
  const begin = language.including.exec(text);
  if (begin === null) return [];
  const rest =
    text
      .slice(begin.index + begin[0].length)
      .replace(/\bdrag (?:and|&|n) drop\b/gi, "drag")
      .split(/[.!?。！？]\s*(?=\s|$)/)[0] ?? "";
  const isApi = heardIn(text, "api").length > 0 || heardIn(text, "server").length > 0;
  return rest
    .split(language.and)
    .flatMap((part) => part.split(language.including))
    .map((part) =>
      part
        .trim()
        .replace(/^(?:an?|the|some|ein(?:e[nmr]?)?|de[rmnsi]?|das|die|une?|le|la|les|des|un[ao]?s?|el|l[oa]s)\s+/i, ""),
    )
    .filter((part) => part !== "" && part.length <= 60 && !isKnown(part))
    .filter((part) => !(isApi && /^[\p{L}]+(?:\s[\p{L}]+)?$/u.test(part) && wish.fields.length > 0));
}

function isKnown(part: string): boolean {
  if (/^\W*$/.test(part) || /\/\w/.test(part)) return true;
  return concepts.some((concept) => heardIn(part, concept).length > 0);
}
