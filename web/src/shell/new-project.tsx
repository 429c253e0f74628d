import { useNavigate } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import { createWithPrompt } from "@slipway/contract/routes/project";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { Dialog } from "../components/dialog.tsx";

const examples = [
  "A pomodoro timer with Vite and TypeScript",
  "A REST API for tasks with tests",
  "A Python command-line tool that summarises a CSV file",
];

/** Creates a project from a prompt. Enter submits, Shift+Enter adds a line. */
export default function NewProjectDialog(props: { open: boolean; onClose(): void }) {
  const navigate = useNavigate();
  const [prompt, setPrompt] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal("");

  async function create(): Promise<void> {
    if (prompt().trim() === "" || busy()) return;
    setBusy(true);
    setFailure("");
    try {
      const { projectId } = await call(createWithPrompt, { body: { prompt: prompt() } });
      props.onClose();
      navigate(`/projects/${projectId}`);
    } catch (error) {
      setFailure(messageOf(error));
      setBusy(false);
    }
  }

  return (
    <Dialog open={props.open} title="New project" onClose={props.onClose}>
      <form
        class="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <label class="flex flex-col gap-1 text-sm">
          What do you want to build?
          <textarea
            class="field min-h-28 resize-y"
            value={prompt()}
            maxlength={100_000}
            autofocus
            disabled={busy()}
            onInput={(event) => setPrompt(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
              event.preventDefault();
              void create();
            }}
          />
        </label>
        <div class="flex flex-wrap gap-2">
          <For each={examples}>
            {(example) => (
              <button type="button" class="button button-small" disabled={busy()} onClick={() => setPrompt(example)}>
                {example}
              </button>
            )}
          </For>
        </div>
        <Show when={failure()}>
          <p role="alert" class="text-sm text-bad">
            {failure()}
          </p>
        </Show>
        <button class="button button-main" disabled={busy() || prompt().trim() === ""}>
          {busy() ? "Starting…" : "Create"}
        </button>
      </form>
    </Dialog>
  );
}
