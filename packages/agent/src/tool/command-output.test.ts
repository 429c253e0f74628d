import { expect, test } from "vitest";
import { bounded } from "./command-output.ts";

test("an output that is cut for the model says how much is missing, and how to read it", () => {
  const head = "line\n".repeat(3000);
  const cut = bounded({ head, tail: "", total: head.length, command: "cmd_1" });
  expect(cut.split("\n").length).toBeLessThan(2010);
  expect(cut).toMatch(/\[… [\d,]+ bytes of 15,000 are left out here; read_output with id "cmd_1" reads them …\]/);
  expect(bounded({ head: "short\n", tail: "", total: 6, command: "cmd_1" })).toBe("short\n");
});
