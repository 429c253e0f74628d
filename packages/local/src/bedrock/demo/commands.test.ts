import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Person } from "./person.ts";

/** Commands of the demo model. Tests are run for real, over its files; nothing is installed. */

const temporary = mkdtempSync(join(tmpdir(), "slipway-demo-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

let count = 0;
const ran: string[] = [];

function runs(command: string, files: ReadonlyMap<string, string>): string {
  ran.push(command);
  if (command === "npm install") return "Exit code 0 after 1.0 s.\n\nadded 12 packages";
  if (/^npm (?:start|run dev)$/.test(command))
    return 'It runs in the background as "x". It listens on port 5173, which the person can open in the preview.\n\nready';
  const cwd = join(temporary, String(count++));
  for (const [path, content] of files) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), content);
  }
  const { status, stdout, stderr } = spawnSync("bash", ["-c", command], { cwd, encoding: "utf8" });
  return `Exit code ${status} after 0.1 s.\n\n${stdout}${stderr}`;
}

function person(files?: Record<string, string>): Person {
  ran.length = 0;
  const made = new Person(files);
  made.runs = runs;
  return made;
}

test("a Vite app with a counter is installed, tested and started, and its port is said", () => {
  const one = person();
  const closing = one.ask("a Vite app with a counter");
  expect([...one.files.keys()].toSorted()).toContain("test/counter.test.ts");
  expect(ran).toEqual(["npm install", "npm test", "npm run dev"]);
  expect(closing).toContain("The tests pass.");
  expect(closing).toContain("port 5173");
  expect(closing).not.toMatch(/not understood|left out/i);
});

test("says that nothing was tested when installing is denied", () => {
  const one = person();
  one.refuses.set("run_command", "Denied: the person denied it.");
  expect(one.ask("a Vite app with a counter")).toContain("nothing was tested or started");
  expect(one.files.size).toBeGreaterThan(5);
});

test("runs what the project's settings name, before what its files say", () => {
  const one = person({ "package.json": '{"scripts":{"test":"node --test","start":"node ."}}', "pkg/test_a.py": "" });
  one.about = String.raw`
Its settings name the commands to test "python -m pytest \"a b\" -q".
`;
  one.ask("run the tests");
  expect(ran).toContain('python -m pytest "a b" -q');
  expect(ran).not.toContain("npm test");
});

test("writes without running where there are no commands", () => {
  const one = new Person();
  expect(one.ask("a Vite app with a counter")).toContain("npm install");
  expect(one.calls).not.toContain("run_command");
  expect(one.ask("run `ls`")).not.toContain("exit code");
});

test.each([
  ["run the tests", "npm test"],
  ["Please run all tests again", "npm test"],
  ["Führe die Tests aus", "npm test"],
  ["lance les tests", "npm test"],
  ["ejecuta las pruebas", "npm test"],
  ["运行测试", "npm test"],
  ["start it", "npm start"],
  ["start the dev server", "npm start"],
  ["Starte den Server", "npm start"],
  ["启动服务器", "npm start"],
  ["run `ls -la`", "ls -la"],
  ["run npm run build", "npm run build"],
  ["Please execute the command: node --version", "node --version"],
])("follows up: %s", (prompt, command) => {
  const one = person({
    "package.json": '{"name":"a","type":"module","scripts":{"test":"node --test","start":"node a.js"}}',
    "a.test.js": 'import { test } from "node:test";\ntest("a", () => {});\n',
  });
  one.ask(prompt);
  expect(ran).toEqual([command]);
});

const manifest = '{"name":"a","type":"module","scripts":{"test":"node --test"}}';
const header = 'import assert from "node:assert/strict";\nimport { test } from "node:test";\n';

describe("a failing test is mended where the slip is a simple one", () => {
  test.each([
    [
      "a wrong operator",
      "export function add(a, b) {\n  return a - b;\n}\n",
      `import { add } from "./a.js";\ntest("adds", () => {\n  assert.equal(add(2, 3), 5);\n});\n`,
      "return a + b;",
    ],
    [
      "one too few",
      "export function last(list) {\n  return list[list.length - 2 + 0];\n}\nexport function sum(list) {\n  let total = 0;\n  for (let i = 0; i <= list.length; i++) total += list[i];\n  return total;\n}\n",
      `import { sum } from "./a.js";\ntest("sums", () => assert.equal(sum([1, 2]), 3));\n`,
      "i < list.length",
    ],
    [
      "a missing export",
      "function twice(n) {\n  return n * 2;\n}\n",
      `import { twice } from "./a.js";\ntest("doubles", () => assert.equal(twice(2), 4));\n`,
      "export function twice",
    ],
    [
      "a misspelt name",
      "export function greet(name) {\n  return `Hi ${nmae}`;\n}\n",
      `import { greet } from "./a.js";\ntest("greets", () => assert.equal(greet("Ada"), "Hi Ada"));\n`,
      "`Hi ${name}`",
    ],
    [
      "a wrong text",
      'export function greet(name) {\n  return "Helo, " + name + "!";\n}\n',
      `import { greet } from "./a.js";\ntest("greets", () => assert.equal(greet("Ada"), "Hello, Ada!"));\n`,
      '"Hello, "',
    ],
    [
      "two slips",
      "export function add(a, b) {\n  return a - b;\n}\nexport function isAdult(age) {\n  return age > 18;\n}\n",
      `import { add, isAdult } from "./a.js";\ntest("adds", () => assert.equal(add(2, 3), 5));\ntest("is adult", () => assert.equal(isAdult(18), true));\n`,
      "age >= 18",
    ],
  ])("%s", (_, source, tests, mended) => {
    const one = person({ "package.json": manifest, "a.js": source, "a.test.js": header + tests });
    const closing = one.ask("fix the failing test");
    expect(closing).toContain("The tests pass now.");
    expect(one.files.get("a.js")).toContain(mended);
    expect(one.files.get("a.test.js")).toBe(header + tests);
  });

  test.each([
    "run the tests and fix what fails",
    "Führe die Tests aus und behebe, was fehlschlägt",
    "lance les tests et corrige ce qui échoue",
    "ejecuta las pruebas y arregla lo que falle",
    "运行测试并修复失败的地方",
  ])("by whatever words: %s", (prompt) => {
    const tests = `import { add } from "./a.js";\ntest("adds", () => assert.equal(add(2, 3), 5));\n`;
    const source = "export function add(a, b) {\n  return a - b;\n}\n";
    const one = person({ "package.json": manifest, "a.js": source, "a.test.js": header + tests });
    one.ask(prompt);
    expect(ran).toContain("npm test");
    expect(one.files.get("a.js")).toContain("a + b");
  });

  test("in Python", () => {
    const one = person({
      "shop.py":
        "def total(prices):\n    result = 1\n    for price in prices:\n        result -= price\n    return result - 1\n",
      "test_shop.py":
        "import unittest\nfrom shop import total\n\n\nclass TotalTest(unittest.TestCase):\n    def test_total(self):\n        self.assertEqual(total([]), 0)\n        self.assertEqual(total([2]), 2)\n",
    });
    expect(one.ask("the test fails, fix it")).toContain("The tests pass now.");
    expect(one.files.get("shop.py")).toContain("result += price");
  });

  test("what it wrote itself and somebody changed is put back", () => {
    const one = person();
    one.ask("a Vite app with a counter");
    const before = one.files.get("src/counter.ts") ?? "";
    one.files.set("src/counter.ts", before.replace("Math.max(0, value + step)", "Math.max(0, value + step + 1)"));
    expect(one.ask("a test fails, please fix it")).toContain("The tests pass now.");
    expect(one.files.get("src/counter.ts")).toBe(before);
  });

  test("says so when it cannot, and leaves the files as they were", () => {
    const source = "export function parse(text) {\n  return { text };\n}\n";
    const tests = `import { parse } from "./a.js";\ntest("parses", () => assert.deepEqual(parse("a=1"), { a: "1" }));\n`;
    const one = person({ "package.json": manifest, "a.js": source, "a.test.js": header + tests });
    const closing = one.ask("fix the failing test");
    expect(closing).toContain("mends simple slips only");
    expect(closing).toContain("parses");
    expect(one.files.get("a.js")).toBe(source);
  });

  test("says that they pass when they do", () => {
    const one = person({ "package.json": manifest, "a.test.js": header + 'test("a", () => {});\n' });
    expect(one.ask("fix the failing test")).toBe("The tests pass.");
  });
});
