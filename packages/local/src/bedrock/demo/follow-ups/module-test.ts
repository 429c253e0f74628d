import { call, listFiles, readFiles, type Context, type Script } from "../script.ts";
import { bullets, code } from "../words.ts";

/** Adds a test for a module without one. What its functions return is not known, so it checks that they are there. */
export function* addTest(wanted: string | undefined, { language: { says } }: Context): Script {
  const paths = yield* listFiles(says.looking);
  const tests = paths.filter((path) => /(?:^|\/)(?:test_\w+\.py|[\w.-]+\.test\.[jt]s|[\w.-]+_test\.go)$/.test(path));
  const sources = paths.filter(
    (path) => /\.(?:m?[jt]s|py)$/.test(path) && !tests.includes(path) && !/config|node_modules/.test(path),
  );
  const named =
    wanted === undefined
      ? undefined
      : (sources.find((path) => path === wanted) ??
        sources.find((path) => path.endsWith(`/${wanted}`) || path.split("/").at(-1)?.startsWith(`${wanted}.`)));
  if (wanted !== undefined && named === undefined && /\./.test(wanted)) return says.noFile(wanted);
  const stem = (path: string) => path.slice(path.lastIndexOf("/") + 1).replace(/\.\w+$/, "");
  const hasTest = (path: string) => tests.find((test) => test.includes(stem(path)));
  const candidates = named === undefined ? sources.filter((path) => hasTest(path) === undefined) : [named];
  const existing = named === undefined ? undefined : hasTest(named);
  if (existing !== undefined) return says.hasTests(existing);
  const contents = yield* readFiles(candidates.slice(0, 12));
  for (const [path, content] of contents) {
    const made = testFor(path, content);
    if (made === undefined) continue;
    const done = yield* call("create_file", { path: made.path, content: made.content });
    return done.failed
      ? says.notCreated(bullets([`${code(made.path)}: ${done.output}`]))
      : says.testAdded(made.path, made.run);
  }
  return tests[0] !== undefined && named === undefined ? says.hasTests(tests[0]) : says.noTest;
}

function testFor(path: string, content: string): { path: string; content: string; run: string } | undefined {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const name = path.slice(folder.length).replace(/\.\w+$/, "");
  if (path.endsWith(".py")) {
    const functions = [...content.matchAll(/^def ([a-z]\w*)\(/gm)].map(([, found = ""]) => found);
    if (functions.length === 0 || folder !== "") return undefined;
    const checks = functions.map(
      (each) => `    def test_${each}_is_there(self):\n        self.assertTrue(callable(${name}.${each}))\n`,
    );
    return {
      path: `test_${name}.py`,
      run: "python3 -m unittest",
      content: `import unittest\n\nimport ${name}\n\n\nclass ${name.charAt(0).toUpperCase()}${name.slice(1)}Test(unittest.TestCase):\n${checks.join("\n")}\n\nif __name__ == "__main__":\n    unittest.main()\n`,
    };
  }
  const functions = [...content.matchAll(/^export (?:default )?(?:async )?function\*? (\w+)/gm)].map(
    ([, found = ""]) => found,
  );
  if (functions.length === 0) return undefined;
  const extension = /\.\w+$/.exec(path)?.[0] ?? ".js";
  const checks = functions.map(
    (each) =>
      `test("${each} is there", () => {\n  assert.equal(typeof ${name.replace(/\W/g, "_")}.${each}, "function");\n});\n`,
  );
  return {
    path: `${folder}${name}.test${extension}`,
    run: "node --test",
    content: `import assert from "node:assert/strict";\nimport { test } from "node:test";\nimport * as ${name.replace(/\W/g, "_")} from "./${name}${extension}";\n\n${checks.join("\n")}`,
  };
}
