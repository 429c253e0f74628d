/*:: import { newGame, scoreOf, steer, step, type Direction, type Point } from "./game.ts"; */
/** Draws the game and turns keys, taps and swipes into turns. */

function element(id /*: string */) /*: HTMLElement */ {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`#${id} is missing`);
  return found;
}

const canvas = element("board") /*:: as HTMLCanvasElement */;
const keys /*: Record<string, Direction> */ = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
  w: "up",
  s: "down",
  a: "left",
  d: "right",
};

let game = newGame();
let timer /*: ReturnType<typeof setTimeout> | undefined */;
let best = loadBest();

function loadBest() /*: number */ {
  try {
    return Number(localStorage.getItem("snake-best") ?? 0);
  } catch {
    return 0;
  }
}

function saveBest() {
  best = Math.max(best, scoreOf(game));
  try {
    localStorage.setItem("snake-best", String(best));
  } catch {
    // Without storage the best score lasts until the page is closed.
  }
}

// feature:sound
let audio /*: AudioContext | undefined */;

function beep(frequency /*: number */) {
  if (!(element("sound") /*:: as HTMLInputElement */).checked) return;
  audio ??= new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0.1, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.15);
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.15);
}

// end:sound
function tick() {
  const before = scoreOf(game);
  game = step(game);
  // feature:sound
  if (scoreOf(game) > before) beep(660);
  if (game.state === "over") beep(160);
  // end:sound
  if (scoreOf(game) > before) saveBest();
  show();
  // Each meal makes it faster, from 140 down to 70 ms a step.
  timer = game.state === "playing" ? setTimeout(tick, Math.max(70, 140 - scoreOf(game) * 3)) : undefined;
}

function start() {
  if (game.state !== "playing") game = newGame();
  clearTimeout(timer);
  timer = setTimeout(tick, 140);
  show();
}

function pause() {
  clearTimeout(timer);
  timer = undefined;
  show();
}

function show() {
  const score = scoreOf(game);
  element("score").textContent = String(score);
  element("best").textContent = String(best);
  element("overlay").classList.toggle("playing", timer !== undefined && game.state === "playing");
  element("message").textContent = message(score);
  element("start").textContent =
    game.state === "playing" ? (score === 0 && game.direction === "right" ? "Start" : "Continue") : "Play again";
  draw();
}

function message(score /*: number */) /*: string */ {
  if (game.state === "over") return `Game over. Score: ${score}`;
  if (game.state === "won") return `The board is full. Score: ${score}`;
  return timer === undefined ? (score === 0 ? "Ready?" : "Paused") : "";
}

function draw() {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const width = Math.round(canvas.clientWidth * window.devicePixelRatio) || 400;
  if (canvas.width !== width) canvas.width = canvas.height = width;
  const cell = width / game.size;
  const styles = getComputedStyle(canvas);
  context.clearRect(0, 0, width, width);
  const square = (point /*: Point */, gap /*: number */) => {
    context.beginPath();
    context.roundRect(point.x * cell + gap, point.y * cell + gap, cell - 2 * gap, cell - 2 * gap, cell / 4);
    context.fill();
  };
  context.fillStyle = styles.getPropertyValue("accent-color");
  for (const part of game.snake.slice(1)) square(part, cell * 0.06);
  context.fillStyle = styles.color;
  for (const head of game.snake.slice(0, 1)) square(head, cell * 0.03);
  if (game.food === undefined) return;
  context.fillStyle = styles.outlineColor;
  context.beginPath();
  context.arc((game.food.x + 0.5) * cell, (game.food.y + 0.5) * cell, cell * 0.36, 0, 2 * Math.PI);
  context.fill();
}

function turn(direction /*: Direction */) {
  game = steer(game, direction);
}

document.addEventListener("keydown", (event) => {
  const direction = keys[event.key] ?? keys[event.key.toLowerCase()];
  if (direction !== undefined) {
    event.preventDefault();
    turn(direction);
    if (timer === undefined && game.state === "playing") start();
  } else if (event.key === " " && event.target === document.body) {
    event.preventDefault();
    if (timer === undefined) start();
    else pause();
  }
});

for (const button of document.querySelectorAll/*:: <HTMLElement> */("[data-direction]")) {
  button.addEventListener("click", () => {
    turn(button.dataset.direction /*:: as Direction */);
    if (timer === undefined && game.state === "playing") start();
  });
}

let touch /*: Point | undefined */;
canvas.addEventListener("pointerdown", (event) => (touch = { x: event.clientX, y: event.clientY }));
canvas.addEventListener("pointerup", (event) => {
  if (touch === undefined) return;
  const [x, y] = [event.clientX - touch.x, event.clientY - touch.y];
  touch = undefined;
  if (Math.max(Math.abs(x), Math.abs(y)) < 20) return;
  turn(Math.abs(x) > Math.abs(y) ? (x > 0 ? "right" : "left") : y > 0 ? "down" : "up");
});

element("start").addEventListener("click", (event) => {
  (event.currentTarget /*:: as HTMLElement */).blur();
  start();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden && timer !== undefined) pause();
});
window.addEventListener("resize", draw);
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
// feature:theme
element("theme").addEventListener("click", draw);
// end:theme
show();
