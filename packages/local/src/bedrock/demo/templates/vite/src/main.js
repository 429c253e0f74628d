import "./style.css";
import { createCounter } from "./counter.ts";

const counter = createCounter();
const value = document.querySelector("#value");

function show() {
  if (value) value.textContent = String(counter.read());
}

document.querySelector("#count")?.addEventListener("click", () => {
  counter.add();
  show();
});
document.querySelector("#reset")?.addEventListener("click", () => {
  counter.reset();
  show();
});
