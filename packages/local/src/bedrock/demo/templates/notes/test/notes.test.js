const assert = require("node:assert/strict");
const { test } = require("node:test");
const { addNote, findNotes, removeNote } = require("../notes.js");

const notes = addNote(addNote([], " Buy milk and bread "), "Call the bank");

test("keeps the newest note first, trimmed, and no empty one", () => {
  assert.deepEqual(
    notes.map(({ text }) => text),
    ["Call the bank", "Buy milk and bread"],
  );
  assert.equal(addNote(notes, " "), notes);
});

test("finds notes by their words in any order", () => {
  assert.equal(findNotes(notes, "BREAD milk").length, 1);
  assert.equal(findNotes(notes, "milk bank").length, 0);
  assert.equal(findNotes(notes, "").length, 2);
});

test("removes a note", () => {
  assert.equal(removeNote(notes, 1).length, 1);
});
