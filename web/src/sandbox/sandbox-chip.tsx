import Box from "lucide-solid/icons/box";
import RadioTower from "lucide-solid/icons/radio-tower";
import { createSignal, For, Show } from "solid-js";
import { text } from "#text/sandbox.ts";
import { text as loading } from "#text/loading.ts";
import { lazyPart } from "../components/lazy-part.tsx";
import type { SandboxStore } from "../stores/sandbox.ts";

const SandboxDetails = lazyPart(loading.sandbox, () => import("./sandbox-details.tsx"));

/** How the sandbox stands, in a word. Opens its details. */
export function SandboxChip(props: { store: SandboxStore; onOpen(path: string): void; onPreview(port: number): void }) {
  const [at, setAt] = createSignal<DOMRect>();
  const phase = () => props.store.session()?.phase() ?? "unknown";
  const label = () => {
    const state = phase();
    return state === "unknown" ? text.states.off : text.states[state];
  };
  const pending = () => {
    const sync = props.store.session()?.watch()?.sync;
    return sync && sync.state !== "synced" ? sync.pending : 0;
  };
  const conflicts = () => props.store.session()?.watch()?.sync.conflicts.length ?? 0;

  async function open(button: HTMLElement): Promise<void> {
    const box = button.getBoundingClientRect();
    await props.store.use().catch(() => undefined);
    setAt(box);
  }

  return (
    <>
      <button
        class="flex shrink-0 items-center gap-1.5 rounded-sm px-1 text-xs hover:text-ink"
        aria-haspopup="dialog"
        aria-expanded={at() !== undefined}
        title={text.details}
        onClick={(event) => void open(event.currentTarget)}
      >
        <span
          class="relative inline-flex"
          classList={{
            "text-good": phase() === "active",
            "text-accent": phase() === "creating" || phase() === "stopping",
            "text-bad": phase() === "failed",
            "text-warn": phase() === "lost",
          }}
        >
          <Box size={13} />
        </span>
        <span>{label()}</span>
        <Show when={pending() > 0 || conflicts() > 0}>
          <span class="text-warn">{conflicts() > 0 ? text.conflicts(conflicts()) : text.pending(pending())}</span>
        </Show>
      </button>
      <For each={props.store.session()?.watch()?.ports.slice(0, 3)}>
        {({ port }) => (
          <button
            class="flex shrink-0 items-center gap-1 rounded-sm px-1 font-mono text-xs hover:text-ink"
            title={text.portFound(port)}
            aria-label={`${text.openPreview}: ${text.portOf(port)}`}
            onClick={() => props.onPreview(port)}
          >
            <RadioTower size={12} /> {port}
          </button>
        )}
      </For>
      <Show when={props.store.session()}>
        {(session) => (
          <Show when={at()}>
            {(box) => (
              <SandboxDetails
                session={session()}
                at={box()}
                onOpen={props.onOpen}
                onPreview={props.onPreview}
                onClose={() => setAt(undefined)}
              />
            )}
          </Show>
        )}
      </Show>
    </>
  );
}
