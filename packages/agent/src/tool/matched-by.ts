import type { Likeness } from "./similar-lines.ts";

/** How a text was found that is not in the file as it was written, for the model. */
type Inexact = Exclude<Likeness | "line numbers", "exact">;

export const apartFrom: Record<Inexact, string> = {
  "line numbers": "apart from line numbers",
  "trailing space": "apart from spaces at the ends of lines",
  indentation: "apart from indentation",
  typography: "apart from typographic quotes, dashes and spaces",
};

export function matchedBy(likeness: Inexact): string {
  return `matched ${apartFrom[likeness]}; the file's own were kept`;
}
