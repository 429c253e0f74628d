import { MessageID } from "@slipway/contract/id";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import * as Cursor from "./cursor.ts";

const list = Cursor.define("list", z.object({ at: z.int(), id: MessageID }));
const position = { at: 5, id: "msg_01ARZ3NDEKTSV4RRFFQ69G5FAV" };
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

test("a cursor decodes to its position", () => {
  expect(list.decode(list.encode(position))).toEqual(position);
  expect(list.decode(undefined)).toBeUndefined();
});

test.each([
  "",
  "null",
  encoded(position),
  encoded([2, "list", position]),
  encoded([1, "other", position]),
  encoded([1, "list", { at: 5 }]),
  encoded([1, "list", { ...position, id: "usr_1" }]),
  encoded({ pk: "$slipway#userid_1", sk: "$user_1" }),
])("%j is refused", (cursor) => {
  expect(() => list.decode(cursor)).toThrowError(expect.objectContaining({ code: "invalid_input" }));
});

test("any input decodes to a position or is refused", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.json().map((json) => encoded([1, "list", json])),
      ),
      (cursor) => {
        expect(() => list.decode(cursor)).toThrowError(expect.objectContaining({ code: "invalid_input" }));
      },
    ),
    { numRuns: 1000 },
  );
});
