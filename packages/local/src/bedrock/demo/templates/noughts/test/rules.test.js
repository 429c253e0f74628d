const assert = require("node:assert/strict");
const { test } = require("node:test");
const { play, turnOf, winningLine } = require("../rules.js");

const board = (marks) => [...marks].map((mark) => (mark === "." ? "" : mark));

test("players take turns, and a taken field stays as it is", () => {
  const first = play(board("........."), 4);
  assert.equal(first[4], "X");
  assert.equal(turnOf(first), "O");
  assert.equal(play(first, 4), first);
});

test("three in a row win, and end the game", () => {
  const won = board("XXXOO....");
  assert.deepEqual(winningLine(won), [0, 1, 2]);
  assert.deepEqual(winningLine(board("O.X.OX..O")), [0, 4, 8]);
  assert.equal(play(won, 8), won);
  assert.deepEqual(winningLine(board("XOXXOOOXX")), []);
});
