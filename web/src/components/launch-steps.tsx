import type { LaunchStep, LaunchStepName, Sandbox } from "@slipway/contract/sandbox-state";
import Check from "lucide-solid/icons/check";
import CircleAlert from "lucide-solid/icons/circle-alert";
import LoaderCircle from "lucide-solid/icons/loader-circle";
import Circle from "lucide-solid/icons/circle";
import { createSignal, For, onCleanup, Show } from "solid-js";
import { text } from "#text/sandbox.ts";
import { text as details } from "#text/sandbox-details.ts";

const names: readonly LaunchStepName[] = ["start", "connect", "open"];

/** A launch as it passes, or the way to begin one. */
export function LaunchSteps(props: {
  sandbox: Sandbox | undefined;
  isLaunching: boolean;
  error: string | undefined;
  onLaunch(): void;
}) {
  const [now, setNow] = createSignal(Date.now());
  const ticking = setInterval(() => setNow(Date.now()), 100);
  onCleanup(() => clearInterval(ticking));
  const stepOf = (name: LaunchStepName) => props.sandbox?.steps.find((step) => step.name === name);
  const failed = () => props.sandbox?.steps.find((step) => step.error !== undefined);
  const hasFailed = () => !props.isLaunching && (failed() !== undefined || props.error !== undefined);
  const shows = () => props.isLaunching || failed() !== undefined;
  const time = (step: LaunchStep) =>
    details.seconds((step.endedAt ?? Math.max(step.startedAt, now())) - step.startedAt);
  const state = (step: LaunchStep | undefined) => {
    if (step?.error !== undefined) return "failed";
    if (step?.endedAt !== undefined) return "done";
    return step && props.isLaunching ? "running" : "waiting";
  };

  return (
    <section aria-label={details.sandbox} class="m-auto flex w-full max-w-md flex-col gap-3 p-4">
      <Show when={!hasFailed()} fallback={<h3 class="text-base font-medium">{details.notAvailable}</h3>}>
        <h3 class="text-base font-medium">{props.isLaunching ? details.launching : text.states.stopped}</h3>
        <Show when={!props.isLaunching}>
          <p class="text-sm text-quiet">{props.sandbox?.stoppedReason ?? details.about}</p>
        </Show>
      </Show>
      <Show when={shows()}>
        <ol class="flex flex-col" aria-live="polite">
          <For each={names}>
            {(name) => (
              <li
                class="flex h-8 items-center gap-2.5 text-sm"
                classList={{ "text-quiet": state(stepOf(name)) === "waiting" }}
              >
                <span class="inline-flex size-4 shrink-0 items-center justify-center">
                  <Show when={state(stepOf(name)) === "done"}>
                    <Check size={16} class="text-good" aria-label={details.stepDone} />
                  </Show>
                  <Show when={state(stepOf(name)) === "running"}>
                    <LoaderCircle size={16} class="animate-spin text-accent" aria-label={details.stepRunning} />
                  </Show>
                  <Show when={state(stepOf(name)) === "failed"}>
                    <CircleAlert size={16} class="text-bad" aria-label={details.stepFailed} />
                  </Show>
                  <Show when={state(stepOf(name)) === "waiting"}>
                    <Circle size={10} class="text-quiet" />
                  </Show>
                </span>
                <span class="grow">{details.steps[name]}</span>
                <Show when={stepOf(name)}>
                  {(step) => (
                    <span class="text-xs text-quiet tabular-nums" aria-hidden="true">
                      {time(step())}
                    </span>
                  )}
                </Show>
              </li>
            )}
          </For>
        </ol>
      </Show>
      <Show when={props.isLaunching ? props.sandbox?.steps.at(-1)?.note : undefined}>
        {(note) => <p class="text-sm text-quiet">{note()}</p>}
      </Show>
      <Show when={hasFailed() ? (failed()?.error ?? props.error) : undefined}>
        {(error) => (
          <pre
            role="alert"
            class="max-h-40 overflow-auto rounded-sm bg-code px-3 py-2 font-mono text-xs break-words whitespace-pre-wrap"
          >
            {error()}
          </pre>
        )}
      </Show>
      <Show when={!props.isLaunching}>
        <div>
          <button class="button button-main" onClick={() => props.onLaunch()}>
            {hasFailed() ? text.retry : text.start}
          </button>
        </div>
      </Show>
    </section>
  );
}
