import { createMemo, createSignal, Show } from "solid-js";
import { text } from "#text/sandbox.ts";
import { fileStatus } from "../stores/file-status.ts";
import type { SandboxSession } from "../stores/sandbox-session.ts";

/** Above the terminals while files of the project are not in the sandbox: a command would not find them. */
export function FileStatusLine(props: { session: SandboxSession }) {
  const [isRetrying, setRetrying] = createSignal(false);
  const status = createMemo(() => {
    const sync = props.session.isReady() ? props.session.watch()?.sync : undefined;
    return sync && fileStatus(sync);
  });
  function retry(): void {
    setRetrying(true);
    void props.session.retrySync().finally(() => setRetrying(false));
  }

  return (
    <Show when={status()}>
      {(found) => (
        <div
          role="status"
          class="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1.5 text-sm pointer-coarse:[&_button]:min-h-11"
          classList={{ "bg-warn-soft": found().tone !== "accent", "bg-panel": found().tone === "accent" }}
        >
          <span class="min-w-0 grow break-words">{found().line}</span>
          <Show when={found().canRetry}>
            <button class="button button-small" disabled={isRetrying()} onClick={retry}>
              {text.retry}
            </button>
          </Show>
        </div>
      )}
    </Show>
  );
}
