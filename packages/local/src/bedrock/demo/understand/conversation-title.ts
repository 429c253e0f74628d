import { languageOf, speak } from "../languages/languages.ts";
import { planFor } from "../projects/kinds.ts";
import { titleFor } from "../projects/title.ts";
import { capitalise } from "../words.ts";
import { readWish } from "./wish.ts";

/** What a conversation is about: the project's title, or the request in a few words. */
export function conversationTitle(prompt: string): string {
  const { language } = speak([prompt]);
  const wish = readWish(prompt, language);
  const plan = planFor(wish);
  if ("build" in plan) return titleFor(plan.build, wish);
  if (languageOf(prompt) !== undefined && /\p{Script=Han}/u.test(prompt))
    return prompt.replace(/[。！？!?]+$/, "").slice(0, 20);
  const said = prompt
    .replace(/[^\p{L}\p{N}\s'’+#./-]/gu, " ")
    .replace(language.wants, (whole) => whole.replace(/.*/s, ""))
    .split(/\s+/)
    .filter(Boolean);
  const words = (said.length > 0 ? said : prompt.split(/\s+/))
    .filter((word) => !idle.has(word.toLowerCase()))
    .slice(0, 6);
  return capitalise((words.length > 0 ? words : said).join(" ").replace(/[.,;:/-]+$/, "") || prompt.slice(0, 40));
}

const idle = new Set("a an the please me my ein eine einen bitte mir un une des s'il una unos por favor".split(" "));
