import { createEffect, createResource, createSignal, For, on, onMount, Show } from "solid-js";
import { askForMore, usage as readUsage, usageHistory } from "@slipway/contract/routes/user";
import type { Usage } from "@slipway/contract/user";
import { text as common } from "#text/common.ts";
import { text } from "#text/settings.ts";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { dollars, monthName } from "../components/format.ts";
import { latest } from "../components/latest.ts";
import { Section } from "../components/section.tsx";
import { toast } from "../components/toasts.tsx";

/** The part of the limit past which the meter warns. */
const nearLimit = 0.8;

/** The plan, what is left of it, and how to get more. Links at a limit lead here. */
export function PlanSection() {
  const [mounted, setMounted] = createSignal(false);
  onMount(() => setMounted(true));
  const [usage, { refetch: readAgain }] = createResource(mounted, () => call(readUsage));
  const [history, { mutate, refetch }] = createResource(mounted, () => call(usageHistory));
  // What stands above it has not its height yet when the page follows its address.
  createEffect(
    on(
      () => latest(usage) !== undefined,
      (isShown) => isShown && location.hash === "#plan" && document.getElementById("plan")?.scrollIntoView(),
    ),
  );
  async function ask(): Promise<void> {
    try {
      mutate(await call(askForMore));
    } catch (error) {
      toast(messageOf(error));
    }
  }
  return (
    <Section id="plan" title={text.plan}>
      <Show
        when={!usage.error && !history.error}
        fallback={
          <p role="alert" class="flex items-center gap-3 text-sm">
            {messageOf(usage.error ?? history.error)}
            <button class="button button-small" onClick={() => (void readAgain(), void refetch())}>
              {common.tryAgain}
            </button>
          </p>
        }
      >
        <Show when={latest(usage)} fallback={<div class="skeleton h-16" />}>
          {(known) => (
            <div class="flex flex-wrap items-center justify-between gap-3">
              <div>
                <p class="text-sm">
                  <strong>{text.plans[known().plan]}</strong> · {text.used(known().used, known().limit)}
                </p>
                <p class="text-xs text-quiet" classList={{ "text-bad": isUsedUp(known()) }}>
                  {isUsedUp(known()) ? text.atLimit : ""} {text.resets}
                </p>
              </div>
              <Show when={known().plan === "free" || known().used >= known().limit * nearLimit}>
                <Show when={!latest(history)?.askedForPro} fallback={<p class="text-sm text-quiet">{text.asked}</p>}>
                  <button class="button button-main" onClick={() => void ask()}>
                    {known().plan === "free" ? text.askForPro : text.askForMore}
                  </button>
                </Show>
              </Show>
              <meter
                class="w-full"
                aria-label={text.meter}
                min={0}
                low={known().limit * nearLimit}
                high={Math.max(known().limit - 0.5, known().limit * nearLimit)}
                optimum={0}
                max={Math.max(1, known().limit)}
                value={known().used}
              />
            </div>
          )}
        </Show>
        <Show when={latest(history)?.months.length}>
          <div class="overflow-x-auto">
            <table class="table">
              <caption class="sr-only">{text.byMonth}</caption>
              <thead>
                <tr>
                  <th scope="col">{text.month}</th>
                  <th scope="col" class="text-right">
                    {text.runs}
                  </th>
                  <th scope="col" class="text-right">
                    {text.assists}
                  </th>
                  <th scope="col" class="text-right">
                    {text.cost}
                  </th>
                </tr>
              </thead>
              <tbody>
                <For each={latest(history)?.months}>
                  {(month) => (
                    <tr>
                      <th scope="row" class="font-normal">
                        {monthName(month.month)}
                      </th>
                      <td class="text-right tabular-nums">{month.runs}</td>
                      <td class="text-right tabular-nums">{month.assists}</td>
                      <td class="text-right tabular-nums">{dollars(month.dollars)}</td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
          </div>
        </Show>
      </Show>
    </Section>
  );
}

function isUsedUp({ used, limit }: Usage): boolean {
  return used >= limit;
}
