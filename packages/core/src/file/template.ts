import { headOf } from "@slipway/contract/cut";
import type { Matcher, RE2JS } from "re2js";

/** A replacement in parts: literal text, or the number of the group that stands there. */
export type Template = readonly (string | number)[];

const reference = /(\$(?:[1-9]\d?|[&$]|<[^>]*>))/;

/**
 * `$1`, `$<name>`, `$&` and `$$` have a meaning in the replacement of an expression, none in that of a text. A group that
 * the expression lacks is left as written.
 */
export function templateOf(expression: RE2JS, replacement: string, isRegex: boolean): Template {
  if (!isRegex) return [replacement];
  return replacement.split(reference).flatMap((part): (string | number)[] => {
    if (!reference.test(part)) return part === "" ? [] : [part];
    if (part === "$$") return ["$"];
    if (part === "$&") return [0];
    if (part.startsWith("$<")) return [expression.namedGroups()[part.slice(2, -1)] ?? part];
    const [group, one] = [Number(part.slice(1)), Number(part[1])];
    if (group <= expression.groupCount()) return [group];
    return one <= expression.groupCount() && part.length === 3 ? [one, part.slice(2)] : [part];
  });
}

/** What replaces the current match, cut after `max` characters. */
export function expand(template: Template, matcher: Matcher, max: number): string {
  let text = "";
  for (const part of template) {
    text += typeof part === "string" ? part : (matcher.group(part) ?? "");
    if (text.length > max) return headOf(text, max);
  }
  return text;
}
