import { headOf } from "@slipway/contract/cut";
/** A value as a person is shown it: long texts, long lists and deep nesting are cut, and say so. About 16 KB at most. */
export function preview(value: unknown): unknown {
  const budget = { characters: 8000 };
  return cut(value, 0, budget);
}

const maxDepth = 6;
const maxElements = 20;
const maxText = 2000;

function cut(value: unknown, depth: number, budget: { characters: number }): unknown {
  if (typeof value === "string") {
    const shown = headOf(value, Math.max(0, Math.min(maxText, budget.characters)));
    budget.characters -= shown.length;
    return shown.length === value.length ? value : `${shown}… (${value.length.toLocaleString("en")} characters)`;
  }
  if (typeof value !== "object" || value === null) return value;
  if (depth === maxDepth) return "…";
  if (Array.isArray(value)) {
    const shown = value.slice(0, maxElements).map((each) => cut(each, depth + 1, budget));
    return value.length > maxElements ? [...shown, `… and ${value.length - maxElements} more`] : shown;
  }
  const entries = Object.entries(value);
  const shown = entries.slice(0, maxElements).map(([name, each]) => [headOf(name, 200), cut(each, depth + 1, budget)]);
  if (entries.length > maxElements) shown.push(["…", `and ${entries.length - maxElements} more`]);
  return Object.fromEntries(shown);
}
