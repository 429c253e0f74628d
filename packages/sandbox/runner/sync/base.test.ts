import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { Base } from "./base.ts";
import { hashOf } from "./content-hash.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-base-"));
  return () => rmSync(folder, { recursive: true, force: true });
});

const mode = "100644" as const;
function filled(count: number): Base {
  const base = new Base(folder);
  for (let n = 0; n < count; n++) base.set(`f${n}`, { hash: `h${n}`, mode });
  base.advance(1, 1, true);
  base.save();
  return base;
}

test("one change among thousands of files writes a line, and is there again", () => {
  const base = filled(5000);
  const whole = statSync(join(folder, "base.json")).mtimeMs;
  const bytes = Buffer.from("a text\n");
  base.set("f1", { hash: hashOf(bytes), mode: "100755" }, bytes);
  base.drop("f2");
  base.addFolder("empty");
  base.advance(1, 2, true);
  base.save();
  expect(statSync(join(folder, "base.json")).mtimeMs).toBe(whole);
  const [log = ""] = readdirSync(folder).filter((name) => name.endsWith(".log"));
  expect(statSync(join(folder, log)).size).toBeLessThan(300);

  const again = new Base(folder);
  expect(again.files.get("f1")).toEqual({ hash: hashOf(bytes), mode: "100755" });
  expect(again.text(hashOf(bytes))).toBe("a text\n");
  expect(again.files.has("f2")).toBe(false);
  expect([again.files.size, [...again.folders], again.rev]).toEqual([4999, ["empty"], 2]);
});

test("a line that was cut off has not happened, and the log never outgrows the whole", () => {
  const base = filled(10);
  base.drop("f1");
  base.save();
  const log = () => join(folder, readdirSync(folder).find((name) => name.endsWith(".log")) ?? "");
  appendFileSync(log(), '["gone","f');
  const again = new Base(folder);
  expect(again.files.size).toBe(9);
  again.drop("f2");
  again.save();
  expect(new Base(folder).files.size).toBe(8);
  for (let n = 0; n < 2000; n++) {
    again.set("f3", { hash: `version-${n}`, mode });
    again.save();
  }
  expect(readFileSync(log(), "utf8").split("\n").length).toBeLessThan(600);
  expect(new Base(folder).files.get("f3")).toEqual({ hash: "version-1999", mode });
});

test("the log of an earlier whole is not read: its lines are older", () => {
  const base = filled(1);
  base.drop("f0");
  base.save();
  const name = readdirSync(folder).find((each) => each.endsWith(".log")) ?? "";
  const left = readFileSync(join(folder, name));
  for (let n = 0; n < 1000; n++) base.set("f0", { hash: `later-${n}`, mode });
  base.save();
  // Killed before it was removed.
  writeFileSync(join(folder, name), left);
  expect(new Base(folder).files.get("f0")).toEqual({ hash: "later-999", mode });
});
