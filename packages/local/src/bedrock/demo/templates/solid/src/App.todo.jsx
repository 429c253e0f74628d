import { createMemo, createSignal, For, Show } from "solid-js";
import { createStored } from "./storage.ts";
import { add, remove, shown, toggle, withoutDone, type Filter, type Task } from "./tasks.ts";

const filters /*: { name: Filter; label: string }[] */ = [
  { name: "all", label: "All" },
  { name: "open", label: "Open" },
  { name: "done", label: "Done" },
];

export function App() {
  const [tasks, setTasks] = createStored/*:: <Task[]> */("tasks", []);
  const [filter, setFilter] = createSignal/*:: <Filter> */("all");
  const [query, setQuery] = createSignal("");
  const open = createMemo(() => tasks().filter((task) => !task.done).length);
  const visible = createMemo(() => shown(tasks(), filter(), query()));

  return (
    <main>
      <header class="top">
        <div>
          <h1>{{title}}</h1>
          <p class="lead" role="status">
            {tasks().length === 0 ? "" : open() === 0 ? "All done" : `${open()} of ${tasks().length} open`}
          </p>
        </div>
      </header>
      <NewTask onAdd={(text) => setTasks((before) => add(before, text))} />
      <input
        class="search"
        type="search"
        aria-label="Search tasks"
        placeholder="Search"
        value={query()}
        onInput={(event) => setQuery(event.currentTarget.value)}
      />
      <div class="row filters" role="group" aria-label="Show">
        <For each={filters}>
          {({ name, label }) => (
            <button type="button" aria-pressed={filter() === name} onClick={() => setFilter(name)}>
              {label}
            </button>
          )}
        </For>
        <Show when={open() < tasks().length}>
          <button type="button" class="quiet clear" onClick={() => setTasks(withoutDone)}>
            Clear done
          </button>
        </Show>
      </div>
      <ul id="tasks" class="card">
        <For each={visible()}>
          {(task) => (
            <li class={task.done ? "done" : ""}>
              <label>
                <input
                  type="checkbox"
                  checked={task.done}
                  onChange={() => setTasks((before) => toggle(before, task.id))}
                />
                <span>{task.text}</span>
              </label>
              <button
                type="button"
                class="quiet"
                aria-label={`Delete ${task.text}`}
                onClick={() => setTasks((before) => remove(before, task.id))}
              >
                ✕
              </button>
            </li>
          )}
        </For>
      </ul>
      <Show when={visible().length === 0}>
        <p class="empty">{tasks().length === 0 ? "No tasks yet. Add the first one above." : "Nothing here."}</p>
      </Show>
    </main>
  );
}

function NewTask(props /*: { onAdd: (text: string) => void } */) {
  const [text, setText] = createSignal("");
  function submit(event /*: SubmitEvent */) {
    event.preventDefault();
    props.onAdd(text());
    setText("");
  }
  return (
    <form class="row add" onSubmit={submit}>
      <input
        aria-label="New task"
        placeholder="What needs doing?"
        required
        maxLength={200}
        value={text()}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button class="primary">Add</button>
    </form>
  );
}
