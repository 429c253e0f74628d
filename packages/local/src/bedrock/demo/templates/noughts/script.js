/*:: import { play, turnOf, winningLine, type Mark } from "./rules.ts"; */
// feature:computer
/*:: import { bestMove } from "./rules.ts"; */
// end:computer
/** Shows the board and takes the moves. */

function element(id /*: string */) /*: HTMLElement */ {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`#${id} is missing`);
  return found;
}

const empty /*: Mark[] */ = Array(9).fill("");
let board = empty;
const wins = { X: 0, O: 0 };

function move(field /*: number */) {
  const before = board;
  board = play(board, field);
  if (board === before) return;
  // feature:computer
  const isAgainstComputer = (element("computer") /*:: as HTMLInputElement */).checked;
  if (isAgainstComputer && turnOf(board) === "O" && winningLine(board).length === 0 && board.includes("")) {
    board = play(board, bestMove(board));
  }
  // end:computer
  const [won] = winningLine(board);
  const winner = won === undefined ? "" : (board[won] ?? "");
  if (winner !== "") wins[winner] += 1;
  show();
  element("board").querySelectorAll/*:: <HTMLElement> */("button")[field]?.focus();
}

function show() {
  const line = winningLine(board);
  const [won] = line;
  element("status").textContent =
    won !== undefined ? `${board[won]} wins` : board.includes("") ? `${turnOf(board)} to move` : "A draw";
  element("wins").textContent = `X ${wins.X} : ${wins.O} O`;
  element("board").replaceChildren(...board.map((mark, field) => fieldOf(mark, field, line)));
}

function fieldOf(mark /*: Mark */, field /*: number */, line /*: number[] */) /*: HTMLElement */ {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = mark;
  button.className = `${mark.toLowerCase()} ${line.includes(field) ? "won" : ""}`.trim();
  button.setAttribute("aria-label", `Row ${Math.floor(field / 3) + 1}, column ${(field % 3) + 1}: ${mark || "empty"}`);
  button.addEventListener("click", () => move(field));
  return button;
}

element("board").addEventListener("keydown", (event) => {
  const steps /*: Record<string, number> */ = { ArrowUp: -3, ArrowDown: 3, ArrowLeft: -1, ArrowRight: 1 };
  const fields = [...element("board").querySelectorAll("button")];
  const at = fields.findIndex((field) => field === document.activeElement);
  const step = steps[event.key];
  if (step === undefined || at < 0) return;
  event.preventDefault();
  fields[at + step]?.focus();
});
element("again").addEventListener("click", () => {
  board = empty;
  show();
});
show();
