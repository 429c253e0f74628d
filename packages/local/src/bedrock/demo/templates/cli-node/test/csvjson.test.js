import assert from "node:assert/strict";
import { test } from "node:test";
import { convert } from "../csvjson.js";

test("rows become objects with typed values", () => {
  assert.deepEqual(convert("name,age,admin,zip\nAda,36,true,01234\r\nBob,,false,x\n"), [
    { name: "Ada", age: 36, admin: true, zip: "01234" },
    { name: "Bob", age: null, admin: false, zip: "x" },
  ]);
});

test("quotes, line breaks and a byte order mark", () => {
  assert.deepEqual(convert('\ufeffa,b\n"x, ""y""","two\nlines"\n'), [{ a: 'x, "y"', b: "two\nlines" }]);
});

test("other delimiters, and text only", () => {
  assert.deepEqual(convert("a;b\n1;2\n", { delimiter: ";", asText: true }), [{ a: "1", b: "2" }]);
});

test("a row of another length, or an open quote, is an error", () => {
  assert.throws(() => convert("a,b\n1\n"), /row 2 has 1 cells/);
  assert.throws(() => convert('a,b\n"1,2\n'), /not closed/);
});

test("an empty file is an empty list", () => {
  assert.deepEqual(convert(""), []);
});
