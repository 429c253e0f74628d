import { beforeAll, expect, test } from "vitest";

// Core reads its configuration when it is imported.
process.env.SST_RESOURCE_App = JSON.stringify({ name: "slipway", stage: "test" });
process.env.SST_RESOURCE_Table = JSON.stringify({ name: "none" });
process.env.AWS_REGION = "us-east-1";

let titleFrom: (answer: string) => string;
beforeAll(async () => {
  ({ titleFrom } = await import("./title.ts"));
});

test.each([
  ["Pomodoro timer in Vite", "Pomodoro timer in Vite"],
  ['"Pomodoro timer."', "Pomodoro timer"],
  ["\n\n**Title: Pomodoro timer**\n", "Title: Pomodoro timer"],
  ["# Title: Pomodoro timer\n\nIt says what it is.", "Pomodoro timer"],
  ["„Eine Uhr“", "Eine Uhr"],
  [" \n ", ""],
])("%j gives the title %j", (answer, title) => {
  expect(titleFrom(answer)).toBe(title);
});

test("a long title is cut between characters", () => {
  expect(titleFrom("a" + "😀".repeat(60)).isWellFormed()).toBe(true);
  expect(titleFrom("a" + "😀".repeat(60))).toHaveLength(79);
});
