import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { answer } from "./answer.ts";
import { Person } from "./person.ts";

/** Changes to projects that are there, its own and others. */

const temporary = mkdtempSync(join(tmpdir(), "slipway-demo-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

function started(prompt = "a todo list website"): Person {
  const person = new Person();
  person.ask(prompt);
  return person;
}

let count = 0;
function nodeTests(person: Person): string {
  const folder = join(temporary, String(count++));
  for (const [path, content] of person.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return spawnSync(process.execPath, ["--test"], { cwd: folder, encoding: "utf8" }).stdout;
}

/** A repository that somebody else wrote. */
function repository(files = 259): Person {
  const all: Record<string, string> = {
    "README.md": "# Acme\n\nAcme is a library.\n",
    "src/acme.ts": "export const acme = 1;\n",
  };
  for (let index = 0; index < files - 2; index++)
    all[`src/part-${index}.ts`] = `import { acme } from "./acme";\n// acme ${index}: acme acme\n`;
  return new Person(all);
}

describe("replace and rename", () => {
  test.each([
    ["rename acme to zenith everywhere"],
    ['Replace "acme" with "zenith" in all files'],
    ["Benenne acme überall in zenith um"],
    ["Ersetze acme durch zenith in allen Dateien"],
    ["Remplace acme par zenith partout"],
    ["Reemplaza acme por zenith en todos los archivos"],
    ["把 acme 全部替换成 zenith"],
  ])("changes every match in every file, past the limit of a search, and no file's name: %s", (prompt) => {
    const person = repository();
    person.searchLimit = 40;
    const closing = person.ask(prompt);
    expect([...person.files.values()].join("")).not.toContain("acme");
    expect([...person.files.keys()]).toContain("src/acme.ts");
    expect(closing).toContain("`src/acme.ts`");
    expect(closing).toMatch(/258/);
    expect(person.calls).not.toContain("rename_file");
  });

  test("says what it could not search or change", () => {
    const person = repository(4);
    person.refuses.set("edit_file", "Denied: not in this project.");
    expect(person.ask('replace "acme" with "zenith"')).toMatch(/failed:[\s\S]*Denied: not in this project/);
    const partly = repository(4);
    partly.searchLimit = 1;
    const request = partly.request();
    expect(JSON.stringify(request.toolConfig)).toContain("after");
  });

  test("replaces in one named file and leaves the others alone", () => {
    const person = repository(4);
    const before = new Map(person.files);
    person.ask('Replace "acme" with "zenith" in src/part-0.ts');
    expect(person.files.get("src/part-0.ts")).not.toContain("acme");
    for (const [path, content] of before) if (path !== "src/part-0.ts") expect(person.files.get(path)).toBe(content);
  });

  test("renames a file and what refers to it", () => {
    const person = started();
    person.ask("rename tasks.js to list.js");
    expect(person.files.has("tasks.js")).toBe(false);
    expect(person.files.get("index.html")).toContain('src="list.js"');
    expect(nodeTests(person)).toMatch(/pass 3/);
  });

  test("renames a file without touching another project's references to its own", () => {
    const person = started("a snake game");
    person.ask("build a snake game called Second");
    const second = person.files.get("second/index.html");
    person.ask("rename game.js to rules.js");
    expect(person.files.get("index.html")).toContain('src="rules.js"');
    expect(person.files.get("second/index.html")).toBe(second);
  });

  test.each([
    "make the snake faster",
    "make it more fun",
    "Mach die Schlange schneller",
    "haz la serpiente más rápida",
  ])("a change that it does not know builds nothing: %s", (prompt) => {
    const person = started("a snake game");
    const before = new Map(person.files);
    person.ask(prompt);
    expect(person.files).toEqual(before);
  });

  test("undoes a replacement, and says when that is not possible", () => {
    const person = repository(6);
    const before = new Map(person.files);
    person.ask("rename acme to zenith everywhere");
    person.ask("undo that");
    expect(person.files).toEqual(before);
    person.files.set("src/part-1.ts", "zenith and acme\n");
    person.ask("replace acme with zenith");
    expect(person.ask("undo")).toMatch(/could not be undone[\s\S]*src\/part-1\.ts/);
    expect(person.files.get("src/part-1.ts")).toBe("zenith and zenith\n");
  });
});

describe("pages", () => {
  test("changes the title on every page", () => {
    const person = started("eine Webseite für meine Bäckerei");
    person.ask('Ändere den Titel zu "Backhaus Krume"');
    for (const [path, html] of person.files) {
      if (!path.endsWith(".html")) continue;
      expect(html).toContain("Backhaus Krume</title>");
      expect(html).not.toContain("Bäckerei<");
    }
    expect(person.files.get("index.html")).toContain("<h1>Backhaus Krume</h1>");
  });

  test("changes text in place", () => {
    const person = started();
    person.ask('replace "What needs doing?" with "Next?"');
    expect(person.files.get("index.html")).toContain('placeholder="Next?"');
  });

  test.each([
    ["make the accent colour purple", "--accent: light-dark(#6b3fa0, #c4a6f2);"],
    ["change the colour to #aa3366", "--accent: #aa3366;"],
    ["can you make the buttons blue?", "--accent: light-dark(#1d5fbf, #8ab8f5);"],
    ["Ändere die Hintergrundfarbe zu blau", "--paper: light-dark(#dfe9f6, #212933);"],
    ["mach die Farbe bitte zu rot", "--accent: light-dark(#b3261e, #f2a199);"],
    ["Change la couleur en bleu", "--accent: light-dark(#1d5fbf, #8ab8f5);"],
    ["Cambia el color a verde", "--accent: light-dark(#1c7a3e, #7fd19a);"],
    ["把颜色改成紫色", "--accent: light-dark(#6b3fa0, #c4a6f2);"],
  ])("changes a colour: %s", (prompt, rule) => {
    const person = started();
    person.ask(prompt);
    expect(person.files.get("style.css")).toContain(rule);
  });

  test("adds a switch for dark mode once to its own projects, and dark colours to others", () => {
    const person = started();
    person.ask("please add dark mode");
    expect(person.files.get("index.html")).toContain('id="theme"');
    expect(person.files.has("theme.js")).toBe(true);
    const before = new Map(person.files);
    expect(person.ask("add dark mode")).toContain("already");
    expect(person.files).toEqual(before);
    const other = new Person({
      "index.html": "<html><head></head><body></body></html>",
      "look.css": "body {\n  color: black;\n}\n",
    });
    other.ask("add a dark mode");
    expect(other.files.get("look.css")).toContain("prefers-color-scheme: dark");
    const once = other.files.get("look.css");
    other.ask("add dark mode");
    expect(other.files.get("look.css")).toBe(once);
  });

  test("adds a page, with links to it on every page", () => {
    const person = started("a website for my bakery");
    person.ask("add a page about opening hours");
    expect(person.files.get("opening-hours.html")).toContain("<h1>Opening hours</h1>");
    for (const path of ["index.html", "about.html", "contact.html", "opening-hours.html"]) {
      expect(person.files.get(path)?.match(/href="opening-hours\.html"/g)).toHaveLength(1);
    }
  });
});

describe("features, endpoints and tests", () => {
  test.each([
    ["a snake game", "add sound", "sound", "game.js"],
    ["a snake game", "let's add walls that wrap around", "wrap", "game.js"],
    ["a todo list", "add due dates", "due", "tasks.js"],
    ["Eine Aufgabenliste", "Füge eine Suche hinzu", "search", "tasks.js"],
    ["kanban board", "now add search please", "search", "board.js"],
    ["noughts and crosses", "add a computer opponent", "computer", "rules.js"],
    ["dashboard with charts", "add csv export", "csv", "data.js"],
    ["a todo list with Vite", "add search", "search", "src/tasks.ts"],
  ])("%s: %s equals what is built with it from the start", (first, then, feature, file) => {
    const person = started(first);
    const before = new Map(person.files);
    person.ask(then);
    expect(person.files).not.toEqual(before);
    const words: Record<string, string> = {
      sound: "sound",
      wrap: "wrap around",
      due: "due dates",
      search: "search",
      computer: "against the computer",
      csv: "csv export",
    };
    const whole = started(`${first} ${first.startsWith("Eine") ? "mit" : "with"} ${words[feature]}`);
    for (const path of ["index.html", "script.js", "src/main.ts", file])
      expect(person.files.get(path)).toBe(whole.files.get(path));
    expect(nodeTests(person)).toMatch(/fail 0/);
  });

  test("a feature that it cannot add changes nothing, and it says what it can add", () => {
    const person = started("a snake game");
    const before = new Map(person.files);
    expect(person.ask("add multiplayer")).toMatch(/cannot add multiplayer[\s\S]*sound/);
    expect(person.files).toEqual(before);
    person.files.set("script.js", "// rewritten\n");
    expect(person.ask("add sound")).toContain("nothing was changed");
  });

  test.each([
    ["a REST API for books", "src/server.js"],
    ["an Express API for books", "src/server.js"],
    ["a Hono API for books", "src/server.js"],
    ["a Python server for books", "server.py"],
    ["a Go server for books", "server.go"],
  ])("adds endpoints with tests: %s", (prompt, file) => {
    const person = started(prompt);
    person.ask("add a /version endpoint");
    person.ask('Add GET /motto that returns {"motto": "read more"}');
    const source = person.files.get(file) ?? "";
    expect(source).toContain('"/version"');
    expect(source).toContain("read more");
    expect(person.files.get("README.md")).toContain("| GET | /motto |");
    expect(person.ask("add an endpoint /version")).toContain("already");
    const asked = person.ask("add an endpoint /weather");
    expect(asked).toContain("What should `/weather` return?");
    person.ask('{"sky": "blue"}');
    expect(person.files.get(file)).toContain('"/weather"');
    if (prompt.includes("REST")) expect(nodeTests(person)).toMatch(/pass 7[\s\S]*fail 0/);
  });

  test("adds a test for a module without one", () => {
    const person = new Person({
      "package.json": '{"type":"module"}',
      "src/sum.js": "export function sum(a, b) {\n  return a + b;\n}\n",
    });
    person.ask("add a test for sum.js");
    expect(nodeTests(person)).toMatch(/pass 1/);
    expect(person.ask("write a test for sum.js")).toContain("already");
  });
});

describe("files", () => {
  test("adds a README, sections, a licence and other files once", () => {
    const person = started();
    person.files.delete("README.md");
    person.ask("add a README");
    expect(person.files.get("README.md")).toContain("`index.html`");
    expect(person.ask("write a readme")).toContain("already");
    person.ask('add a section "Credits" to the README');
    expect(person.files.get("README.md")).toMatch(/\n## Credits\n/);
    person.ask("add a license");
    expect(person.files.get("LICENSE")).toContain("MIT");
    person.ask("create a file notes.txt with hello there");
    expect(person.files.get("notes.txt")).toBe("hello there\n");
  });

  test("moves and deletes files, and restores what it deleted", () => {
    const person = started();
    const before = new Map(person.files);
    person.ask("move tasks.js to lib");
    expect(person.files.has("lib/tasks.js")).toBe(true);
    person.ask("undo");
    person.ask("delete README.md");
    expect(person.files.has("README.md")).toBe(false);
    person.ask("mach das rückgängig");
    expect(person.files).toEqual(before);
  });

  test("deletes everything in one call, and accepts a refusal", () => {
    const person = started();
    person.refuses.set("delete_files", "Denied: the person said no.");
    expect(person.ask("delete all files")).toContain("Nothing was deleted: Denied");
    expect(person.files.size).toBeGreaterThan(0);
    person.refuses.clear();
    person.ask("delete everything");
    expect(person.files.size).toBe(0);
  });

  test("undoing a new project keeps a file that a person has changed", () => {
    const person = started();
    person.files.set("index.html", `${person.files.get("index.html")}<!-- mine -->\n`);
    expect(person.ask("undo that")).toContain("`index.html`");
    expect([...person.files.keys()]).toEqual(["index.html"]);
  });
});

describe("reading", () => {
  test("explains, finds and says how to run", () => {
    const person = started("A REST API for books with tests");
    expect(person.ask("what does src/server.js do?")).toContain("`start`");
    expect(person.ask("explain missing.ts")).toContain("There is no `missing.ts`");
    expect(person.ask("explain the project")).toContain("The project has 9 files");
    expect(person.ask("where is parseNew?")).toContain("`src/validate.js:7`");
    expect(person.ask("how do I run this?")).toContain("npm start");
    expect(person.ask("list the files")).toContain("src/store.js");
    expect(person.ask("wo ist createStore definiert?")).toMatch(/Zeilen?:\n- `src\/store\.js/);
  });

  test("a question about the world is not answered with the project, and renaming the project is no replacement", () => {
    const person = started();
    expect(person.ask("what is React?")).toContain("The demo model builds");
    person.ask("rename the project to My day");
    expect(person.files.get("index.html")).toContain("<h1>My day</h1>");
  });

  test("mends what has one remedy, and asks otherwise", () => {
    const person = started("A REST API for books with tests");
    expect(person.ask("there is a bug somewhere")).toContain("What did you do");
    person.files.set(
      "package.json",
      (person.files.get("package.json") ?? "").replace('"node --test"', '"node --test",'),
    );
    person.ask("it does not work, please fix it");
    expect(() => JSON.parse(person.files.get("package.json") ?? "")).not.toThrow();
    const source = person.files.get("src/store.js") ?? "";
    person.files.set("src/store.js", source.replace("records.delete(id)", "records.has(id)"));
    expect(nodeTests(person)).not.toMatch(/fail 0/);
    expect(person.ask("a test fails, fix it")).toContain("src/store.js");
    expect(person.files.get("src/store.js")).toBe(source);
    expect(nodeTests(person)).toMatch(/fail 0/);
  });
});

describe("conversation", () => {
  test("a second task after the first", () => {
    const person = started("a snake game");
    person.ask("now build a kanban board");
    expect(person.files.has("kanban-board/index.html")).toBe(true);
    expect(person.files.has("game.js")).toBe(true);
    person.ask("eine Express-API für Bücher");
    expect([...person.files.keys()].some((path) => path.endsWith("/src/fields.js"))).toBe(true);
  });

  test("steering is served after the task, which is finished", () => {
    const person = new Person();
    person.steer = { after: 1, text: "and make the accent colour red" };
    const closing = person.ask("Build a snake game");
    expect(person.files.get("style.css")).toContain("--accent: light-dark(#b3261e, #f2a199);");
    expect(closing).toMatch(/Snake is ready[\s\S]*#b3261e/);
    expect(person.texts.join("\n")).toContain("Next: and make the accent colour red");
  });

  test("steering with another task ends the first", () => {
    const person = new Person();
    person.steer = { after: 1, text: "no, a kanban board instead" };
    const closing = person.ask("Build a snake game");
    expect([...person.files.keys()]).not.toContain("game.js");
    expect([...person.files.keys()]).toContain("board.js");
    expect(closing).toMatch(/Stopped[\s\S]*Kanban board is ready/);
  });

  test("steering may undo what was just done, and a plain no ends nothing", () => {
    const person = new Person();
    person.steer = { after: 1, text: "undo that" };
    person.ask("Build a snake game");
    expect(person.files.size).toBe(0);
    const other = new Person();
    other.steer = { after: 1, text: "no sound please, and add dark mode" };
    expect(other.ask("Build a snake game")).toContain("Snake is ready");
    expect([...other.files.keys()]).toContain("game.js");
  });

  test("messages without an answer are kept in mind, and not carried out on their own", () => {
    const person = new Person({ "a.txt": "one\n" });
    person.ask("delete all files", "what can you do?");
    expect(person.files.size).toBe(1);
    const other = new Person();
    other.ask("I want an app for my team", "kanban, with search");
    expect([...other.files.keys()]).toContain("board.js");
  });

  test("a project whose files cannot be written is not called ready", () => {
    const person = new Person();
    person.refuses.set("create_file", "Denied: read-only.");
    expect(person.ask("Build a snake game")).toMatch(/^Nothing was created/);
  });

  test.each([
    ["Build a snake game please", "Snake"],
    ["A REST API for books with tests", "Books API"],
    ["eine Webseite für meine Bäckerei", "Bäckerei"],
    ["Go server with /health", "Go server"],
    ["a duplicate-file finder", "Duplicate finder"],
    ["Rename acme to zenith everywhere", "Rename acme to zenith everywhere"],
    ["帮我做一个贪吃蛇游戏", "贪吃蛇游戏"],
  ])("a conversation is titled by what it is about: %s", (prompt, title) => {
    const system = [{ text: "Give the conversation that begins with this message a title of 3 to 6 words." }];
    const { text, tools } = answer({ system, messages: [{ role: "user", content: [{ text: prompt }] }] });
    expect(tools).toEqual([]);
    expect(text).toBe(title);
  });

  test("never throws or loops, whatever the request", () => {
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
      "Сделай сайт",
      "ウェブサイトを作って",
      "x".repeat(20000),
      "a ".repeat(4000),
      "with with with and and and",
      "/ // /a/b/c",
    ]) {
      const reply = person.ask(prompt || " ");
      expect(reply.length).toBeGreaterThan(0);
      expect(reply).not.toContain("Something went wrong");
    }
  });
});
