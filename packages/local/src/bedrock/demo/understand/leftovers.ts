import { languages, patternOf } from "../languages/languages.ts";
import { isFieldName } from "./entity.ts";
import type { Language } from "../languages/language.ts";
import { concepts } from "./concepts.ts";

/** What of a request names nothing known: parts of sentences that would otherwise be dropped in silence. */

const filler = new Set(
  (
    "gern umwandelt umwandeln umbenennt unter liefert uhrzeit zusammenfasst erzeugt sucht peux-tu pouvez-vous peut trouver cherche cuente cuenten busque gather find finds finder finding http https json board list liste lists taking bulk photo photos picture pictures image images full-stack fullstack framework frameworks dependencies favor current currently return returns returning counter sales ventes ventas verkauf umsatz file folder folders dark light mode local storage tool tools january february march april june july august september october november december able about again also although another anything around available based because before begin being below best better both browser browsers build built called can case cool could create creates each easily easy else ever every everything example fast feel first for free friendly from full fully get gets give good great hello help here home idea just keep kind know let lets like little local look looks lot love made make makes making manage managing many maybe modern more most much must name need needs new next nice nothing now okay one online only open other others out over own page pages people personal plain play plays please pretty project projects quick quickly ready real really run runs same set should show shows simple simply single sleek small some someone something start still stuff style sure system take team than thank thanks their them then there these they thing things those time together toy turn two under until used useful user users uses using very via visitors want wants way week well what when where which while whole will wish within without work working works world would write year your yourself " +
    "lets allows allowing lists listing track tracks tracking store stores storing handle handles class game classic version friends family child kids daughter son wife mine club business company " +
    "allem alles also anderen beim bitte damit dann dass doch eigene eigenen einfach einfache etwas für ganz gerne geht gibt gut gute habe haben hallo hätte hier ihre immer jede jeden jetzt kann klein kleine kleines könnte leute machen mehr möchte muss neue nicht noch schön schnell sehr selber sein soll sollte sowas super toll über und unser unsere viel vielleicht wäre welche wenn werden will wird wirklich wollen zeigt zähl zählt findet bauen erstellen schreiben verwalten wie aber wäre nur " +
    "aussi autre avec bien bonjour cela chaque comme créer dans donc elle encore être faire fait gérer ligne moderne notre nouveau nouvelle outil petit petite peux plus pour pourrait quelque quelques sans simple sont tous tout très utiliser vitrine voudrais vraiment gestion compte trouve " +
    "además ahora algo algún aplicación bien bonita bonito buena bueno cada como crear cuenta desde donde ella ellos esta este esto gestionar hacer hola línea mejor mismo moderna moderno mucho muy nueva nuevo otra otro para pequeña pequeño permita poder podría puede quiero simple sobre también tener tiene toda todo todos usar algo busca genere descargue convierte"
  ).split(" "),
);

const functionWords = new Set(languages.flatMap((language) => language.functionWords.split(" ")));

/** Phrases of at most four words. `known` is what the wish has understood besides concepts. */
export function leftovers(text: string, language: Language, known: readonly string[]): string[] {
  if (language.code === "zh") return [];
  const blank = (found: string) => "|".repeat(found.length);
  let rest = text.replace(language.wants, blank).replace(/\/[\w/-]+/g, blank);
  for (const concept of concepts) rest = rest.replace(patternOf(concept), blank);
  for (const phrase of known.filter((each) => each.length > 2)) {
    const at = rest.toLowerCase().indexOf(phrase.toLowerCase());
    if (at >= 0) rest = rest.slice(0, at) + blank(phrase) + rest.slice(at + phrase.length);
  }
  const phrases: string[] = [];
  for (const part of rest.split(/[|,.;:!?()]+/)) {
    const words = part.trim().split(/\s+/);
    const isContent = (word: string) =>
      !isFieldName(word) &&
      /^\p{L}[\p{L}'’-]{3,}$/u.test(word) &&
      !functionWords.has(word.toLowerCase()) &&
      !filler.has(word.toLowerCase());
    const [first, last] = [words.findIndex(isContent), words.findLastIndex(isContent)];
    if (first >= 0) phrases.push(words.slice(first, Math.min(last, first + 3) + 1).join(" "));
  }
  return phrases;
}
