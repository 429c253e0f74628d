/*:: import { addExpense, byGroup, money, removeExpense, totalOf, type Expense } from "./expenses.ts"; */
// feature:csv
/*:: import { toCsv } from "./expenses.ts"; */
// end:csv
/** Shows the expenses, and keeps them in this browser. */

function element(id /*: string */) /*: HTMLElement */ {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`#${id} is missing`);
  return found;
}

function input(id /*: string */) /*: HTMLInputElement */ {
  return element(id) /*:: as HTMLInputElement */;
}

let rows /*: Expense[] */ = load();

function load() /*: Expense[] */ {
  try {
    return JSON.parse(localStorage.getItem("expenses") ?? "[]");
  } catch {
    return [];
  }
}

function change(next /*: Expense[] */) {
  rows = next;
  try {
    localStorage.setItem("expenses", JSON.stringify(rows));
  } catch {
    // Without storage the expenses last until the page is closed.
  }
  show();
}

function show() {
  element("total").textContent = money(totalOf(rows));
  element("groups").replaceChildren(...byGroup(rows).map(groupOf));
  element("rows").replaceChildren(...rows.map(rowOf));
}

function groupOf([name, cents] /*: [string, number] */) /*: HTMLElement */ {
  const row = document.createElement("div");
  const label = document.createElement("span");
  label.textContent = name;
  const bar = document.createElement("meter");
  bar.max = totalOf(rows);
  bar.value = cents;
  bar.setAttribute("aria-label", name);
  const sum = document.createElement("span");
  sum.textContent = money(cents);
  row.append(label, bar, sum);
  return row;
}

function rowOf(row /*: Expense */) /*: HTMLElement */ {
  const item = document.createElement("li");
  const what = document.createElement("span");
  const group = document.createElement("small");
  group.textContent = row.group;
  what.append(row.what, group);
  const amount = document.createElement("strong");
  amount.textContent = money(row.cents);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = "✕";
  button.setAttribute("aria-label", `Delete ${row.what}`);
  button.addEventListener("click", () => change(removeExpense(rows, row.id)));
  item.append(what, amount, button);
  return item;
}

element("add").addEventListener("submit", (event) => {
  event.preventDefault();
  change(addExpense(rows, input("what").value, input("amount").value, input("group").value));
  input("what").value = "";
  input("amount").value = "";
  input("what").focus();
});
// feature:csv
element("csv").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([toCsv(rows)], { type: "text/csv" }));
  link.download = "expenses.csv";
  link.click();
  URL.revokeObjectURL(link.href);
});
// end:csv
show();
