import { expect, test } from "vitest";
import { indentationOf } from "./indentation.ts";

test("finds how a file indents", () => {
  expect(indentationOf("func main() {\n\tprint(1)\n\tif x {\n\t\tprint(2)\n\t}\n}\n")).toBe("\t");
  expect(indentationOf("def f():\n    return 1\n\nclass A:\n    def g(self):\n        pass\n")).toBe("    ");
  expect(indentationOf("/**\n * A comment.\n */\nif (a) {\n  b();\n}\n")).toBe("  ");
  expect(indentationOf("# Title\n\nText.\n")).toBeUndefined();
});
