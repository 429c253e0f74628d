import { useState, type FormEvent } from "react";
import { useStored } from "./storage.ts";
import { add, remove, shown, toggle, withoutDone, type Filter, type Task } from "./tasks.ts";

const filters /*: { name: Filter; label: string }[] */ = [
  { name: "all", label: "All" },
  { name: "open", label: "Open" },
  { name: "done", label: "Done" },
];

export function App() {
  const [tasks, setTasks] = useStored/*:: <Task[]> */("tasks", []);
  const [filter, setFilter] = useState/*:: <Filter> */("all");
  const [query, setQuery] = useState("");
  const open = tasks.filter((task) => !task.done).length;
  const visible = shown(tasks, filter, query);

  return (
    <main>
      <header className="top">
        <div>
          <h1>{{title}}</h1>
          <p className="lead" role="status">
            {tasks.length === 0 ? "" : open === 0 ? "All done" : `${open} of ${tasks.length} open`}
          </p>
        </div>
      </header>
      <NewTask onAdd={(text) => setTasks(add(tasks, text))} />
      <input
        className="search"
        type="search"
        aria-label="Search tasks"
        placeholder="Search"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      <div className="row filters" role="group" aria-label="Show">
        {filters.map(({ name, label }) => (
          <button key={name} type="button" aria-pressed={filter === name} onClick={() => setFilter(name)}>
            {label}
          </button>
        ))}
        {open < tasks.length && (
          <button type="button" className="quiet clear" onClick={() => setTasks(withoutDone(tasks))}>
            Clear done
          </button>
        )}
      </div>
      <ul id="tasks" className="card">
        {visible.map((task) => (
          <Row
            key={task.id}
            task={task}
            onToggle={() => setTasks(toggle(tasks, task.id))}
            onRemove={() => setTasks(remove(tasks, task.id))}
          />
        ))}
      </ul>
      {visible.length === 0 && (
        <p className="empty">{tasks.length === 0 ? "No tasks yet. Add the first one above." : "Nothing here."}</p>
      )}
    </main>
  );
}

function NewTask({ onAdd } /*: { onAdd: (text: string) => void } */) {
  const [text, setText] = useState("");
  function submit(event /*: FormEvent */) {
    event.preventDefault();
    onAdd(text);
    setText("");
  }
  return (
    <form className="row add" onSubmit={submit}>
      <input
        aria-label="New task"
        placeholder="What needs doing?"
        required
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button className="primary">Add</button>
    </form>
  );
}

function Row({ task, onToggle, onRemove } /*: { task: Task; onToggle: () => void; onRemove: () => void } */) {
  return (
    <li className={task.done ? "done" : ""}>
      <label>
        <input type="checkbox" checked={task.done} onChange={onToggle} />
        <span>{task.text}</span>
      </label>
      <button type="button" className="quiet" aria-label={`Delete ${task.text}`} onClick={onRemove}>
        ✕
      </button>
    </li>
  );
}
