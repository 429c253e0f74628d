import type { Block } from "@slipway/contract/run";
import { expect, test } from "vitest";
import { fitBlocks } from "./fit-blocks.ts";

const text = (id: string, length: number): Block => ({ type: "text", id, text: "t".repeat(length) });
const tool = (id: string, length: number): Block => ({
  type: "tool",
  id,
  tool: "create_file",
  input: { path: "a.txt", content: "c".repeat(length) },
  result: {
    state: "completed",
    output: "Created a.txt.",
    milliseconds: 1,
    changes: [{ path: "a.txt", op: "created", diff: "d" }],
  },
});

test("an answer that fits stays as it is", () => {
  const blocks = [text("1", 1000), tool("2", 500_000)];
  expect(fitBlocks(blocks)).toEqual(blocks);
});

test("the longest parts are cut first, and cards keep what they are about", () => {
  const fitted = fitBlocks([text("1", 1000), text("2", 10_000_000), tool("3", 900_000), text("4", 2000)]);
  expect(JSON.stringify(fitted).length).toBeLessThan(1_500_000);
  expect(fitted.map(({ id }) => id)).toEqual(["1", "2", "3", "4"]);
  expect(fitted[0]).toEqual(text("1", 1000));
  expect(fitted[1]).toMatchObject({
    text: expect.stringMatching(/\[cut at 4000 of 10000000 characters\]$/) as unknown,
  });
  expect(fitted[2]).toEqual(tool("3", 900_000));
});

test("many blocks that are long together fit too, and the end is kept", () => {
  const blocks = [...Array.from({ length: 3000 }, (_, n) => tool(String(n), 3000)), text("last", 100)];
  const fitted = fitBlocks(blocks);
  expect(JSON.stringify(fitted).length).toBeLessThanOrEqual(1_500_000);
  expect(fitted.at(-1)).toEqual(text("last", 100));
});
