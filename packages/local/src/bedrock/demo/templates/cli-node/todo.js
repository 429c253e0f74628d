#!/usr/bin/env node
/** A todo list for the terminal, kept in a JSON file. */

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const usage = "Usage: todo [list | add TEXT | done NUMBER | remove NUMBER] [--file FILE]";

export function load(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
}

export function save(file, tasks) {
  writeFileSync(`${file}.new`, JSON.stringify(tasks, null, 2));
  renameSync(`${file}.new`, file);
}

/** The list after a command. @throws Error for a number that is not there */
export function change(tasks, command, words) {
  if (command === "add") {
    const text = words.join(" ").trim();
    if (text === "") throw new Error("A task needs a text.");
    return [...tasks, { text, done: false }];
  }
  const index = Number(words[0]) - 1;
  if (tasks[index] === undefined) throw new Error(`There is no task ${words[0] ?? ""}.`);
  if (command === "remove") return tasks.filter((_, each) => each !== index);
  return tasks.map((task, each) => (each === index ? { ...task, done: true } : task));
}

export function lines(tasks) {
  return tasks.map(({ text, done }, index) => `${String(index + 1).padStart(3)} [${done ? "x" : " "}] ${text}`);
}

export async function main(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { file: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  const [command = "list", ...words] = positionals;
  const file = values.file ?? process.env.TODO_FILE ?? join(homedir(), ".todo.json");
  if (values.help || !["list", "add", "done", "remove"].includes(command)) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  let tasks = load(file);
  if (command !== "list") {
    tasks = change(tasks, command, words);
    save(file, tasks);
  }
  console.log(lines(tasks).join("\n") || "Nothing to do.");
  return 0;
}

if (import.meta.main ?? process.argv[1]?.endsWith("todo.js")) {
  main(process.argv.slice(2)).then(
    (status) => (process.exitCode = status),
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
