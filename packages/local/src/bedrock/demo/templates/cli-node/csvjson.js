#!/usr/bin/env node
/** Converts CSV to JSON: a list of objects, with the names from the first row. */

import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

const usage = "Usage: csvjson INPUT [OUTPUT] [--delimiter ,] [--text]   (- is standard input)";

/** Rows of cells. Quoted cells may hold delimiters, line breaks and doubled quotes. */
export function parseCsv(text, delimiter = ",") {
  const rows = [];
  let row = [];
  let cell = "";
  let isQuoted = false;
  const endRow = () => {
    row.push(cell);
    if (row.length > 1 || cell !== "") rows.push(row);
    row = [];
    cell = "";
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') cell += text[++at];
      else isQuoted = false;
    } else if (character === '"' && cell === "") isQuoted = true;
    else if (character === delimiter) {
      row.push(cell);
      cell = "";
    } else if (character === "\n") endRow();
    else if (character !== "\r") cell += character;
  }
  if (isQuoted) throw new Error("a quote is not closed");
  endRow();
  return rows;
}

/** Numbers, true, false and empty cells become their JSON values; "007" stays a text. */
export function valueOf(cell) {
  if (cell === "") return null;
  if (cell === "true" || cell === "false") return cell === "true";
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(cell) ? Number(cell) : cell;
}

/** @throws Error for a row that does not fit the header */
export function convert(text, { delimiter = ",", asText = false } = {}) {
  const [header, ...rows] = parseCsv(text.replace(/^\ufeff/, ""), delimiter);
  return rows.map((row, index) => {
    if (row.length !== header.length) throw new Error(`row ${index + 2} has ${row.length} cells, the header has ${header.length}`);
    return Object.fromEntries(header.map((name, column) => [name, asText ? row[column] : valueOf(row[column])]));
  });
}

export async function main(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { delimiter: { type: "string" }, text: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  const [input, output] = positionals;
  if (values.help || input === undefined) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  const records = convert(readFileSync(input === "-" ? 0 : input, "utf8"), { delimiter: values.delimiter, asText: values.text });
  const result = `${JSON.stringify(records, null, 2)}\n`;
  if (output === undefined) process.stdout.write(result);
  else writeFileSync(output, result);
  return 0;
}

if (import.meta.main ?? process.argv[1]?.endsWith("csvjson.js")) {
  main(process.argv.slice(2)).then(
    (status) => (process.exitCode = status),
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
