#!/usr/bin/env node
/** Counts lines, words and characters, and lists the most frequent words. */

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const usage = "Usage: wordcount [FILE…] [--top N]   (standard input without a file)";

export function wordsOf(text) {
  return text.toLowerCase().match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? [];
}

export function count(text) {
  const lines = text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return { lines, words: wordsOf(text).length, characters: [...text].length };
}

/** Words and how often they occur; ties in alphabetical order. */
export function mostFrequent(text, limit = 5) {
  const counts = new Map();
  for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, limit);
}

export async function main(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { top: { type: "string", default: "5" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  let status = 0;
  for (const name of positionals.length > 0 ? positionals : ["-"]) {
    try {
      const text = readFileSync(name === "-" ? 0 : name, "utf8");
      const { lines, words, characters } = count(text);
      console.log(`${name}: ${lines} lines, ${words} words, ${characters} characters`);
      for (const [word, times] of mostFrequent(text, Number(values.top))) console.log(`  ${String(times).padStart(5)} ${word}`);
    } catch (error) {
      console.error(`${name}: ${error.message}`);
      status = 1;
    }
  }
  return status;
}

if (import.meta.main ?? process.argv[1]?.endsWith("wordcount.js")) {
  main(process.argv.slice(2)).then(
    (status) => (process.exitCode = status),
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
