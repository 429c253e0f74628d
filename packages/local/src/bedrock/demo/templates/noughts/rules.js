/** The rules of noughts and crosses. A board is nine marks: "X", "O" or "". */

/*:: export type Mark = "X" | "O" | ""; */

const lines = [
  [0, 1, 2],
  [3, 4, 5],
  [6, 7, 8],
  [0, 3, 6],
  [1, 4, 7],
  [2, 5, 8],
  [0, 4, 8],
  [2, 4, 6],
];

/** The fields of the line that has won; none while nobody has. */
/*:: export */ function winningLine(board /*: Mark[] */) /*: number[] */ {
  const marks = (line /*: number[] */) => line.map((index) => board[index]).join("");
  return lines.find((line) => marks(line) === "XXX" || marks(line) === "OOO") ?? [];
}

/** X begins. */
/*:: export */ function turnOf(board /*: Mark[] */) /*: "X" | "O" */ {
  return board.filter((mark) => mark !== "").length % 2 === 0 ? "X" : "O";
}

/*:: export */ function play(board /*: Mark[] */, field /*: number */) /*: Mark[] */ {
  if (board[field] !== "" || winningLine(board).length > 0) return board;
  return board.map((mark, index) => (index === field ? turnOf(board) : mark));
}
// feature:computer

/** A best move for whoever is next. */
/*:: export */ function bestMove(board /*: Mark[] */) /*: number */ {
  let best = { field: -1, value: -Infinity };
  for (const field of freeFields(board)) {
    const value = -valueOf(play(board, field));
    if (value > best.value) best = { field, value };
  }
  return best.field;
}

/** What a board is worth to whoever is next: 1 won, 0 drawn, -1 lost. */
function valueOf(board /*: Mark[] */) /*: number */ {
  if (winningLine(board).length > 0) return -1;
  const values = freeFields(board).map((field) => -valueOf(play(board, field)));
  return values.length === 0 ? 0 : Math.max(...values);
}

function freeFields(board /*: Mark[] */) /*: number[] */ {
  return board.flatMap((mark, index) => (mark === "" ? [index] : []));
}
// end:computer

if (typeof module !== "undefined") module.exports = { winningLine, turnOf, play }; // for the tests
