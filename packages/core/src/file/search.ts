import { VisibleError } from "@slipway/contract/error";
import { RE2JS, RE2JSException } from "re2js";
import { loadTexts } from "./content.ts";
import type { Meta } from "./commit.ts";

export interface SearchOptions {
  /** A regular expression in RE2's syntax: linear time, whoever wrote it. */
  pattern: string;
  /** Only below this folder, or in this file. */
  path?: string | undefined;
  kind?: "content" | "name" | undefined;
  caseSensitive?: boolean | undefined;
}
export interface Hit {
  path: string;
  /** From 1; absent for a hit in the name. */
  line?: number;
  text?: string;
}

const maxHits = 200;
const maxFiles = 5000;
const maxBytes = 30 * 1024 * 1024;
const maxLine = 300;

/** @throws VisibleError invalid_input for a pattern that is none */
export async function searchMetas(
  projectID: string,
  metas: readonly Meta[],
  options: SearchOptions,
): Promise<{ hits: Hit[]; cut: boolean }> {
  const pattern = compile(options);
  const { path } = options;
  const inside = metas.filter((meta) => path === undefined || meta.path === path || meta.path.startsWith(`${path}/`));
  if (options.kind === "name") {
    const hits = inside.filter((meta) => pattern.matcher(meta.path).find()).map((meta) => ({ path: meta.path }));
    return { hits: hits.slice(0, maxHits), cut: hits.length > maxHits };
  }
  const texts = inside.filter((meta) => meta.kind === "text" && meta.size < 2 * 1024 * 1024);
  const hits: Hit[] = [];
  let bytes = 0;
  for (let at = 0; at < texts.length; at += 100) {
    const part = texts.slice(at, at + 100);
    const contents = await loadTexts(projectID, part);
    for (const meta of part) {
      const content = contents.get(meta.hash) ?? "";
      bytes += meta.size;
      for (const [index, text] of content.split("\n").entries()) {
        if (!pattern.matcher(text).find()) continue;
        hits.push({
          path: meta.path,
          line: index + 1,
          text: text.length > maxLine ? `${text.slice(0, maxLine)}…` : text,
        });
        if (hits.length >= maxHits) return { hits, cut: true };
      }
    }
    if (bytes > maxBytes || at > maxFiles) return { hits, cut: true };
  }
  return { hits, cut: false };
}

function compile({ pattern, caseSensitive }: SearchOptions): RE2JS {
  try {
    return RE2JS.compile(pattern, caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new VisibleError("invalid_input", `"${pattern}" is not a regular expression: ${error.message}`, {}, error);
  }
}
