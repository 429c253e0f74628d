import { createResource, createSignal, For, lazy, Show, Suspense } from "solid-js";
import { createStore } from "solid-js/store";
import type { Choice, Transfer } from "@slipway/contract/github";
import { getConflict } from "@slipway/contract/routes/github";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { latest } from "../components/latest.ts";

const CompareView = lazy(() => import("../code/compare-view.tsx"));

type Conflict = NonNullable<Transfer["conflicts"]>[number];

/** Files that both sides changed: choose a side for each, or for all. */
export default function Conflicts(props: { transfer: Transfer; onAnswer(choices: Record<string, Choice>): void }) {
  const [choices, setChoices] = createStore<Record<string, Choice>>({});
  const conflicts = () => props.transfer.conflicts ?? [];
  const left = () => conflicts().filter(({ path }) => choices[path] === undefined).length;
  const all = (choice: Choice) => {
    for (const { path } of conflicts()) setChoices(path, choice);
  };
  return (
    <div class="flex flex-col gap-3">
      <p role="alert" class="text-sm">
        {conflicts().length === 1 ? "One file was" : `${conflicts().length} files were`} changed on both sides. Choose
        what is to stand; nothing has been changed yet.
      </p>
      <Show when={conflicts().length > 1}>
        <div class="flex flex-wrap gap-2">
          <button class="button button-small" onClick={() => all("mine")}>
            All mine
          </button>
          <button class="button button-small" onClick={() => all("theirs")}>
            All theirs
          </button>
        </div>
      </Show>
      <ul class="flex flex-col gap-3">
        <For each={conflicts()}>
          {(conflict) => (
            <ConflictChoice
              transfer={props.transfer}
              conflict={conflict}
              choice={choices[conflict.path]}
              onChoose={(choice) => setChoices(conflict.path, choice)}
            />
          )}
        </For>
      </ul>
      <button
        class="button button-main"
        disabled={left() > 0}
        onClick={() => props.onAnswer(Object.fromEntries(Object.entries(choices)))}
      >
        {left() > 0 ? `${left()} left to choose` : "Go on"}
      </button>
    </div>
  );
}

function ConflictChoice(props: {
  transfer: Transfer;
  conflict: Conflict;
  choice: Choice | undefined;
  onChoose(choice: Choice): void;
}) {
  const [open, setOpen] = createSignal(false);
  const options = () => [
    { value: "mine" as const, label: "Mine", about: props.conflict.mine },
    { value: "theirs" as const, label: "Theirs", about: props.conflict.theirs },
    ...(props.conflict.canMerge
      ? [{ value: "both" as const, label: "Both", about: "With markers, to put together in the editor" }]
      : []),
  ];
  return (
    <li class="rounded-sm border border-line bg-raised p-2">
      <fieldset class="flex flex-col gap-1 text-sm">
        <legend class="pb-1 font-mono text-xs break-all">{props.conflict.path}</legend>
        <For each={options()}>
          {({ value, label, about }) => (
            <label class="flex cursor-pointer items-start gap-2">
              <input
                type="radio"
                class="mt-0.5 accent-accent"
                name={`choice ${props.conflict.path}`}
                checked={props.choice === value}
                onChange={() => props.onChoose(value)}
              />
              <span>
                {label} <span class="text-xs text-quiet">{about}</span>
              </span>
            </label>
          )}
        </For>
      </fieldset>
      <Show when={props.transfer.kind === "pull"}>
        <button class="mt-1 text-xs text-accent underline" aria-expanded={open()} onClick={() => setOpen(!open())}>
          {open() ? "Hide the difference" : "Show the difference"}
        </button>
        <Show when={open()}>
          <Sides transfer={props.transfer.id} path={props.conflict.path} />
        </Show>
      </Show>
    </li>
  );
}

function Sides(props: { transfer: string; path: string }) {
  const [sides] = createResource(() =>
    call(getConflict, { params: { id: props.transfer }, query: { path: props.path } }),
  );
  const known = () => latest(sides);
  return (
    <Show
      when={known()}
      fallback={
        <Show when={sides.error} fallback={<div class="skeleton mt-2 h-16" />}>
          <p role="alert" class="text-xs text-bad">
            {messageOf(sides.error)}
          </p>
        </Show>
      }
    >
      {(now) => (
        <Show
          when={now().mine !== undefined || now().theirs !== undefined}
          fallback={<p class="mt-1 text-xs text-quiet">These are not text.</p>}
        >
          <p class="mt-2 text-xs text-quiet">Red is mine, green is theirs.</p>
          <div class="mt-1 max-h-72 overflow-auto rounded-sm border border-line">
            <Suspense fallback={<div class="skeleton h-16" />}>
              <CompareView
                path={props.path}
                label={`Mine and theirs of ${props.path}`}
                before={now().mine ?? ""}
                after={now().theirs ?? ""}
              />
            </Suspense>
          </div>
        </Show>
      )}
    </Show>
  );
}
