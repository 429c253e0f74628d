import fc from "fast-check";
import { expect, test } from "vitest";
import { createSplitter, type Piece } from "./thinking-tags.ts";

/** The text and the thinking of an answer that comes in pieces. */
function split(pieces: readonly string[]): { thinking: string; text: string } {
  const splitter = createSplitter();
  const found: Piece[] = [...pieces.flatMap((piece) => splitter.write(piece)), ...splitter.end()];
  let [thinking, text] = ["", ""];
  for (const piece of found) {
    if (piece.type === "turn") [thinking, text] = [thinking + text, ""];
    else if (piece.type === "text") text += piece.text;
    else thinking += piece.text;
  }
  return { thinking, text };
}

const cases: [string, string, string][] = [
  ["<think>Hm.</think>Title", "Hm.", "Title"],
  ["<think>\nHm.\n</think>\n\nTitle", "\nHm.\n", "Title"],
  ["\n <thinking>Hm.</thinking> Hi", "Hm.", "Hi"],
  ["[THINK]Hm.[/THINK]Hi", "Hm.", "Hi"],
  ["<THINK>Hm.</Think>Hi", "Hm.", "Hi"],
  ["<think>one</think>\n<think>two</think>\nHi", "onetwo", "Hi"],
  ["<think>never ends", "never ends", ""],
  ["<think></think>Hi", "", "Hi"],
  ["<think>a < b </ think</think>Hi", "a < b </ think", "Hi"],
  ["So the person wants a title.\n</think>\n\nTitle", "So the person wants a title.\n", "Title"],
  ["No tags at all.\n", "", "No tags at all.\n"],
  ["The tag <think> opens it, `</think>` ends it.", "", "The tag <think> opens it, `</think>` ends it."],
  ["<thin", "", "<thin"],
  ["<b>bold</b>", "", "<b>bold</b>"],
  ["  indented", "", "  indented"],
  ["", "", ""],
];

test.each(cases)("%j", (answer, thinking, text) => {
  expect(split([answer])).toEqual({ thinking, text });
});

test("the pieces in which an answer comes make no difference", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...cases),
      fc.array(fc.nat(60), { maxLength: 12 }),
      ([answer, thinking, text], cuts) => {
        const at = [...new Set([0, ...cuts.filter((cut) => cut < answer.length)])].toSorted((a, b) => a - b);
        const pieces = at.map((from, index) => answer.slice(from, at[index + 1]));
        expect(split(pieces)).toEqual({ thinking, text });
      },
    ),
    { numRuns: 1000 },
  );
});
