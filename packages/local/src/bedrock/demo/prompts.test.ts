import { spawn, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Person } from "./person.ts";

/**
 * Requests in five languages, judged by what comes of them: tests of the project are run, servers started and asked, tools
 * run, pages looked into. test/browser/demo-projects.test.ts uses the pages.
 */

const temporary = mkdtempSync(join(tmpdir(), "slipway-demo-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));
const modules = join(import.meta.dirname, "../../../../../node_modules");

interface Built {
  person: Person;
  folder: string;
  closing: string;
  opening: string;
}

let count = 0;
function build(prompt: string): Built {
  const person = new Person();
  const closing = person.ask(prompt);
  return { person, closing, opening: person.texts.join("\n"), folder: write(person) };
}

function write(person: Person): string {
  const folder = join(temporary, String(count++));
  for (const [path, content] of person.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  mkdirSync(folder, { recursive: true });
  symlinkSync(modules, join(folder, "node_modules"));
  return folder;
}

function run(command: string, args: string[], folder: string, input = ""): SpawnSyncReturns<string> {
  return spawnSync(command, args, {
    cwd: folder,
    encoding: "utf8",
    input,
    env: { PATH: process.env.PATH, HOME: folder },
  });
}

function passesNodeTests(folder: string): void {
  const { stdout, status } = run(process.execPath, ["--test"], folder);
  expect(stdout).toMatch(/(?:#|ℹ) pass [1-9]/);
  expect(status, stdout).toBe(0);
}

/** Its own tests, and every file that a page loads is there, by a relative address. */
function isPage({ person, folder }: Built, files: readonly string[]): void {
  expect([...person.files.keys()]).toEqual(expect.arrayContaining([...files]));
  for (const [path, html] of person.files) {
    if (!path.endsWith(".html")) continue;
    for (const [, target = ""] of html.matchAll(/(?:src|href)="([^"#]+)"/g)) {
      expect(target).not.toMatch(/^\/|^https?:/);
      expect([...person.files.keys()]).toContain(target.replace(/^\.\//, ""));
    }
    expect(html).not.toMatch(/\{\{|feature:|undefined/);
  }
  for (const path of person.files.keys()) {
    if (/^[\w-]+\.js$/.test(path)) expect(run(process.execPath, ["--check", path], folder).stderr).toBe("");
  }
}

describe("apps for the browser", () => {
  test.each<[prompt: string, file: string, ...more: string[]]>([
    ["Build a snake game", "game.js"],
    ["pls make me a snaek game, thank you!", "game.js"],
    ["I'd like a snake game with sound and a dark mode", "game.js", "theme.js"],
    ["Bau mir bitte ein Schlangenspiel", "game.js"],
    ["Crée un jeu du serpent s'il te plaît", "game.js"],
    ["Hazme un juego de la serpiente, por favor", "game.js"],
    ["帮我做一个贪吃蛇游戏", "game.js"],
    ["A todo list website", "tasks.js"],
    ["todo app, please don't use React", "tasks.js"],
    ["can you build a to-do list with due dates and search?", "tasks.js"],
    ["Eine Aufgabenliste für meinen Garten, ohne React", "tasks.js"],
    ["J'ai besoin d'une liste de courses", "tasks.js"],
    ["Quiero una lista de tareas con modo oscuro", "tasks.js", "theme.js"],
    ["做一个待办清单，支持深色模式", "tasks.js", "theme.js"],
    ["kanban board", "board.js"],
    ["I need a kanbna board for our team", "board.js"],
    ["Erstelle ein Kanban-Board", "board.js"],
    ["un tableau kanban avec recherche", "board.js"],
    ["a dashboard with charts", "data.js"],
    ["Make a sales dashbord with csv export", "data.js"],
    ["Necesito un panel de control con gráficos", "data.js"],
    ["创建一个带图表的仪表盘", "data.js"],
    ["noughts and crosses against the computer", "rules.js"],
    ["tic tac toe", "rules.js"],
    ["A pomodoro timer website named plugh", "timer.js"],
    ["Ein Taschenrechner wäre toll", "calculate.js"],
    ["une calculatrice", "calculate.js"],
    ["an app for taking notes", "notes.js"],
    ["Haushaltsbuch mit CSV-Export", "expenses.js"],
    ["generador de contraseñas", "generate.js"],
    ["quiz about planets", "quiz.js"],
  ])("%s", (prompt, ...files) => {
    const built = build(prompt);
    isPage(built, ["index.html", "style.css", "script.js", ...files]);
    passesNodeTests(built.folder);
  });

  test.each([
    "A pomodoro timer with Vite and TypeScript",
    "a snake game in TypeScript with sound",
    "kanban with vite, search and dark mode",
    "todo list with Vite, due dates and search",
    "dashboard in typescript with csv export",
    "noughts and crosses with Vite against the computer",
    "a quiz in TypeScript",
    "notes app in TypeScript",
    "expense tracker with vite",
    "calculator with TypeScript",
    "password generator with vite and typescript",
  ])("%s: type-checks and passes its tests", (prompt) => {
    const { folder, person } = build(prompt);
    const types = run(join(modules, ".bin/tsc"), ["-p", "."], folder);
    expect(types.stdout).toBe("");
    expect(person.files.get("index.html")).toContain('src="./src/main.ts"');
    passesNodeTests(folder);
  });
});

describe("websites", () => {
  test.each<[prompt: string, heading: string, language: string, pages: number]>([
    ["a website for my cat", "Cat", "en", 3],
    ["Can you create a landing page for a bakery called Krume?", "Krume", "en", 1],
    ["landign page for my yoga studio", "Yoga studio", "en", 1],
    ["portfolio site for a photographer, no javascript frameworks please", "Photographer", "en", 3],
    ["eine Webseite für meine Bäckerei", "Bäckerei", "de", 3],
    ["Erstelle eine Landingpage für unsere Hochzeit", "Hochzeit", "de", 1],
    ["Un site pour mon restaurant avec une page contact", "Restaurant", "fr", 3],
    ["Crea una página web para mi panadería", "Panadería", "es", 3],
    ["Crée une landing page pour mon application mobile", "Application mobile", "fr", 1],
    ["做一个个人博客网站", "个人博客", "zh", 3],
    ["recipe website", "Recipe", "en", 3],
    ["给我的咖啡店做一个网站", "咖啡店", "zh", 3],
  ])("%s", (prompt, heading, language, pages) => {
    const built = build(prompt);
    isPage(built, ["index.html", "style.css"]);
    const home = built.person.files.get("index.html") ?? "";
    expect(home).toContain(`<h1>${heading}</h1>`);
    expect(home).toContain(`<html lang="${language}">`);
    expect([...built.person.files.keys()].filter((path) => path.endsWith(".html"))).toHaveLength(pages);
  });
});

describe("React and Solid", () => {
  test.each([
    ["A todo list with React", "react"],
    ["React app for tasks", "react"],
    ["Eine Aufgabenliste mit React", "react"],
    ["todo app in solid", "solid"],
    ["Une liste de tâches avec Solid", "solid"],
  ])("%s", (prompt, framework) => {
    const { person, folder } = build(prompt);
    const manifest = JSON.parse(person.files.get("package.json") ?? "{}") as { dependencies: Record<string, string> };
    expect(Object.keys(manifest.dependencies)[0]).toContain(framework);
    expect(Object.values(manifest.dependencies).every((version) => /^\d+\.\d+\.\d+$/.test(version))).toBe(true);
    expect(person.files.get("src/App.tsx")).toContain("./tasks.ts");
    passesNodeTests(folder);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Starts the server of a project and asks it. */
async function withServer(
  command: string,
  args: string[],
  folder: string,
  ask: (base: string) => Promise<void>,
): Promise<void> {
  const port = await freePort();
  const child = spawn(command, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: String(port) },
    detached: true,
  });
  const exited = new Promise((resolve) => child.on("exit", resolve));
  let printed = "";
  try {
    await new Promise<void>((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        printed += String(chunk);
        if (/Listening at/.test(printed)) resolve();
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      void exited.then(() => reject(new Error(printed)));
    });
    await ask(`http://localhost:${port}`);
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid);
    await exited;
  }
}

async function json(url: string, method = "GET", body?: unknown): Promise<{ status: number; body: unknown }> {
  const reply = await fetch(url, {
    method,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  return { status: reply.status, body: text === "" ? undefined : JSON.parse(text) };
}

const hasGo = spawnSync("go", ["version"]).status === 0;
const hasPython = spawnSync("python3", ["--version"]).status === 0;

describe("servers", () => {
  test.each<[prompt: string, file: string, collection: string | undefined, fields: string[], endpoints: string[]]>([
    ["A REST API for books with tests", "src/server.js", "books", ["title", "author", "year"], []],
    ["build a small express backend to manage invoices", "src/server.js", "invoices", ["number", "customer"], []],
    [
      "Hono API for recipes with title, ingredients and servings, and a /health endpoint",
      "src/server.js",
      "recipes",
      ["title", "ingredients", "servings"],
      ["/health"],
    ],
    ["express server with /health and /version", "src/server.js", undefined, [], ["/health", "/version"]],
    ["an API for cities in Node, stored in a JSON file", "src/server.js", "cities", ["name"], []],
    ["REST API for people", "src/server.js", "people", ["name"], []],
    ["a crud api for dragons", "src/server.js", "dragons", ["name"], []],
    [
      "Eine Express-API für Bücher mit Titel, Autor und Jahr",
      "src/server.js",
      "books",
      ["title", "author", "year"],
      [],
    ],
    ["Une API REST pour des recettes", "src/server.js", "recipes", ["title"], []],
    ["API con Express para películas", "src/server.js", "movies", ["title", "director"], []],
    ["用 Express 写一个管理任务的 API", "src/server.js", "tasks", ["title"], []],
    ["Go server with /health", "server.go", undefined, [], ["/health"]],
    ["a REST API in Go for tasks with a /version endpoint", "server.go", "tasks", ["title", "done"], ["/version"]],
    ["Python server for notes with /ping and /time", "server.py", "notes", ["title", "text"], ["/ping", "/time"]],
    ["create an HTTP API in Go that stores notes in memory", "server.go", "notes", ["title", "text"], []],
    ["Ein Python-Server mit /health", "server.py", undefined, [], ["/health"]],
    ["Un servidor en Python para productos", "server.py", "products", ["name", "price"], []],
  ])("%s", async (prompt, file, collection, fields, endpoints) => {
    const { person, folder } = build(prompt);
    expect([...person.files.keys()]).toContain(file);
    if ((file.endsWith(".go") && !hasGo) || (file.endsWith(".py") && !hasPython)) return;
    if (file.endsWith(".js")) passesNodeTests(folder);
    else if (file.endsWith(".go")) expect(run("gofmt", ["-l", "."], folder).stdout).toBe("");
    else expect(run("python3", ["-m", "unittest"], folder).stderr).toMatch(/Ran [1-9][\s\S]*OK/);
    if (file.endsWith(".go")) {
      rmSync(join(folder, "node_modules"));
      const tests = spawnSync("go", ["test", "./..."], { cwd: folder, encoding: "utf8" });
      expect(tests.stdout + tests.stderr).toMatch(/^ok/m);
      expect(spawnSync("go", ["build", "-o", "server", "."], { cwd: folder, encoding: "utf8" }).stderr).toBe("");
    }
    const start = file.endsWith(".js")
      ? [process.execPath, "src/main.js"]
      : file.endsWith(".go")
        ? ["./server"]
        : ["python3", "server.py"];
    await withServer(start[0] ?? "", start.slice(1), folder, async (base) => {
      for (const endpoint of endpoints) expect(await json(base + endpoint)).toMatchObject({ status: 200, body: {} });
      expect((await json(`${base}/nothing`)).status).toBe(404);
      if (collection === undefined) return;
      const values = Object.fromEntries(fields.map((field) => [field, sample(field)]));
      const created = await json(`${base}/${collection}`, "POST", values);
      expect(created).toMatchObject({ status: 201, body: values });
      expect((await json(`${base}/${collection}`, "POST", { nonsense: 1 })).status).toBe(400);
      expect(await json(`${base}/${collection}`)).toMatchObject({ status: 200, body: [values] });
      expect((await json(`${base}/${collection}/1`, "DELETE")).status).toBe(204);
      expect((await json(`${base}/${collection}/1`)).status).toBe(404);
    });
  });

  function sample(field: string): string | number | boolean {
    if (/year|servings|price/.test(field)) return 7;
    return field === "done" ? true : `a ${field}`;
  }
});

describe("command-line tools", () => {
  const table = "name,age\nAda,36\nBob,40\n";
  const tools: Record<string, { args: string[]; prints: RegExp }> = {
    duplicates: { args: ["data"], prints: /2 × 4 bytes[\s\S]*a\.txt[\s\S]*b\.txt[\s\S]*4 bytes could be saved/ },
    wordcount: { args: ["data/c.txt"], prints: /2 lines, 5 words[\s\S]*2 the/ },
    rename: { args: ["data", "^(.)$", "file-{n}"], prints: /a\.txt → file-001\.txt[\s\S]*would be renamed/ },
    csvjson: { args: ["table.csv"], prints: /"name": "Ada",\s+"age": 36/ },
    csvsummary: { args: ["table.csv"], prints: /2 rows[\s\S]*from 36 to 40, mean 38/ },
    todo: { args: ["--file", "list.json", "add", "Water the plants"], prints: /1 \[ \] Water the plants/ },
    password: { args: ["--length", "30"], prints: /^\S{30}\n/ },
  };

  test.each<[prompt: string, tool: string, language: "py" | "js"]>([
    ["a duplicate-file finder", "duplicates", "py"],
    ["Write a Node command-line tool that finds duplicate files", "duplicates", "js"],
    ["用 Python 写一个查找重复文件的命令行工具", "duplicates", "py"],
    ["Ein Python-Skript, das doppelte Dateien findet", "duplicates", "py"],
    ["Un outil en ligne de commande qui compte les mots en Python", "wordcount", "py"],
    ["python script counting words", "wordcount", "py"],
    ["a word counter CLI in JavaScript, no dependencies", "wordcount", "js"],
    ["bulk file renamer in python", "rename", "py"],
    ["Kommandozeilen-Tool in Node, das Fotos umbenennt", "rename", "js"],
    ["convert csv to json on the command line", "csvjson", "py"],
    ["una herramienta de línea de comandos en Node que convierte CSV a JSON", "csvjson", "js"],
    ["A Python command-line tool that summarises a CSV file", "csvsummary", "py"],
    ["node script for csv statistics", "csvsummary", "js"],
    ["todo list for the terminal", "todo", "py"],
    ["a cli todo app in node", "todo", "js"],
    ["Passwort-Generator für die Kommandozeile", "password", "py"],
    ["password generator in Python", "password", "py"],
    ["Node.js command line password generator", "password", "js"],
  ])("%s", (prompt, tool, language) => {
    const { person, folder } = build(prompt);
    expect([...person.files.keys()]).toContain(`${tool}.${language}`);
    mkdirSync(join(folder, "data"));
    for (const [name, content] of [
      ["a.txt", "same"],
      ["b.txt", "same"],
      ["c.txt", "the cat and\nthe dog\n"],
    ])
      writeFileSync(join(folder, "data", name ?? ""), content ?? "");
    writeFileSync(join(folder, "table.csv"), table);
    if (language === "py" && !hasPython) return;
    const command = language === "py" ? "python3" : process.execPath;
    const { stdout, stderr, status } = run(command, [`${tool}.${language}`, ...(tools[tool]?.args ?? [])], folder);
    expect(stdout, stderr).toMatch(tools[tool]?.prints ?? /$^/);
    expect(status).toBe(0);
    if (language === "js") passesNodeTests(folder);
    else expect(run("python3", ["-m", "unittest"], folder).stderr).toMatch(/Ran [1-9][\s\S]*OK/);
  });
});

/** Words that the reply has in this language, and in no other. */
const speaks: Record<string, RegExp> = {
  en: /\b(?:nothing was|which one)\b/i,
  de: /\b(?:wurde nichts|stattdessen)\b/i,
  fr: /\b(?:rien n'a été|lequel)\b/i,
  es: /\b(?:no se creó|cuál)\b/i,
  zh: /没有创建|哪一个/,
};

describe("what it cannot do", () => {
  test.each<[prompt: string, language: string]>([
    ["Build me a rocket", "en"],
    ["A clone of Uber with payments", "en"],
    ["make a chess game", "en"],
    ["a Tetris clone please", "en"],
    ["write a Rust web server", "en"],
    ["Todo app in Vue", "en"],
    ["create a Django blog with login", "en"],
    ["an iPhone app for my running club", "en"],
    ["a Python script that resizes images", "en"],
    ["Snake in Python", "en"],
    ["a React snake game", "en"],
    ["something with blockchain", "en"],
    ["Bau mir ein Schachspiel", "de"],
    ["Ich brauche einen Online-Shop mit Bezahlung", "de"],
    ["Schreib mir ein Kommandozeilen-Tool, das Bilder verkleinert", "de"],
    ["Fais-moi un jeu d'échecs", "fr"],
    ["Je voudrais une application mobile pour mon école", "fr"],
    ["Hazme una red social", "es"],
    ["Necesito un script en Python que descargue vídeos", "es"],
    ["帮我做一个五子棋游戏", "zh"],
    ["开发一个聊天软件", "zh"],
    ["用 Java 写一个网站", "zh"],
  ])("says so before it builds, in the language of the request, and builds what is chosen: %s", (prompt, language) => {
    const person = new Person();
    const reply = person.ask(prompt);
    expect(person.files.size).toBe(0);
    expect(person.calls.filter((name) => name !== "list_files")).toEqual([]);
    expect(reply).toMatch(speaks[language] ?? /$^/);
    expect(reply.match(/^\d\. /gm)?.length).toBeGreaterThanOrEqual(3);
    expect(reply).not.toMatch(/\bI\b|\bich\b|\bje\b|undefined/);
    person.ask("2");
    expect(person.files.size).toBeGreaterThan(3);
  });

  test.each<[prompt: string, answers: string[], file: string]>([
    ["make a chess game", ["1", "snake", "the first one", "snake please", "yes"], "game.js"],
    ["Bau mir ein Schachspiel", ["2", "das zweite", "zwei", "Tic-Tac-Toe"], "rules.js"],
    ["Fais-moi un jeu d'échecs", ["le troisième", "3", "un quiz"], "quiz.js"],
    ["Hazme un juego de ajedrez", ["la primera", "uno", "la serpiente"], "game.js"],
    ["帮我做一个五子棋游戏", ["第一个", "1", "贪吃蛇"], "game.js"],
  ])("understands an answer: %s", (prompt, answers, file) => {
    for (const each of answers) {
      const person = new Person();
      person.ask(prompt);
      person.ask(each);
      expect([...person.files.keys()], each).toContain(file);
    }
  });

  test("keeps what was asked for besides when a choice is made", () => {
    const person = new Person();
    person.ask("a Vue todo list with dark mode");
    person.ask("1");
    expect([...person.files.keys()]).toContain("theme.js");
  });

  test("a no builds nothing", () => {
    const person = new Person();
    person.ask("make a chess game");
    person.ask("none of them");
    expect(person.files.size).toBe(0);
  });
});

describe("what is left out", () => {
  test.each<[prompt: string, left: RegExp, built: RegExp]>([
    ["a todo list with login and payments", /Left out: .*login.*payments/, /tasks\.js/],
    ["Snake with multiplayer and dark mode", /Left out: .*multiplayer/, /theme\.js/],
    ["An Express API for books with a Postgres database and JWT auth", /Left out: .*postgres.*/, /src\/store\.js/],
    ["Create a full-stack REST API for tasks with Docker", /Left out: .*docker/, /src\/server\.js/],
    ["a snake game with teleporting gates", /Not understood.*teleporting gates/, /game\.js/],
    ["Eine Aufgabenliste mit Anmeldung", /Weggelassen: .*anmeldung/, /tasks\.js/],
    ["Un sitio web para mi tienda con carrito y pagos", /Omitido: .*carrito.*pagos/, /index\.html/],
    ["Un site pour mon salon avec réservation en ligne", /Laissé de côté : .*réservation/, /index\.html/],
    ["做一个待办清单，支持登录", /未包含：.*登录/, /tasks\.js/],
    ["A Python command-line tool that renames photos by date", /Not understood.*date/, /rename\.py/],
    ["Write a Go web server that serves static files", /Not understood.*static/, /server\.go/],
    ["Write a Node tool that finds duplicate files and deletes them", /Left out: delete/, /duplicates\.js/],
    ["Go server with /health and /metrics", /Left out: .*\/metrics/, /server\.go/],
  ])("is named before and after: %s", (prompt, left, built) => {
    const { person, closing, opening } = build(prompt);
    expect(closing).toMatch(left);
    expect(opening.slice(0, opening.lastIndexOf(closing))).toMatch(left);
    expect([...person.files.keys()].join("\n")).toMatch(built);
    const readme = readFileSync(join(temporary, String(count - 1), "README.md"), "utf8");
    expect(readme).not.toMatch(/login|payment|postgres|docker|multiplayer|anmeldung|pagos|登录/i);
  });

  test("wishes that are not wanted are no wishes", () => {
    expect(build("a snake game without dark mode").person.files.has("theme.js")).toBe(false);
    expect(build("REST API for books, don't use express").person.files.get("package.json")).not.toContain("express");
    expect(existsSync(join(build("todo list, kein React bitte").folder, "tasks.js"))).toBe(true);
  });
});
