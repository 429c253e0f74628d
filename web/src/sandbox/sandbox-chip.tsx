import Box from "lucide-solid/icons/box";
import RadioTower from "lucide-solid/icons/radio-tower";
import { createMemo, createSignal, For, onMount, Show } from "solid-js";
import { text } from "#text/sandbox.ts";
import { text as loading } from "#text/loading.ts";
import { lazyPart } from "../components/lazy-part.tsx";
import { useCommands, useSource } from "../stores/commands.ts";
import type { SandboxSession } from "../stores/sandbox-session.ts";
import { announce } from "./announce.ts";
import { fileStatus } from "../stores/file-status.ts";

const SandboxDetails = lazyPart(loading.sandbox, () => import("./sandbox-details.tsx"));

/** How the sandbox stands, in a word. Opens its details. */
export default function SandboxChip(props: {
  session: SandboxSession;
  /** The person has asked for its details before the chip was there. */
  isOpen: boolean;
  /** Whether a tab shows the port. */
  isShown(port: number): boolean;
  onOpen(path: string): void;
  onPreview(port: number): void;
}) {
  let button!: HTMLButtonElement;
  const [at, setAt] = createSignal<DOMRect>();
  const phase = () => props.session.phase();
  const label = () => {
    const state = phase();
    return state === "unknown" ? text.states.off : text.states[state];
  };
  const pending = () => {
    const sync = props.session.watch()?.sync;
    return sync && sync.state !== "synced" ? sync.pending : 0;
  };
  const files = createMemo(() => {
    const sync = phase() === "active" ? props.session.watch()?.sync : undefined;
    return sync && fileStatus(sync);
  });
  const conflicts = () => props.session.watch()?.sync.conflicts.length ?? 0;

  function open(from: HTMLElement): void {
    setAt(from.getBoundingClientRect());
  }

  announce(props.session, { isShown: (port) => props.isShown(port), onPreview: (port) => props.onPreview(port) });
  useCommands(() => {
    const { group } = text;
    const { session } = props;
    return session.isReady()
      ? [
          { id: "sandbox-stop", title: text.stop, group, run: () => void session.stop() },
          { id: "sandbox-restart", title: text.restart, group, run: () => void session.restart() },
        ]
      : [{ id: "sandbox-start", title: text.start, group, run: () => void session.launch() }];
  });
  useSource({
    group: text.ports,
    prefix: "",
    items: () =>
      (props.session.watch()?.ports ?? []).map(({ port, program }) => ({
        title: `${text.openPreview}: ${text.portOf(port)}`,
        detail: program,
        run: () => props.onPreview(port),
      })),
  });
  onMount(() => props.isOpen && open(button));

  return (
    <>
      <button
        ref={button}
        class="flex shrink-0 items-center gap-1.5 rounded-sm px-1 text-xs hover:text-ink"
        aria-haspopup="dialog"
        aria-expanded={at() !== undefined}
        title={text.details}
        onClick={(event) => open(event.currentTarget)}
      >
        <span
          class="relative inline-flex"
          classList={{
            "text-good": phase() === "active" && files() === undefined,
            "text-accent": phase() === "creating" || phase() === "stopping" || files()?.tone === "accent",
            "text-bad": phase() === "failed" || files()?.tone === "bad",
            "text-warn": phase() === "lost" || files()?.tone === "warn",
          }}
        >
          <Box size={13} />
        </span>
        <span>{label()}</span>
        <Show when={files()}>
          {(status) => (
            <span
              classList={{
                "text-accent": status().tone === "accent",
                "text-bad": status().tone === "bad",
                "text-warn": status().tone === "warn",
              }}
            >
              {status().short}
            </span>
          )}
        </Show>
        <Show when={files() === undefined && (pending() > 0 || conflicts() > 0)}>
          <span class="text-warn">{conflicts() > 0 ? text.conflicts(conflicts()) : text.pending(pending())}</span>
        </Show>
      </button>
      <For each={props.session.watch()?.ports.slice(0, 3)}>
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
      <Show when={at()}>
        {(box) => (
          <SandboxDetails
            session={props.session}
            at={box()}
            onOpen={props.onOpen}
            onPreview={props.onPreview}
            onClose={() => setAt(undefined)}
          />
        )}
      </Show>
    </>
  );
}
