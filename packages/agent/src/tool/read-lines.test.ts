import { expect, test } from "vitest";
import { readLines } from "./read-lines.ts";

const told = (text: string, range: { startLine?: number; endLine?: number } = {}) => {
  const { output, told: numbered = output } = readLines(text, { path: "a.txt", startLine: 1, ...range });
  return numbered;
};

test("every line has its number, and people see the text as it is", () => {
  expect(readLines("one\n\ntwo\n", { path: "a.txt", startLine: 1 })).toEqual({
    output: "one\n\ntwo",
    told: "1: one\n2: \n3: two",
  });
  expect(told("one\ntwo")).toBe("1: one\n2: two\n[the last line has no line break]");
});

test("a part says which lines it holds and how to read on", () => {
  const text = "one\ntwo\nthree\n";
  expect(told(text, { endLine: 2 })).toBe("1: one\n2: two\n[lines 1–2 of 3; read on with startLine: 3]");
  expect(told(text, { startLine: 3 })).toBe("3: three\n[lines 3–3 of 3]");
  expect(told(text, { startLine: 2, endLine: 99 })).toBe("2: two\n3: three\n[lines 2–3 of 3]");
});

test("lines that are not there are named", () => {
  expect(told("")).toBe("a.txt is empty.");
  expect(told("one\n", { startLine: 2 })).toBe("a.txt ends at line 1.");
  expect(told("one\ntwo\n", { startLine: 2, endLine: 1 })).toMatch(/Line 1 is before line 2/);
});

test("reading on from part to part gives the whole file, whatever the limits", () => {
  for (const text of ["x\n".repeat(5000), `${"y".repeat(1500)}\n`.repeat(300)]) {
    let read = "";
    let parts = 0;
    for (let startLine: number | undefined = 1; startLine !== undefined; parts++) {
      const part = told(text, { startLine });
      expect(part.length).toBeLessThan(70_000);
      const next = /read on with startLine: (\d+)\]$/.exec(part)?.[1];
      read += `${part.replace(/\n\[lines [^\n]*$/, "").replace(/^\d+: /gm, "")}\n`;
      startLine = next === undefined ? undefined : Number(next);
    }
    expect(read).toBe(text);
    expect(parts).toBeGreaterThan(1);
  }
});

test("a long line is cut and can be read alone", () => {
  const text = `short\n${"z".repeat(30_000)}\n`;
  expect(told(text)).toMatch(/\[cut: 30000 characters; read line 2 alone to see more of it\]$/);
  expect(told(text, { startLine: 2, endLine: 2 })).toBe(`2: ${"z".repeat(30_000)}\n[lines 2–2 of 2]`);
});
