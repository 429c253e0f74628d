/** A list of tasks, without a page: each change makes a new list. */

/*::
export interface Task { id: number; text: string; done: boolean; due?: string }
export type Filter = "all" | "open" | "done";
*/

/*:: export */ function add(tasks /*: Task[] */, text /*: string */, due /*: string */ = "") /*: Task[] */ {
  const trimmed = text.trim();
  if (trimmed === "") return tasks;
  const id = Math.max(0, ...tasks.map((task) => task.id)) + 1;
  return [...tasks, { id, text: trimmed, done: false, ...(due === "" ? {} : { due }) }];
}

/*:: export */ function toggle(tasks /*: Task[] */, id /*: number */) /*: Task[] */ {
  return tasks.map((task) => (task.id === id ? { ...task, done: !task.done } : task));
}

/*:: export */ function remove(tasks /*: Task[] */, id /*: number */) /*: Task[] */ {
  return tasks.filter((task) => task.id !== id);
}

/*:: export */ function withoutDone(tasks /*: Task[] */) /*: Task[] */ {
  return tasks.filter((task) => !task.done);
}

/*:: export */ function shown(tasks /*: Task[] */, filter /*: Filter */, query /*: string */ = "") /*: Task[] */ {
  const wanted = query.trim().toLowerCase();
  return tasks.filter(
    (task) => (filter === "all" || task.done === (filter === "done")) && task.text.toLowerCase().includes(wanted),
  );
}

if (typeof module !== "undefined") module.exports = { add, toggle, remove, withoutDone, shown }; // for the tests
