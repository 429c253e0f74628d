import { languages } from "../languages/languages.ts";

/** Mends slips in the words that matter: "snaek", "kanbna", "dashbord". */

const known = [
  "snake",
  "kanban",
  "dashboard",
  "pomodoro",
  "calculator",
  "landing",
  "express",
  "python",
  "portfolio",
  "website",
  "password",
  "generator",
  "duplicate",
  "duplicates",
  "react",
  "golang",
  "server",
  "crosses",
  "noughts",
  "expenses",
  "tracker",
  "typescript",
  "command",
  "terminal",
  "charts",
  "game",
  "todo",
  "notes",
  "quiz",
  "timer",
  "board",
  "list",
  "bakery",
  "recipes",
  "books",
  "movies",
  "taschenrechner",
  "aufgabenliste",
  "webseite",
  "kommandozeile",
  "spiel",
  "calculadora",
  "tareas",
  "página",
  "juego",
  "servidor",
  "serpent",
  "tableau",
  "calculatrice",
  "serveur",
  "health",
];
/** Words that are not slips, however near they are. */
const right = new Set(
  (
    "passwort kennwort reach reacts boards lists times timers tiem shake snacks chats chart chats note notice quit quite quits game games gamer came gate gave last lost" +
    " listen lists most must mist pages brother soldier recipe book movie boat broad serve serves served sever severs severe duplicated commands commando land lands standing" +
    " website websites generate generates generated generators passwords trackers todos tasks task teal code node mode made make take tables crossed express"
  ).split(" "),
);

/** Words that are understood as they are, in whatever language. */
let understood: ReadonlySet<string> | undefined;

function isUnderstood(word: string): boolean {
  understood ??= new Set(
    languages.flatMap(({ heard, choices }) =>
      [...Object.values(heard), ...Object.values(choices)].flatMap(
        (text) => text.toLowerCase().match(/[\p{L}]{4,}/gu) ?? [],
      ),
    ),
  );
  return understood.has(word);
}

export function mendTypos(text: string): string {
  return text.replace(/[\p{L}]{4,}/gu, (word) => {
    const lower = word.toLowerCase();
    if (known.includes(lower) || right.has(lower) || isUnderstood(lower)) return word;
    return known.find((candidate) => isSlipOf(lower, candidate)) ?? word;
  });
}

/** One slip in a short word, two in a long one; the first letter is right, and a short word has all its letters. */
function isSlipOf(word: string, right: string): boolean {
  if (word[0] !== right[0] || Math.abs(word.length - right.length) > 2) return false;
  const isPlural = word === `${right}s` || `${word}s` === right || word === `${right}en` || word === `${right}n`;
  if (isPlural) return false;
  if (right.length < 5)
    return word.length === right.length && sorted(word) === sorted(right) && distance(word, right) === 1;
  if (right.length < 8) {
    const isSubstitution = word.length === right.length && sorted(word) !== sorted(right);
    return !isSubstitution && distance(word, right) === 1;
  }
  return distance(word, right) <= 2;
}

function sorted(word: string): string {
  return Array.from(word).sort().join("");
}

/** Insertions, deletions, substitutions and swaps of neighbours. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Infinity;
  for (let i = 1; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      rows[i]?.push(
        Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + cost, isSwap ? at(i - 2, j - 2) + 1 : Infinity),
      );
    }
  }
  return at(a.length, b.length);
}
