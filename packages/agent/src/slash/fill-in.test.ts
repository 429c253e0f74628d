import { expect, test } from "vitest";
import { fillIn } from "./fill-in.ts";

test.each([
  ["Review $1 for $2.", "a.ts speed", "Review a.ts for speed."],
  ["Review $ARGUMENTS.", "all of it ", "Review all of it."],
  ["Review.", "a.ts", "Review.\n\na.ts"],
  ["Review $1.", "", "Review ."],
  ["Costs $10 and $1", "x", "Costs $10 and x"],
  ["$1", "$2 b", "$2"],
  ["---\ndescription: x\n---\nDo it.", "", "Do it."],
  ["---\r\na: b\r\n---\r\nDo it.\r\n", "", "Do it."],
  ["--- no front matter", "", "--- no front matter"],
])("%j with %j is %j", (content, given, text) => {
  expect(fillIn(content, given)).toBe(text);
});
