import { VisibleError } from "@slipway/contract/error";
import { maxInlineBytes, type SearchQuery } from "@slipway/contract/file";
import * as Budget from "../budget/budget.ts";
import type { Change, Meta } from "./plan.ts";
import { loadTexts } from "./content.ts";
import { compilePattern, linesOf, type Pattern } from "./pattern.ts";
import { expand, templateOf, type Template } from "./template.ts";

/** Replace in files: all that were asked for or none, within bounds of time and size. */

const milliseconds = 5000;
const maxTotal = 16 * 1024 * 1024;

/** @throws VisibleError invalid_input, too_many_changes when it would take too long or become too large */
export async function replaceChanges(
  projectID: string,
  metas: readonly Meta[],
  query: SearchQuery & { replacement: string },
): Promise<{ changes: Change[]; replaced: number }> {
  const pattern = await compilePattern(query);
  const template = templateOf(pattern.expression, query.replacement, query.isRegex);
  const budget = Budget.start(milliseconds);
  const changes: Change[] = [];
  let [replaced, total] = [0, 0];
  for (const meta of metas) {
    const before = (await loadTexts(projectID, [meta])).get(meta.hash) ?? "";
    const { content, count } = await replaceText(before, { path: meta.path, pattern, template, budget });
    if (count === 0 || content === before) continue;
    total += content.length;
    if (total > maxTotal) throw tooMuch("The changed files would be too large together: replace in fewer at a time.");
    replaced += count;
    changes.push({ op: "put", path: meta.path, content, rev: meta.rev });
  }
  return { changes, replaced };
}

interface Replacing {
  path: string;
  pattern: Pattern;
  template: Template;
  budget: Budget.Budget;
}

/** Line by line, as it was found: an expression does not see the next line. */
async function replaceText(
  before: string,
  { path, pattern, template, budget }: Replacing,
): Promise<{ content: string; count: number }> {
  const parts: string[] = [];
  let [count, length, isFirst] = [0, 0, true];
  const push = (text: string) => {
    length += text.length;
    if (length > maxInlineBytes) throw tooMuch(`"${path}" would become larger than 4 MB.`);
    parts.push(text);
  };
  for (const line of linesOf(before)) {
    if (budget.isDue()) await budget.yieldTurn();
    if (!isFirst) push("\n");
    isFirst = false;
    if (line.length > pattern.maxLine) throw tooMuch(`"${path}" has a line that is too long for this expression.`);
    let from = 0;
    const matcher = pattern.expression.matcher(line);
    while (matcher.find()) {
      if (budget.isSpent()) throw tooMuch("This takes too long: replace in fewer files at a time.");
      if (matcher.end() === matcher.start()) continue;
      push(line.slice(from, matcher.start()));
      push(expand(template, matcher, maxInlineBytes + 1));
      from = matcher.end();
      count++;
    }
    push(line.slice(from));
    if (budget.isSpent()) throw tooMuch("This takes too long: replace in fewer files at a time.");
  }
  return { content: parts.join(""), count };
}

function tooMuch(message: string): VisibleError {
  return new VisibleError("too_many_changes", message);
}
