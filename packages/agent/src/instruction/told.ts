import { createHash } from "node:crypto";
import type { Block, NewRunEvent } from "@slipway/contract/run";
import type { ModelMessage } from "ai";
import { cutTo } from "../history/tellable.ts";
import { quote } from "../prompt/note.ts";

/** Instructions as a model is told them, and as people are shown them. */

export interface Instruction {
  /** A path of the project, `the team` or `the person`. */
  from: string;
  text: string;
}

/** Characters of one source, and of all that are told at once. */
const maxText = 24_000;
const maxTotal = 48_000;

/** The texts for the model of those that it has not been told as they are. */
export function tellInstructions(
  instructions: readonly Instruction[],
  known: ReadonlyMap<string, string>,
): { from: string; told: string }[] {
  let left = maxTotal;
  return instructions.flatMap(({ from, text }) => {
    const version = versionOf(text);
    if (known.get(from) === version || left <= 0) return [];
    const cut = cutTo(text.trim().replace(/<(?=\s*\/?\s*slipway-)/gi, "&lt;"), Math.min(maxText, left));
    left -= cut.length;
    return [
      {
        from,
        told: `<slipway-instructions from=${quote(from)} version="${version}">\n${cut}\n</slipway-instructions>`,
      },
    ];
  });
}

/** Which instructions a conversation holds, and in which version: the newest one counts. */
export function knownInstructions(messages: readonly ModelMessage[]): Map<string, string> {
  const known = new Map<string, string>();
  for (const { role, content } of messages) {
    if (role !== "user" || typeof content === "string") continue;
    for (const part of content) {
      const tag =
        part.type === "text"
          ? /^<slipway-instructions from=("(?:[^"\\]|\\.)*") version="([\w-]+)">/.exec(part.text)
          : null;
      if (tag) known.set(String(JSON.parse(tag[1] ?? '""')), tag[2] ?? "");
    }
  }
  return known;
}

function versionOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 8);
}

/** What people are shown of it, in the answer. */
export function followed(id: string, { step, follows }: { step: number; follows: readonly string[] }): NewRunEvent[] {
  if (follows.length === 0) return [];
  const shown = follows.map((from) => named[from] ?? from).join(", ");
  const block: Block = { type: "notice", id: `instructions-${id}`, code: "instructions", text: `Follows ${shown}.` };
  return [{ type: "block-finished", step, block }];
}

const named: Readonly<Record<string, string>> = {
  "the team": "the team's instructions",
  "the person": "your instructions",
};
