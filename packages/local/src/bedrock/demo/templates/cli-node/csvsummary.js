#!/usr/bin/env node
/** Summarises a CSV file: its rows, and what each column holds. */

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const usage = "Usage: csvsummary FILE [--delimiter ,]";

/** Rows of cells. Quoted cells may hold delimiters, line breaks and doubled quotes. */
export function parseCsv(text, delimiter = ",") {
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${delimiter}\\r\\n]*))(${delimiter}|\\r?\\n|$)`, "gy");
  const rows = [[]];
  for (let found = cell.exec(text); found !== null && found[0] !== ""; found = cell.exec(text)) {
    rows.at(-1).push(found[1] === undefined ? found[2] : found[1].replaceAll('""', '"'));
    if (found[3] !== delimiter) rows.push([]);
  }
  return rows.filter((row) => row.length > 1 || (row[0] ?? "") !== "");
}

export function summarise(text, delimiter = ",") {
  const [header = [], ...rows] = parseCsv(text.replace(/^\ufeff/, ""), delimiter);
  const columns = header.map((name, index) => {
    const cells = rows.map((row) => (row[index] ?? "").trim());
    const filled = cells.filter((cell) => cell !== "");
    const column = { name, empty: cells.length - filled.length, distinct: new Set(filled).size };
    const numbers = filled.map(Number);
    if (filled.length === 0 || numbers.some(Number.isNaN)) return column;
    const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
    return { ...column, minimum: Math.min(...numbers), maximum: Math.max(...numbers), mean };
  });
  return { rows: rows.length, columns };
}

export async function main(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { delimiter: { type: "string", default: "," }, help: { type: "boolean", short: "h" } },
  });
  if (values.help || positionals[0] === undefined) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  const { rows, columns } = summarise(readFileSync(positionals[0], "utf8"), values.delimiter);
  console.log(`${rows} rows`);
  for (const { name, distinct, empty, minimum, maximum, mean } of columns) {
    const range = mean === undefined ? "" : `, from ${minimum} to ${maximum}, mean ${Number(mean.toPrecision(6))}`;
    console.log(`${name}: ${distinct} distinct, ${empty} empty${range}`);
  }
  return 0;
}

if (import.meta.main ?? process.argv[1]?.endsWith("csvsummary.js")) {
  main(process.argv.slice(2)).then(
    (status) => (process.exitCode = status),
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
