import { createResource, createSignal, For, Show, Suspense } from "solid-js";
import { createStore } from "solid-js/store";
import { text } from "#text/source.ts";
import { text as loading } from "#text/loading.ts";
import type { Choice, Transfer } from "@slipway/contract/github";
import { getConflict } from "@slipway/contract/routes/github";
import { lazyPart } from "../components/lazy-part.tsx";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { latest } from "../components/latest.ts";

const CompareView = lazyPart(loading.comparison, () => import("../code/compare-view.tsx"));

type Conflict = NonNullable<Transfer["conflicts"]>[number];

/** What a sync cannot decide: a side for each file, or for all. */
export default function Conflicts(props: { transfer: Transfer; onAnswer(choices: Record<string, Choice>): void }) {
  const [choices, setChoices] = createStore<Record<string, Choice>>(Object.create(null));
  const conflicts = () => props.transfer.conflicts ?? [];
  const secrets = () => conflicts().filter(({ kind }) => kind === "secret");
  const others = () => conflicts().filter(({ kind }) => kind !== "secret");
  const left = () => conflicts().filter(({ path }) => choices[path] === undefined).length;
  const all = (of: readonly Conflict[], choice: Choice) => {
    for (const { path } of of) setChoices(path, choice);
  };
  const about = () => {
    if (others().length === 0) return text.conflicts.secrets(secrets().length);
    return secrets().length === 0
      ? text.conflicts.changedOnBoth(others().length)
      : text.conflicts.mixed(conflicts().length);
  };
  return (
    <div class="flex flex-col gap-3">
      <p role="alert" class="text-sm">
        {about()}
      </p>
      <Show when={conflicts().length > 1}>
        <div class="flex flex-wrap gap-2">
          <Show when={others().length > 0}>
            <button class="button button-small" onClick={() => all(others(), "mine")}>
              {text.conflicts.useAllMine}
            </button>
            <button class="button button-small" onClick={() => all(others(), "theirs")}>
              {text.conflicts.useAllTheirs}
            </button>
          </Show>
          <Show when={secrets().length > 0}>
            <button class="button button-small" onClick={() => all(secrets(), "theirs")}>
              {text.conflicts.leaveAllOut}
            </button>
          </Show>
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
        {left() > 0 ? text.conflicts.left(left()) : text.conflicts.resume}
      </button>
    </div>
  );
}

function optionsOf({ kind, mine, theirs, canMerge }: Conflict): { value: Choice; label: string; about: string }[] {
  const { conflicts } = text;
  if (kind === "secret")
    return [
      { value: "theirs", label: conflicts.leaveOut, about: conflicts.leaveOutAbout },
      { value: "mine", label: conflicts.send, about: mine },
    ];
  return [
    { value: "mine", label: conflicts.mine, about: mine },
    { value: "theirs", label: conflicts.theirs, about: theirs },
    ...(canMerge ? [{ value: "both" as const, label: conflicts.both, about: conflicts.bothAbout }] : []),
  ];
}

function ConflictChoice(props: {
  transfer: Transfer;
  conflict: Conflict;
  choice: Choice | undefined;
  onChoose(choice: Choice): void;
}) {
  const [open, setOpen] = createSignal(false);
  const hasTexts = () => props.transfer.kind === "pull" && props.conflict.kind !== "clash";
  return (
    <li class="rounded-sm border border-line bg-raised p-2">
      <fieldset class="flex flex-col gap-1 text-sm">
        <legend class="pb-1 font-mono text-xs break-all">{props.conflict.path}</legend>
        <For each={optionsOf(props.conflict)}>
          {({ value, label, about }) => (
            <label class="flex cursor-pointer items-start gap-2 pointer-coarse:min-h-11 pointer-coarse:items-center">
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
      <Show when={hasTexts()}>
        <button class="mt-1 text-xs text-accent underline" aria-expanded={open()} onClick={() => setOpen(!open())}>
          {open() ? text.conflicts.hideDifference : text.conflicts.showDifference}
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
          fallback={<p class="mt-1 text-xs text-quiet">{text.conflicts.notText}</p>}
        >
          <p class="mt-2 text-xs text-quiet">{text.conflicts.colors}</p>
          <div class="mt-1 max-h-72 overflow-auto rounded-sm border border-line">
            <Suspense fallback={<div class="skeleton h-16" />}>
              <CompareView
                path={props.path}
                label={text.conflicts.comparison(props.path)}
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
