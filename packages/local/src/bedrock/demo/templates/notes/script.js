/*:: import { addNote, findNotes, removeNote, type Note } from "./notes.ts"; */
/** Shows the notes, and keeps them in this browser. */

function element(id /*: string */) /*: HTMLElement */ {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`#${id} is missing`);
  return found;
}

function input(id /*: string */) /*: HTMLInputElement */ {
  return element(id) /*:: as HTMLInputElement */;
}

let notes /*: Note[] */ = load();

function load() /*: Note[] */ {
  try {
    return JSON.parse(localStorage.getItem("notes") ?? "[]");
  } catch {
    return [];
  }
}

function change(next /*: Note[] */) {
  notes = next;
  try {
    localStorage.setItem("notes", JSON.stringify(notes));
  } catch {
    // Without storage the notes last until the page is closed.
  }
  show();
}

function show() {
  const found = findNotes(notes, input("search").value.trim());
  element("notes").replaceChildren(...found.map(cardOf));
  element("empty").textContent = found.length > 0 ? "" : notes.length === 0 ? "No notes yet." : "No note matches.";
}

function cardOf(note /*: Note */) /*: HTMLElement */ {
  const item = document.createElement("li");
  item.className = "card";
  const text = document.createElement("p");
  text.textContent = note.text;
  const footer = document.createElement("footer");
  const written = document.createElement("time");
  written.dateTime = note.written;
  written.textContent = new Date(note.written).toLocaleDateString(undefined, { dateStyle: "medium" });
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = "Delete";
  button.setAttribute("aria-label", `Delete the note ${note.text.slice(0, 40)}`);
  button.addEventListener("click", () => change(removeNote(notes, note.id)));
  footer.append(written, button);
  item.append(text, footer);
  return item;
}

element("add").addEventListener("submit", (event) => {
  event.preventDefault();
  input("search").value = "";
  change(addNote(notes, input("text").value));
  input("text").value = "";
  input("text").focus();
});
input("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) input("text").form?.requestSubmit();
});
element("search").addEventListener("input", show);
show();
