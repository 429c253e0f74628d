/*:: import { calculate } from "./calculate.ts"; */
/** The keys, the display and the history. */

function element(id /*: string */) /*: HTMLElement */ {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`#${id} is missing`);
  return found;
}

const keys = ["C", "(", ")", "÷", "7", "8", "9", "×", "4", "5", "6", "−", "1", "2", "3", "+", "0", ".", "⌫", "="];
const names /*: Record<string, string> */ = { C: "Clear", "⌫": "Delete", "÷": "Divide", "×": "Times", "−": "Minus", "+": "Plus", "=": "Equals" };
let typed = "";
let isResult = false;

function press(key /*: string */) {
  if (key === "C") typed = "";
  else if (key === "⌫") typed = isResult ? "" : typed.slice(0, -1);
  else if (key === "=") return equals();
  else typed = isResult && /[\d.(]/.test(key) ? key : typed + key;
  isResult = false;
  element("display").textContent = typed || "0";
}

function equals() {
  if (typed === "" || isResult) return;
  try {
    const result = String(calculate(typed));
    const row = document.createElement("li");
    row.textContent = `${typed} = ${result}`;
    element("history").prepend(row);
    typed = result;
    isResult = true;
    element("display").textContent = result;
  } catch (error) {
    element("display").textContent = error instanceof Error ? error.message : "Error";
  }
}

for (const key of keys) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = key;
  button.className = key === "=" ? "primary" : /[\d.]/.test(key) ? "" : "sign";
  if (names[key] !== undefined) button.setAttribute("aria-label", names[key]);
  button.addEventListener("click", () => press(key));
  element("keys").append(button);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typedKeys /*: Record<string, string> */ = { "*": "×", "/": "÷", "-": "−", Enter: "=", Backspace: "⌫", Escape: "C", ",": "." };
  const key = typedKeys[event.key] ?? event.key;
  if (!keys.includes(key)) return;
  if (event.key === "Enter" && document.activeElement instanceof HTMLButtonElement) document.activeElement.blur();
  event.preventDefault();
  press(key);
});
