import type { WatchEvent } from "@slipway/contract/sandbox";
import { createSignal, createUniqueId, For, onCleanup, onMount, Show } from "solid-js";
import { text } from "#text/sandbox.ts";
import { text as details } from "#text/sandbox-details.ts";
import { text as common } from "#text/common.ts";
import { Dialog } from "../components/dialog.tsx";
import { bytesText } from "../components/format.ts";
import { LaunchSteps } from "../components/launch-steps.tsx";
import { toast } from "../components/toasts.tsx";
import { fileStatus } from "../stores/file-status.ts";
import type { SandboxSession } from "../stores/sandbox-session.ts";

/** What the sandbox holds and uses, and the ways to start, stop and destroy it. */
export default function SandboxDetails(props: {
  session: SandboxSession;
  at: DOMRect;
  onOpen(path: string): void;
  onPreview(port: number): void;
  onClose(): void;
}) {
  const { session } = props;
  let element!: HTMLDivElement;
  const titleID = createUniqueId();
  const [isDestroying, setDestroying] = createSignal(false);
  const before = document.activeElement;
  const watch = () => session.watch();
  const minutes = (milliseconds: number) => Math.round(milliseconds / 60_000);
  /** The runner tells of what it sees, the server of the pages that use it. */
  const stopsAt = (state: WatchEvent) => Math.max(state.stopsAt, session.sandbox()?.stopsAt ?? 0);
  const isRunning = () => session.phase() === "active" || session.phase() === "lost";
  const startedIn = () => {
    const { path, launchedAt, activeAt } = session.sandbox() ?? {};
    if (!path || !isRunning()) return undefined;
    const took = path === "instant" || !launchedAt || !activeAt ? undefined : details.seconds(activeAt - launchedAt);
    return [details.paths[path], ...(took === undefined ? [] : [`${details.startedIn(took)}.`])].join(" ");
  };

  onMount(() => {
    element.showPopover();
    const { width, height } = element.getBoundingClientRect();
    const { left, top, bottom } = props.at;
    element.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    // It keeps the edge beside the button as lists in it open and close.
    if (top > innerHeight / 2) {
      const bottom = innerHeight - top + 6;
      Object.assign(element.style, { top: "auto", bottom: `${bottom}px`, maxHeight: `${innerHeight - bottom - 8}px` });
    } else element.style.top = `${Math.max(8, Math.min(bottom + 6, innerHeight - height - 8))}px`;
    element.focus();
  });
  onCleanup(() => {
    if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
  });
  function go(run: () => void): void {
    props.onClose();
    run();
  }

  return (
    <>
      <div
        ref={element}
        popover="auto"
        role="dialog"
        tabindex="-1"
        aria-labelledby={titleID}
        class="menu max-h-[80vh] w-[min(340px,calc(100vw-16px))] overflow-auto p-0 whitespace-normal text-ink outline-none"
        on:toggle={(event: Event) => (event as ToggleEvent).newState === "closed" && !isDestroying() && props.onClose()}
      >
        <Show
          when={isRunning()}
          fallback={
            <div id={titleID} aria-label={details.sandbox}>
              <LaunchSteps
                sandbox={session.sandbox()}
                isLaunching={session.phase() === "creating"}
                error={session.error()}
                onLaunch={() => void session.launch()}
              />
            </div>
          }
        >
          <div class="flex flex-col gap-3 p-4 text-sm">
            <div>
              <h2 id={titleID} class="text-base font-medium">
                {session.phase() === "lost" ? text.states.lost : text.states.active}
              </h2>
              <Show when={startedIn()}>{(line) => <p class="text-xs text-quiet">{line()}</p>}</Show>
              <Show when={(session.sandbox()?.openProjects.length ?? 0) > 1}>
                <p class="text-xs text-quiet">{details.shared(session.sandbox()?.openProjects.length ?? 0)}</p>
              </Show>
            </div>
            <Show when={watch()}>
              {(state) => (
                <>
                  <dl class="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-1.5 text-xs">
                    <dt class="text-quiet">{details.files}</dt>
                    <dd
                      class="text-right"
                      classList={{
                        "text-warn": state().sync.pending > 0 || fileStatus(state().sync)?.canRetry === true,
                      }}
                    >
                      {state().sync.pending > 0
                        ? text.pending(state().sync.pending)
                        : (fileStatus(state().sync)?.short ?? details.syncStates[state().sync.state])}
                    </dd>
                    <Usage label={details.disk} of={state().disk} />
                    <Usage label={details.memory} of={state().memory} />
                    <dt class="text-quiet">{details.idle}</dt>
                    <dd class="text-right" title={details.stopsIn(minutes(stopsAt(state()) - Date.now()))}>
                      {details.idleFor(minutes(state().idleMs))}
                    </dd>
                  </dl>
                  <Show when={state().sync.error}>{(error) => <p class="text-xs text-warn">{error()}</p>}</Show>
                  <Show when={state().sync.missing.length > 0}>
                    <section>
                      <h3 class="text-xs font-semibold text-warn">
                        {details.missingFiles(state().sync.missing.length)}
                      </h3>
                      <Reasons of={state().sync.missing} />
                    </section>
                  </Show>
                  <Show when={fileStatus(state().sync)?.canRetry}>
                    <div>
                      <button class="button button-small" onClick={() => void session.retrySync()}>
                        {text.retry}
                      </button>
                    </div>
                  </Show>
                  <Show when={state().notices.length > 0}>
                    <ul aria-label={details.notices} class="flex flex-col gap-1 text-xs text-warn">
                      <For each={state().notices.slice(-3)}>
                        {({ message }) => <li class="break-words">{message}</li>}
                      </For>
                    </ul>
                  </Show>
                  <Show when={state().ports.length > 0}>
                    <section>
                      <h3 class="text-xs font-semibold text-quiet">{text.ports}</h3>
                      <ul class="mt-1 flex flex-col">
                        <For each={state().ports}>
                          {({ port, program }) => (
                            <li>
                              <button
                                class="flex w-full items-center gap-2 rounded-sm px-1 py-1 text-left hover:bg-panel"
                                onClick={() => go(() => props.onPreview(port))}
                              >
                                <span class="font-mono">{port}</span>
                                <span class="min-w-0 grow truncate text-quiet">{program}</span>
                                <span class="text-xs text-accent">{text.openPreview}</span>
                              </button>
                            </li>
                          )}
                        </For>
                      </ul>
                    </section>
                  </Show>
                  <Show when={state().sync.conflicts.length > 0}>
                    <section>
                      <h3 class="text-xs font-semibold text-warn">{text.conflicts(state().sync.conflicts.length)}</h3>
                      <p class="text-xs text-quiet">{details.conflictsAbout}</p>
                      <ul class="mt-1">
                        <For each={state().sync.conflicts}>
                          {(path) => (
                            <li>
                              <button
                                class="max-w-full truncate rounded-sm px-1 py-0.5 font-mono text-xs text-accent underline"
                                title={details.open(path)}
                                onClick={() => go(() => props.onOpen(path))}
                              >
                                {path}
                              </button>
                            </li>
                          )}
                        </For>
                      </ul>
                    </section>
                  </Show>
                  <Show when={state().sync.localOnly.length > 0}>
                    <details>
                      <summary class="text-xs text-quiet">{details.localOnly(state().sync.localOnly.length)}</summary>
                      <Reasons of={state().sync.localOnly} />
                    </details>
                  </Show>
                </>
              )}
            </Show>
            <div class="flex flex-wrap gap-2 border-t border-line pt-3">
              <button class="button button-small" onClick={() => go(() => void session.stop())}>
                {text.stop}
              </button>
              <button class="button button-small" onClick={() => go(() => void session.restart())}>
                {text.restart}
              </button>
              <span class="grow" />
              <button
                class="button button-small button-bad"
                onClick={() => {
                  setDestroying(true);
                  element.hidePopover();
                }}
              >
                {details.destroy}
              </button>
            </div>
          </div>
        </Show>
      </div>
      <Show when={isDestroying()}>
        <Dialog open title={details.destroyTitle} onClose={props.onClose}>
          <p class="text-sm">{details.destroyKeeps}</p>
          <p class="text-sm">{details.destroyLoses}</p>
          <Show when={(watch()?.sync.pending ?? 0) > 0}>
            <p class="text-sm text-bad">{details.destroyUnsaved(watch()?.sync.pending ?? 0)}</p>
          </Show>
          <div class="flex justify-end gap-2">
            <button class="button" onClick={() => props.onClose()}>
              {common.cancel}
            </button>
            <button
              class="button button-bad"
              onClick={() => {
                props.onClose();
                void session.destroy().then(() => toast(session.error() ?? details.destroyed));
              }}
            >
              {details.destroyNow}
            </button>
          </div>
        </Dialog>
      </Show>
    </>
  );
}

function Usage(props: { label: string; of: { used: number; total: number } }) {
  return (
    <Show when={props.of.total > 0}>
      <dt class="text-quiet">{props.label}</dt>
      <dd class="flex items-center justify-end gap-2">
        <span>{details.usage(bytesText(props.of.used), bytesText(props.of.total))}</span>
        <meter
          class="h-1.5 w-14"
          aria-label={props.label}
          min={0}
          max={props.of.total}
          high={props.of.total * 0.8}
          optimum={0}
          value={props.of.used}
        />
      </dd>
    </Show>
  );
}

/** Files, each with what keeps it where it is. */
function Reasons(props: { of: readonly { path: string; reason: string }[] }) {
  return (
    <ul class="mt-1 max-h-32 overflow-auto text-xs">
      <For each={props.of}>
        {({ path, reason }) => (
          <li class="py-0.5">
            <span class="font-mono break-all">{path}</span> <span class="text-quiet">{reason}</span>
          </li>
        )}
      </For>
    </ul>
  );
}
