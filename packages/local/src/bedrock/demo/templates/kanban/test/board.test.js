const assert = require("node:assert/strict");
const { test } = require("node:test");
const { addCard, moveCard, newBoard, placeOf, removeCard } = require("../board.js");

const texts = (board) => board.map(({ cards }) => cards.map(({ text }) => text));

test("adds and removes cards", () => {
  const board = addCard(newBoard(), 1, " Write the report ");
  assert.deepEqual(texts(board)[1], ["Write the report"]);
  assert.deepEqual(texts(removeCard(board, 2))[1], []);
  assert.equal(addCard(board, 1, "  "), board);
});

test("moves a card between columns and within one", () => {
  let board = addCard(newBoard(), 0, "Second");
  board = moveCard(board, 1, 2);
  assert.deepEqual(placeOf(board, 1), { column: 2, place: 0 });
  board = moveCard(board, 2, 2, 0);
  assert.deepEqual(texts(board)[2], ["Second", "Try moving this card"]);
});

test("a card stays on the board, however far it is moved", () => {
  const board = moveCard(newBoard(), 1, -1, -5);
  assert.deepEqual(placeOf(board, 1), { column: 0, place: 0 });
  assert.deepEqual(placeOf(moveCard(board, 1, 9), 1), { column: 2, place: 0 });
});
