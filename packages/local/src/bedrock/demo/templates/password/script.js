/*:: import { generate, strength } from "./generate.ts"; */
/** Shows a new password whenever an option changes. */

function element(id /*: string */) /*: HTMLElement */ {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`#${id} is missing`);
  return found;
}

function input(id /*: string */) /*: HTMLInputElement */ {
  return element(id) /*:: as HTMLInputElement */;
}

function show() {
  const names = ["lower", ...["upper", "digits", "signs"].filter((name) => input(name).checked)];
  const length = Number(input("length").value);
  element("shown").textContent = String(length);
  element("password").textContent = generate(length, names);
  const bits = strength(length, names);
  element("strength").textContent = `${bits < 60 ? "Weak" : bits < 90 ? "Good" : "Strong"}: ${bits} bits`;
  element("copy").textContent = "Copy";
}

element("options").addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});
element("options").addEventListener("input", show);
element("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(element("password").textContent ?? "");
    element("copy").textContent = "Copied";
  } catch {
    element("copy").textContent = "Select it and copy";
  }
});
show();
