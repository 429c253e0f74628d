#!/usr/bin/env node
/** Generates random passwords. Letters that look alike (l, I, O, 0, 1) are left out. */

import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";

const usage = "Usage: password [--length N] [--count N] [--no-signs]";
const sets = {
  lower: "abcdefghijkmnopqrstuvwxyz",
  upper: "ABCDEFGHJKLMNPQRSTUVWXYZ",
  digits: "23456789",
  signs: "!?#$%&*+-=@_",
};

/** A password that holds at least one character of each set. */
export function generate(length, names) {
  const alphabet = names.map((name) => sets[name]).join("");
  for (;;) {
    const made = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
    if (names.every((name) => [...sets[name]].some((each) => made.includes(each)))) return made;
  }
}

/** How hard it is to guess. */
export function bits(length, names) {
  return Math.floor(length * Math.log2(names.reduce((sum, name) => sum + sets[name].length, 0)));
}

export async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      length: { type: "string", default: "20" },
      count: { type: "string", default: "1" },
      "no-signs": { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [length, count] = [Number(values.length), Number(values.count)];
  if (values.help || !(length >= 8) || !(count >= 1)) {
    console.log(`${usage}\nA password has at least 8 characters.`);
    return values.help ? 0 : 2;
  }
  const names = ["lower", "upper", "digits", ...(values["no-signs"] ? [] : ["signs"])];
  for (let made = 0; made < count; made++) console.log(generate(length, names));
  console.error(`${bits(length, names)} bits`);
  return 0;
}

if (import.meta.main ?? process.argv[1]?.endsWith("password.js")) {
  main(process.argv.slice(2)).then(
    (status) => (process.exitCode = status),
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
