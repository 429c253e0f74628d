/** The rules of Snake, without a page: a game is a value, and each step makes the next one. */

/*::
export type Direction = "up" | "down" | "left" | "right";
export interface Point { x: number; y: number }
export interface Game {
  size: number;
  snake: Point[];
  direction: Direction;
  turns: Direction[];
  food: Point | undefined;
  state: "playing" | "over" | "won";
}
*/

const moves /*: Record<Direction, Point> */ = {
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
};
const opposite /*: Record<Direction, Direction> */ = { up: "down", down: "up", left: "right", right: "left" };
const startLength = 3;

/*:: export */ function newGame(size /*: number */ = 20, random /*: () => number */ = Math.random) /*: Game */ {
  const middle = Math.floor(size / 2);
  const snake = Array.from({ length: startLength }, (_, index) => ({ x: middle - index, y: middle }));
  return { size, snake, direction: "right", turns: [], food: placeFood(size, snake, random), state: "playing" };
}

/** Remembers up to two turns, so that a quick "up, left" is not lost. Turning back on itself is not possible. */
/*:: export */ function steer(game /*: Game */, direction /*: Direction */) /*: Game */ {
  const last = game.turns.at(-1) ?? game.direction;
  if (game.turns.length >= 2 || direction === last || direction === opposite[last]) return game;
  return { ...game, turns: [...game.turns, direction] };
}

/*:: export */ function step(game /*: Game */, random /*: () => number */ = Math.random) /*: Game */ {
  if (game.state !== "playing") return game;
  const direction = game.turns[0] ?? game.direction;
  const turns = game.turns.slice(1);
  const [first] = game.snake;
  if (first === undefined) return game;
  const move = moves[direction];
  const head = { x: first.x + move.x, y: first.y + move.y };
  // feature:wrap
  head.x = (head.x + game.size) % game.size;
  head.y = (head.y + game.size) % game.size;
  // end:wrap
  const isEating = game.food !== undefined && same(head, game.food);
  // The tail moves on unless the snake grows, so its field is free.
  const body = isEating ? game.snake : game.snake.slice(0, -1);
  const isOutside = head.x < 0 || head.y < 0 || head.x >= game.size || head.y >= game.size;
  if (isOutside || body.some((part) => same(part, head))) return { ...game, direction, turns, state: "over" };
  const snake = [head, ...body];
  const food = isEating ? placeFood(game.size, snake, random) : game.food;
  return { ...game, snake, direction, turns, food, state: food === undefined ? "won" : "playing" };
}

/*:: export */ function scoreOf(game /*: Game */) /*: number */ {
  return game.snake.length - startLength;
}

/** A random free field; none when the snake fills the board. */
function placeFood(size /*: number */, snake /*: Point[] */, random /*: () => number */) /*: Point | undefined */ {
  const free = [];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (!snake.some((part) => same(part, { x, y }))) free.push({ x, y });
    }
  }
  return free[Math.floor(random() * free.length)];
}

function same(a /*: Point */, b /*: Point */) /*: boolean */ {
  return a.x === b.x && a.y === b.y;
}

if (typeof module !== "undefined") module.exports = { newGame, steer, step, scoreOf }; // for the tests
