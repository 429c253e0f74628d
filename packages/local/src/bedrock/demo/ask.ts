import type { Language } from "./languages/language.ts";
import { languages } from "./languages/languages.ts";
import type { Choice } from "./projects/kind.ts";
import type { Plan } from "./projects/kinds.ts";

/** Questions with numbered choices, and what an answer to them means. */

export function offer(plan: Extract<Plan, { offer: unknown }>, language: Language): string {
  const { says, choices } = language;
  const { reason } = plan;
  const why =
    reason.kind === "foreign"
      ? says.foreign(reason.name)
      : reason.kind === "not-in"
        ? says.notInThis(choices[reason.topic], reason.stack)
        : says.unknown;
  return `${why} ${says.which}\n\n${numbered(plan.offer, language)}\n\n${says.isDemo}`;
}

export function numbered(offered: readonly Choice[], { choices }: Language): string {
  return offered.map((choice, index) => `${index + 1}. ${choices[choice]}`).join("\n");
}

/** The choices of a question that it asked before; none if the reply asks nothing. */
export function offeredIn(reply: string): Choice[] {
  const lines = [...reply.matchAll(/^\d+\. (.+)$/gm)].map(([, text = ""]) => text);
  return lines.flatMap((line) => {
    for (const { choices } of languages) {
      const found = Object.entries(choices).find(([, text]) => text === line);
      if (found) return [found[0] as Choice];
    }
    return [];
  });
}

/** What a short answer chooses; "none" is a no; undefined when it is something else. */
export function chosenBy(prompt: string, offered: readonly Choice[]): Choice | "none" | undefined {
  const answer = prompt
    .trim()
    .replace(/[.!?,。！？]+$/, "")
    .replace(
      /^(?:please|bitte|s['’]il (?:te|vous) plaît|por favor|请)[\s,]+|[\s,]+(?:please|bitte|s['’]il (?:te|vous) plaît|por favor|thanks|danke|merci|gracias)$/gi,
      "",
    );
  const number =
    /^(?:(?:no|nr|nummer|number|option|numéro|número|la|le|el|the|die|das|第)\.?\s*)?(\d)[.)]?(?:\s*(?:个|号|项))?$/i.exec(
      answer,
    )?.[1];
  if (number !== undefined) return offered[Number(number) - 1];
  for (const { ordinals, yes, no } of languages) {
    const index = ordinals.findIndex((ordinal) => ordinal.test(answer));
    if (index >= 0) return offered[index];
    if (/^(?:the )?last(?: one)?$/i.test(answer)) return offered.at(-1);
    if (no.test(answer)) return "none";
    if (yes.test(answer)) return offered[0];
  }
  return undefined;
}
