import { text } from "#text/common.ts";
import { text as loading } from "#text/loading.ts";
import X from "lucide-solid/icons/x";
import { createSignal, For } from "solid-js";
import { messageOf } from "../api/api-error.ts";
import { NotLoaded } from "../api/code.ts";

interface Toast {
  id: number;
  text: string;
  action?: { label: string; run(): void };
}
const [toasts, setToasts] = createSignal<Toast[]>([]);
let lastID = 0;

/** Shows a message for six seconds, or ten with an action such as Undo. */
export function toast(text: string, action?: Toast["action"]): void {
  offer(text, action);
}

/** Says what failed. A page that is older than the server is offered a reload. */
export function toastError(error: unknown): void {
  const isOutdated = error instanceof NotLoaded && error.isOutdated;
  toast(messageOf(error), isOutdated ? { label: loading.reload, run: () => location.reload() } : undefined);
}

/** Shows a message like `toast`. @returns what dismisses it, once there is nothing to act on */
export function offer(text: string, action?: Toast["action"]): () => void {
  const id = ++lastID;
  setToasts((all) => [...all.slice(-3), { id, text, ...(action ? { action } : {}) }]);
  setTimeout(() => dismiss(id), action ? 10_000 : 6000);
  return () => dismiss(id);
}

function dismiss(id: number): void {
  setToasts((all) => all.filter((each) => each.id !== id));
}

export function Toasts() {
  return (
    <div
      role="status"
      class="pointer-events-none fixed inset-x-4 bottom-4 z-50 flex flex-col items-center gap-2 max-md:bottom-14"
    >
      <For each={toasts()}>
        {(each) => (
          <div class="card pointer-events-auto flex max-w-md items-center gap-3 px-3 py-2 text-sm shadow-lg">
            <span class="grow">{each.text}</span>
            {each.action && (
              <button
                class="button button-small"
                onClick={() => {
                  each.action?.run();
                  dismiss(each.id);
                }}
              >
                {each.action.label}
              </button>
            )}
            <button class="icon-button size-6" aria-label={text.dismiss} onClick={() => dismiss(each.id)}>
              <X size={13} />
            </button>
          </div>
        )}
      </For>
    </div>
  );
}
