import Check from "lucide-solid/icons/check";
import Circle from "lucide-solid/icons/circle";
import CircleDot from "lucide-solid/icons/circle-dot";
import { For, Show } from "solid-js";
import { Dynamic } from "solid-js/web";
import { z } from "zod";
import { text } from "#text/answer.ts";
import type { ToolBlock } from "./tools.ts";

const Todos = z.object({
  todos: z.array(z.object({ text: z.string(), state: z.enum(["open", "doing", "done"]) })),
});
const icons = { open: Circle, doing: CircleDot, done: Check };

/** The agent's list of what is to be done. The newest one of an answer is open. */
export default function TodoCard(props: { block: ToolBlock; open: boolean }) {
  const todos = () => Todos.safeParse(props.block.input).data?.todos ?? [];
  return (
    <Show when={todos().length > 0}>
      <details class="card overflow-hidden text-sm" open={props.open}>
        <summary class="flex items-center gap-2 px-3 py-1.5">
          <span class="font-medium">{text.todo}</span>
          <span class="text-xs text-quiet">
            {text.todoCount(todos().filter(({ state }) => state === "done").length, todos().length)}
          </span>
        </summary>
        <ul class="flex flex-col gap-1 border-t border-line px-3 py-2">
          <For each={todos()}>
            {(todo) => (
              <li class="flex items-start gap-2" classList={{ "text-quiet": todo.state === "done" }}>
                <span
                  role="img"
                  aria-label={text.todoStates[todo.state]}
                  class="mt-0.5 shrink-0"
                  classList={{ "text-accent": todo.state === "doing", "text-good": todo.state === "done" }}
                >
                  <Dynamic component={icons[todo.state]} size={14} aria-hidden="true" />
                </span>
                <span class="min-w-0 break-words" classList={{ "font-medium": todo.state === "doing" }}>
                  {todo.text}
                </span>
              </li>
            )}
          </For>
        </ul>
      </details>
    </Show>
  );
}
