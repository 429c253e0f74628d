/*:: import { addCard, moveCard, newBoard, placeOf, removeCard, type Card, type Column } from "./board.ts"; */
/** Shows the board, and keeps it in this browser. */

function element(id /*: string */) /*: HTMLElement */ {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`#${id} is missing`);
  return found;
}

let board /*: Column[] */ = load();

function load() /*: Column[] */ {
  try {
    const saved = JSON.parse(localStorage.getItem("board") ?? "null");
    return Array.isArray(saved) ? saved : newBoard();
  } catch {
    return newBoard();
  }
}

function change(next /*: Column[] */) {
  board = next;
  try {
    localStorage.setItem("board", JSON.stringify(board));
  } catch {
    // Without storage the board lasts until the page is closed.
  }
  show();
}

/** Moves a card, keeps the focus on it, and says where it went. */
function move(card /*: Card */, column /*: number */, place /*: number */) {
  change(moveCard(board, card.id, column, place));
  document.getElementById(`card-${card.id}`)?.focus();
  const now = placeOf(board, card.id);
  element("announce").textContent = `${card.text}: ${board[now.column]?.name ?? ""}, ${now.place + 1}`;
}

function show() {
  element("board").replaceChildren(...board.map(columnOf));
}

function columnOf(column /*: Column */, index /*: number */) /*: HTMLElement */ {
  const section = document.createElement("section");
  section.className = "column";
  section.setAttribute("aria-label", column.name);
  const heading = document.createElement("h2");
  const count = document.createElement("span");
  count.textContent = String(column.cards.length);
  heading.append(column.name, count);
  const list = document.createElement("ul");
  list.className = "cards";
  let visible = column.cards;
  // feature:search
  const wanted = (element("search") /*:: as HTMLInputElement */).value.trim().toLowerCase();
  visible = visible.filter(({ text }) => text.toLowerCase().includes(wanted));
  // end:search
  list.append(...visible.map((card) => cardOf(card, index)));
  section.append(heading, list, formOf(column, index));
  section.addEventListener("dragover", (event) => {
    event.preventDefault();
    section.classList.add("over");
  });
  section.addEventListener("dragleave", () => section.classList.remove("over"));
  section.addEventListener("drop", (event) => {
    event.preventDefault();
    section.classList.remove("over");
    const id = Number(event.dataTransfer?.getData("text/plain"));
    const card = board.flatMap(({ cards }) => cards).find((each) => each.id === id);
    const before = event.target instanceof Element ? event.target.closest("li") : null;
    const place = before === null ? Infinity : column.cards.findIndex((each) => `card-${each.id}` === before.id);
    if (card !== undefined) move(card, index, place);
  });
  return section;
}

function cardOf(card /*: Card */, column /*: number */) /*: HTMLElement */ {
  const item = document.createElement("li");
  item.id = `card-${card.id}`;
  item.tabIndex = 0;
  item.draggable = true;
  const text = document.createElement("span");
  text.textContent = card.text;
  const buttons = document.createElement("div");
  buttons.className = "moves";
  const button = (label /*: string */, sign /*: string */, action /*: () => void */) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "quiet";
    made.textContent = sign;
    made.setAttribute("aria-label", `${label} ${card.text}`);
    made.addEventListener("click", action);
    return made;
  };
  if (column > 0) buttons.append(button("Move left:", "←", () => move(card, column - 1, Infinity)));
  if (column < board.length - 1) buttons.append(button("Move right:", "→", () => move(card, column + 1, Infinity)));
  item.append(text, button("Delete", "✕", () => change(removeCard(board, card.id))), buttons);
  item.addEventListener("dragstart", (event) => event.dataTransfer?.setData("text/plain", String(card.id)));
  item.addEventListener("keydown", (event) => {
    if (event.target !== item) return;
    const { place } = placeOf(board, card.id);
    if (event.key === "Delete") change(removeCard(board, card.id));
    if (!event.altKey || !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    if (event.key === "ArrowLeft") move(card, column - 1, Infinity);
    if (event.key === "ArrowRight") move(card, column + 1, Infinity);
    if (event.key === "ArrowUp") move(card, column, place - 1);
    if (event.key === "ArrowDown") move(card, column, place + 1);
  });
  return item;
}

function formOf(column /*: Column */, index /*: number */) /*: HTMLElement */ {
  const form = document.createElement("form");
  const text = document.createElement("input");
  text.setAttribute("aria-label", `New card in ${column.name}`);
  text.placeholder = "New card";
  text.required = true;
  text.maxLength = 200;
  const button = document.createElement("button");
  button.textContent = "Add";
  form.append(text, button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    change(addCard(board, index, text.value));
    document.querySelectorAll/*:: <HTMLInputElement> */(".column form input")[index]?.focus();
  });
  return form;
}

// feature:search
element("search").addEventListener("input", show);
// end:search
show();
