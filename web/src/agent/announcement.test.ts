import { expect, test } from "vitest";
import { announcementOf, type ConversationState } from "./announcement.ts";

const at = (status: ConversationState["status"], rest: Partial<ConversationState> = {}): ConversationState => ({
  id: "m1",
  status,
  reason: "",
  files: 0,
  ...rest,
});

test("an answer is announced when it begins, asks and ends, and not in between", () => {
  expect(announcementOf(undefined, at("running"))).toBe("The agent started.");
  expect(announcementOf(at("running"), at("running", { files: 3 }))).toBeUndefined();
  expect(announcementOf(at("running"), at("waiting", { reason: "Delete 14 files?" }))).toBe(
    "The agent asks for approval. Delete 14 files?",
  );
  expect(announcementOf(at("waiting"), at("running"))).toBe("");
  expect(announcementOf(at("running"), at("completed", { files: 8 }))).toBe("The agent finished. It changed 8 files.");
  expect(announcementOf(at("running"), at("failed", { reason: "The model did not answer." }))).toBe(
    "The run failed. The model did not answer.",
  );
});

test("a conversation that is opened announces none of its past", () => {
  expect(announcementOf(undefined, at("completed"))).toBeUndefined();
  expect(announcementOf(undefined, at("failed"))).toBeUndefined();
  expect(announcementOf(at("completed"), at("completed"))).toBeUndefined();
});
