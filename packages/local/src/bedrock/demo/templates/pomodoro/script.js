/*:: import { clock, newTimer, pass, progressOf, skip } from "./timer.ts"; */
/** Runs the timer by the clock of the system, so that a tab in the background is not late. */

function element(id /*: string */) /*: HTMLElement */ {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`#${id} is missing`);
  return found;
}

let timer = newTimer();
let ticking /*: ReturnType<typeof setInterval> | undefined */;
let counted = 0;

function tick() {
  const seconds = Math.floor((Date.now() - counted) / 1000);
  if (seconds <= 0) return;
  counted += seconds * 1000;
  timer = pass(timer, seconds);
  show();
}

function show() {
  const time = clock(timer.left);
  element("time").textContent = time;
  if (element("phase").textContent !== timer.phase) element("phase").textContent = timer.phase;
  element("start").textContent = ticking === undefined ? "Start" : "Pause";
  element("rounds").textContent = `${timer.rounds} ${timer.rounds === 1 ? "round" : "rounds"} done`;
  (element("progress") /*:: as HTMLProgressElement */).value = progressOf(timer);
  document.title = ticking === undefined ? "{{title}}" : `${time} · ${timer.phase}`;
}

element("start").addEventListener("click", () => {
  if (ticking === undefined) {
    counted = Date.now();
    ticking = setInterval(tick, 250);
  } else {
    clearInterval(ticking);
    ticking = undefined;
  }
  show();
});
element("skip").addEventListener("click", () => {
  timer = skip(timer);
  counted = Date.now();
  show();
});
element("reset").addEventListener("click", () => {
  clearInterval(ticking);
  ticking = undefined;
  timer = newTimer();
  show();
});
show();
