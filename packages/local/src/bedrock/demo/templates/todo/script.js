/*:: import { add, remove, shown, toggle, withoutDone, type Filter, type Task } from "./tasks.ts"; */
/** Shows the tasks, and keeps them in this browser. */

function element(id /*: string */) /*: HTMLElement */ {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`#${id} is missing`);
  return found;
}

function input(id /*: string */) /*: HTMLInputElement */ {
  return element(id) /*:: as HTMLInputElement */;
}

const filters = [...document.querySelectorAll/*:: <HTMLElement> */("[data-filter]")];
let filter /*: Filter */ = "all";
let tasks /*: Task[] */ = load();

function load() /*: Task[] */ {
  try {
    return JSON.parse(localStorage.getItem("tasks") ?? "[]");
  } catch {
    return [];
  }
}

function change(next /*: Task[] */) {
  tasks = next;
  try {
    localStorage.setItem("tasks", JSON.stringify(tasks));
  } catch {
    // Without storage the tasks last until the page is closed.
  }
  show();
}

function show() {
  const open = tasks.filter((task) => !task.done).length;
  element("count").textContent = tasks.length === 0 ? "" : open === 0 ? "All done" : `${open} of ${tasks.length} open`;
  let query = "";
  // feature:search
  query = input("search").value;
  // end:search
  const visible = shown(tasks, filter, query);
  element("tasks").replaceChildren(...visible.map(row));
  element("empty").hidden = visible.length > 0;
  element("empty").textContent = tasks.length === 0 ? "No tasks yet. Add the first one above." : "Nothing here.";
  for (const button of filters) button.setAttribute("aria-pressed", String(button.dataset.filter === filter));
  element("clear").hidden = open === tasks.length;
}

function row(task /*: Task */) /*: HTMLElement */ {
  const item = document.createElement("li");
  item.classList.toggle("done", task.done);
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = task.done;
  box.addEventListener("change", () => {
    change(toggle(tasks, task.id));
    document.getElementById(`task-${task.id}`)?.focus();
  });
  box.id = `task-${task.id}`;
  const text = document.createElement("span");
  text.textContent = task.text;
  label.append(box, text);
  item.append(label);
  // feature:due
  if (task.due !== undefined) {
    const due = document.createElement("time");
    due.dateTime = task.due;
    due.textContent = new Date(`${task.due}T00:00`).toLocaleDateString(undefined, { day: "numeric", month: "short" });
    item.classList.toggle("late", !task.done && new Date(`${task.due}T23:59:59`) < new Date());
    item.append(due);
  }
  // end:due
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = "✕";
  button.setAttribute("aria-label", `Delete ${task.text}`);
  button.addEventListener("click", () => {
    change(remove(tasks, task.id));
    input("text").focus();
  });
  item.append(button);
  return item;
}

element("add").addEventListener("submit", (event) => {
  event.preventDefault();
  let due = "";
  // feature:due
  due = input("due").value;
  input("due").value = "";
  // end:due
  filter = "all";
  change(add(tasks, input("text").value, due));
  input("text").value = "";
});
for (const button of filters) {
  button.addEventListener("click", () => {
    filter = button.dataset.filter /*:: as Filter */;
    show();
  });
}
element("clear").addEventListener("click", () => change(withoutDone(tasks)));
// feature:search
input("search").addEventListener("input", show);
// end:search
show();
