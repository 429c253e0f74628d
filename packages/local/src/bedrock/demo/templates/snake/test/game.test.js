const assert = require("node:assert/strict");
const { test } = require("node:test");
const { newGame, scoreOf, steer, step } = require("../game.js");

const first = () => 0;

test("moves one field at each step", () => {
  const game = newGame(10, first);
  const next = step(game, first);
  assert.equal(next.snake[0].x, game.snake[0].x + 1);
  assert.equal(next.snake.length, game.snake.length);
});

test("grows and scores when it eats", () => {
  const game = newGame(10, first);
  const food = { x: game.snake[0].x + 1, y: game.snake[0].y };
  const next = step({ ...game, food }, first);
  assert.equal(next.snake.length, game.snake.length + 1);
  assert.equal(scoreOf(next), 1);
  assert.notDeepEqual(next.food, food);
});

// not:wrap
test("dies at the wall", () => {
  let game = newGame(10, first);
  for (let count = 0; count < 10; count++) game = step(game, first);
  assert.equal(game.state, "over");
  assert.equal(step(game, first), game);
});
// end:wrap
// feature:wrap
test("comes back on the other side of a wall", () => {
  let game = newGame(10, first);
  for (let count = 0; count < 10; count++) game = step(game, first);
  assert.equal(game.state, "playing");
  assert.equal(game.snake[0].x, 5);
});
// end:wrap

test("dies when it bites itself", () => {
  const body = [4, 3, 2, 1, 0].map((x) => ({ x, y: 5 }));
  let game = { ...newGame(10, first), snake: body };
  for (const direction of ["down", "left", "up"]) game = step(steer(game, direction), first);
  assert.equal(game.state, "over");
});

test("cannot turn back on itself, and keeps two quick turns", () => {
  const game = newGame(10, first);
  assert.equal(steer(game, "left"), game);
  assert.deepEqual(steer(steer(steer(game, "up"), "left"), "down").turns, ["up", "left"]);
});
