import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { ContentBlock, ConverseMessage, ConverseRequest } from "../converse.ts";
import { answer } from "./answer.ts";

/** The demo model, driven to the end of each request by real tools over files in memory. */

const toolNames = [
  "list_files",
  "read_file",
  "search_files",
  "create_file",
  "edit_file",
  "rename_file",
  "delete_files",
  "fetch_url",
];
const temporary = mkdtempSync(join(tmpdir(), "slipway-demo-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

class Person {
  readonly files = new Map<string, string>();
  readonly messages: ConverseMessage[] = [];
  refuses = false;

  ask(prompt: string): string {
    this.#user({ text: prompt });
    for (let step = 0; step < 40; step++) {
      const said = answer(this.#request());
      const content: ContentBlock[] = [
        ...(said.text ? [{ text: said.text }] : []),
        ...said.tools.map(({ id, name, input }) => ({ toolUse: { toolUseId: id, name, input } })),
      ];
      this.messages.push({ role: "assistant", content });
      if (said.tools.length === 0) return said.text;
      expect(new Set(said.tools.map(({ id }) => id)).size).toBe(said.tools.length);
      this.messages.push({
        role: "user",
        content: said.tools.map(({ id, name, input }) => ({
          toolResult: { toolUseId: id, ...this.#run(name, input) },
        })),
      });
    }
    throw new Error("it does not come to an end");
  }

  #user(block: ContentBlock): void {
    this.messages.push({ role: "user", content: [block] });
  }

  #request(): ConverseRequest {
    const tools = toolNames.map((name) => ({ toolSpec: { name, inputSchema: { json: {} } } }));
    return JSON.parse(
      JSON.stringify({ messages: this.messages, system: [], toolConfig: { tools } }),
    ) as ConverseRequest;
  }

  #run(name: string, input: Record<string, unknown>): { content: { text: string }[]; status: "success" | "error" } {
    try {
      return { content: [{ text: this.#tool(name, input) }], status: "success" };
    } catch (error) {
      return { content: [{ text: `Error: ${(error as Error).message}` }], status: "error" };
    }
  }

  #tool(name: string, input: Record<string, unknown>): string {
    const path = String(input.path);
    const content = this.files.get(path);
    switch (name) {
      case "list_files":
        return this.files.size === 0 ? "The project is empty." : [...this.files.keys()].sort().join("\n");
      case "read_file":
        if (content === undefined) throw new Error(`There is no "${path}".`);
        return content;
      case "search_files": {
        const pattern = new RegExp(String(input.pattern), input.caseSensitive ? "" : "i");
        const hits = [...this.files].flatMap(([file, text]) =>
          text.split("\n").flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line}`] : [])),
        );
        return hits.length === 0 ? "Nothing matches." : hits.join("\n");
      }
      case "create_file":
        if (content !== undefined) throw new Error("is there already");
        this.files.set(path, String(input.content));
        return "Created.";
      case "edit_file": {
        if (content === undefined) throw new Error(`There is no "${path}".`);
        const edits = input.edits as { oldText: string; newText: string; replaceAll?: boolean }[];
        this.files.set(
          path,
          edits.reduce((text, { oldText, newText, replaceAll }) => {
            const parts = text.split(oldText);
            if (parts.length < 2 || (parts.length > 2 && !replaceAll))
              throw new Error(`oldText stands ${parts.length - 1} times`);
            return parts.join(newText);
          }, content),
        );
        return "Edited.";
      }
      case "rename_file":
        if (content === undefined) throw new Error(`There is no "${path}".`);
        this.files.delete(path);
        this.files.set(String(input.newPath), content);
        return "Moved.";
      case "delete_files":
        if (this.refuses) throw new Error("Denied: the person said no.");
        for (const each of input.paths as string[]) this.files.delete(each);
        return "Deleted.";
      default:
        throw new Error(`no tool ${name}`);
    }
  }

  write(name: string): string {
    const folder = join(temporary, name);
    for (const [path, content] of this.files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    return folder;
  }
}

const run = (command: string, args: string[], cwd: string) => spawnSync(command, args, { cwd, encoding: "utf8" });

describe("new projects run", () => {
  test.each([
    "A REST API for books with tests",
    "build a small express backend to manage invoices",
    "Create a full-stack Next.js app with a REST API for tasks",
  ])("passes its own tests: %s", (prompt) => {
    const person = new Person();
    person.ask(prompt);
    const tests = run(process.execPath, ["--test"], person.write(prompt.replace(/\W/g, "-")));
    expect(tests.stdout).toMatch(/# pass 3|ℹ pass 3/);
    expect(tests.status).toBe(0);
  });

  test.each(["A Python command-line tool that summarises a CSV file", "python script counting words"])(
    "passes its own tests: %s",
    (prompt) => {
      const person = new Person();
      person.ask(prompt);
      expect([...person.files.keys()]).toContain("tests/test_core.py");
      const tests = run("python3", ["-m", "unittest"], person.write(prompt.replace(/\W/g, "-")));
      if (tests.error) return;
      expect(tests.stderr).toMatch(/Ran 2 tests[\s\S]*OK/);
    },
  );

  test.each([
    "todo app",
    "pomodoro timer",
    "calculator",
    "notes",
    "tic-tac-toe game",
    "expense tracker",
    "password generator",
    "quiz",
    "landing page for a bakery",
  ])("type-checks: %s with Vite and TypeScript", (topic) => {
    const person = new Person();
    person.ask(`A ${topic} with Vite and TypeScript`);
    const folder = person.write(topic.replace(/\W/g, "-"));
    const tsc = join(import.meta.dirname, "../../../../../node_modules/.bin/tsc");
    const types = run(tsc, ["-p", ".", "--types", ""], folder);
    expect(types.stdout).toBe("");
    expect(person.files.get("src/main.ts")).toContain('from "./dom"');
  });

  test("as a static site has no broken links and a valid script", () => {
    const person = new Person();
    person.ask("a website for my cat");
    const page = person.files.get("index.html") ?? "";
    for (const [, target = ""] of page.matchAll(/(?:src|href)="([^"]+)"/g))
      expect([...person.files.keys()]).toContain(target);
    const folder = person.write("site");
    expect(existsSync(join(folder, "script.js"))).toBe(true);
    expect(run(process.execPath, ["--check", "script.js"], folder).status).toBe(0);
    expect(page).toContain("<title>Cat</title>");
  });

  test("gets a title of 3 to 6 words", () => {
    const system = [{ text: "Give it a title of 3 to 6 words." }];
    for (const prompt of ["hi", "Please build me a really very long application with everything in it"]) {
      const { text, tools } = answer({ system, messages: [{ role: "user", content: [{ text: prompt }] }] });
      expect(tools).toEqual([]);
      expect(text.split(" ").length).toBeGreaterThanOrEqual(3);
      expect(text.split(" ").length).toBeLessThanOrEqual(6);
    }
  });
});

describe("a follow-up", () => {
  function started(prompt = "a todo list website"): Person {
    const person = new Person();
    person.ask(prompt);
    return person;
  }

  test("renames in contents and file names everywhere, and undoes it", () => {
    const person = started();
    const before = new Map(person.files);
    person.ask("rename items to entries everywhere");
    expect([...person.files.values()].join("")).not.toContain("items");
    expect(person.files.get("script.js")).toContain("entries");
    person.ask("undo that");
    expect(person.files).toEqual(before);
  });

  test("replaces in one named file and leaves the others alone", () => {
    const person = started();
    person.files.set("a.md", "items here\n");
    const others = new Map([...person.files].filter(([path]) => path !== "a.md"));
    person.ask('Replace "items" with "entries" in a.md');
    expect(person.files.get("a.md")).toBe("entries here\n");
    expect(new Map([...person.files].filter(([path]) => path !== "a.md"))).toEqual(others);
  });

  test("adds dark mode once, to the style sheet that exists", () => {
    const person = started();
    person.files.set("look.css", person.files.get("style.css") ?? "");
    person.files.delete("style.css");
    person.ask("please add dark mode");
    expect(person.files.get("look.css")).toContain("prefers-color-scheme: dark");
    const once = person.files.get("look.css");
    person.ask("add dark mode");
    expect(person.files.get("look.css")).toBe(once);
  });

  test("adds a README, a licence and other files once", () => {
    const person = started();
    person.files.delete("README.md");
    person.ask("add a README");
    expect(person.files.get("README.md")).toContain("`index.html`");
    expect(person.ask("write a readme")).toContain("already");
    person.ask("add a license");
    expect(person.files.get("LICENSE")).toContain("MIT");
    person.ask("create a file notes.txt with hello there");
    expect(person.files.get("notes.txt")).toBe("hello there\n");
  });

  test("changes the title, the accent colour and text in place", () => {
    const person = started();
    person.ask('change the title to "My day"');
    expect(person.files.get("index.html")).toContain("<h1>My day</h1>");
    person.ask("make the accent colour change to #aa3366");
    expect(person.files.get("style.css")).toContain("--accent: #aa3366;");
    person.ask('replace "What needs doing?" with "Next?"');
    expect(person.files.get("index.html")).toContain('placeholder="Next?"');
  });

  test("explains what it has read and asks when a request is unclear", () => {
    const person = started("A REST API for books with tests");
    expect(person.ask("what does src/app.js do?")).toContain("`createApp`");
    expect(person.ask("explain missing.ts")).toContain("No file");
    expect(person.ask("make it more quantum")).toContain("demo model");
    expect(person.ask("how do I run this?")).toContain("npm run start");
    expect(person.ask("list the files")).toContain("src/books.js");
    expect(person.ask("there is a bug somewhere")).toMatch(/\?$/);
  });

  test("deletes everything in one call and accepts a refusal", () => {
    const person = started();
    person.refuses = true;
    expect(person.ask("delete all files")).toContain("Nothing was deleted");
    expect(person.files.size).toBeGreaterThan(0);
    person.refuses = false;
    person.ask("delete everything");
    expect(person.files.size).toBe(0);
  });

  test("never throws or loops, whatever the prompt", () => {
    const person = started();
    for (const prompt of [
      "",
      "???",
      "hello",
      "thanks!",
      "what can you do?",
      "rename a to b",
      "delete nothing.txt",
      "undo",
      "explain",
      "🦄".repeat(50),
      "fix the bug",
      "search for TODO",
      "constructor __proto__",
      "build me a rocket",
      "translate hello to hola",
    ]) {
      expect(person.ask(prompt || " ").length).toBeGreaterThan(0);
    }
  });
});
