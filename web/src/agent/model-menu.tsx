import ImageIcon from "lucide-solid/icons/image";
import { A } from "@solidjs/router";
import { createMemo, createResource, createSignal, createUniqueId, For, onCleanup, onMount, Show } from "solid-js";
import type { Effort, Model } from "@slipway/contract/model";
import { models as listModels } from "@slipway/contract/routes/service";
import { text as common } from "#text/common.ts";
import { text } from "#text/models.ts";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { latest } from "../components/latest.ts";
import { isComposing } from "../components/typing.ts";
import type { ModelChoice } from "../stores/model-choice.ts";

/** A model, or the one that answers without a choice. */
type Option = { id: string; group: string; model: Model | undefined };

/** Chooses the model of the next messages, and how much it thinks. */
export default function ModelMenu(props: {
  at: DOMRect;
  choice: ModelChoice;
  /** The model that the project's settings name; empty for the team's default. */
  preferred: string;
  onChoose(choice: ModelChoice): void;
  onClose(): void;
}) {
  const id = createUniqueId();
  const before = document.activeElement;
  const [models, { refetch }] = createResource(async () => (await call(listModels)).models);
  const all = () => (models.error ? undefined : latest(models));
  const [words, setWords] = createSignal("");
  const [at, setAt] = createSignal<string>(props.choice.model ?? "");
  let element!: HTMLDivElement;
  let input!: HTMLInputElement;

  const byDefault = () =>
    all()?.find(({ id: each }) => each === props.preferred) ?? all()?.find(({ isDefault }) => isDefault);
  const chosen = () => all()?.find((model) => model.id === props.choice.model);
  const isGone = () => props.choice.model !== undefined && all() !== undefined && chosen() === undefined;
  const current = () => chosen() ?? byDefault();
  const options = createMemo((): Option[] => {
    const found = (all() ?? []).filter((model) => matches(model, words()));
    const first: Option[] = words() === "" ? [{ id: "", group: "", model: undefined }] : [];
    return [...first, ...found.map((model) => ({ id: model.id, group: groupOf(model), model }))];
  });
  const active = () => (options().some((option) => option.id === at()) ? at() : (options()[0]?.id ?? ""));

  onMount(() => {
    element.showPopover();
    const { width } = element.getBoundingClientRect();
    const bottom = innerHeight - props.at.top + 6;
    Object.assign(element.style, {
      left: `${Math.max(8, Math.min(props.at.left, innerWidth - width - 8))}px`,
      top: "auto",
      bottom: `${bottom}px`,
      maxHeight: `${Math.min(520, Math.max(200, innerHeight - bottom - 8))}px`,
    });
    input.focus();
  });
  onCleanup(() => {
    if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
  });

  function choose(option: Option | undefined): void {
    if (option === undefined) return;
    const { model } = option;
    const { effort } = props.choice;
    const kept = (model ?? byDefault())?.efforts.includes(effort ?? "low") ? effort : undefined;
    props.onChoose(labelled(model, kept));
    props.onClose();
  }

  function think(effort: Effort | undefined): void {
    props.onChoose(labelled(chosen(), effort));
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    const ids = options().map((option) => option.id);
    const here = ids.indexOf(active());
    const go = (to: number) => {
      setAt(ids[(to + ids.length) % ids.length] ?? "");
      document.getElementById(optionID(active()))?.scrollIntoView({ block: "nearest" });
    };
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(here + 1),
      ArrowUp: () => go(here - 1),
      Enter: () => choose(options()[here]),
    };
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  const optionID = (of: string) => `${id}-${of}`;

  return (
    <div
      ref={element}
      popover="auto"
      role="dialog"
      aria-label={text.choose}
      class="menu flex w-[min(360px,calc(100vw-16px))] flex-col p-0 whitespace-normal [&:not(:popover-open)]:hidden"
      on:toggle={(event: Event) => (event as ToggleEvent).newState === "closed" && props.onClose()}
    >
      <input
        ref={input}
        class="field rounded-b-none border-0 border-b bg-transparent text-sm outline-none"
        role="combobox"
        aria-expanded="true"
        aria-label={text.search}
        aria-controls={`${id}-list`}
        aria-activedescendant={optionID(active())}
        placeholder={text.search}
        autocomplete="off"
        spellcheck={false}
        value={words()}
        onInput={(event) => setWords(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <Show when={isGone()}>
        <p role="status" class="bg-warn-soft px-3 py-2 text-xs">
          {text.gone(props.choice.label ?? props.choice.model ?? "")}
        </p>
      </Show>
      <Show when={models.error}>
        <p role="alert" class="flex items-center gap-3 px-3 py-2 text-sm">
          <span class="grow">{messageOf(models.error)}</span>
          <button type="button" class="button button-small" onClick={() => void refetch()}>
            {common.tryAgain}
          </button>
        </p>
      </Show>
      <Show when={!models.error}>
        <Show when={all()} fallback={<div class="skeleton m-3 h-20" aria-busy="true" />}>
          <div
            id={`${id}-list`}
            role="listbox"
            aria-label={text.choose}
            tabindex="-1"
            class="min-h-24 overflow-y-auto py-1"
          >
            <For each={options()} fallback={<p class="px-3 py-2 text-sm text-quiet">{text.none(words())}</p>}>
              {(option, index) => (
                <>
                  <Show when={option.group !== "" && option.group !== options()[index() - 1]?.group}>
                    <div role="presentation" class="px-3 pt-2 pb-1 text-xs font-semibold text-quiet">
                      {option.group}
                    </div>
                  </Show>
                  <div
                    id={optionID(option.id)}
                    role="option"
                    aria-selected={option.id === (chosen()?.id ?? "")}
                    class="touch-target flex cursor-pointer flex-col justify-center border-l-2 border-transparent px-3 py-1.5"
                    classList={{
                      "bg-accent-soft": option.id === active(),
                      "border-accent": option.id === (chosen()?.id ?? ""),
                    }}
                    onPointerMove={() => setAt(option.id)}
                    onClick={() => choose(option)}
                  >
                    <Show
                      when={option.model}
                      fallback={
                        <>
                          <span>{text.defaultModel}</span>
                          <span class="text-xs text-quiet">
                            {(props.preferred === "" ? text.ofTeam : text.ofProject)(byDefault()?.name ?? "")}
                          </span>
                        </>
                      }
                    >
                      {(model) => <ModelLine model={model()} />}
                    </Show>
                  </div>
                </>
              )}
            </For>
          </div>
        </Show>
      </Show>
      <Show when={(current()?.efforts.length ?? 0) > 0}>
        <fieldset class="border-t border-line px-3 py-2" title={text.effortAbout}>
          <legend class="float-left mr-3 py-1 text-xs text-quiet">{text.effort}</legend>
          <div class="flex flex-wrap justify-end gap-1">
            <For each={[undefined, ...(current()?.efforts ?? [])]}>
              {(effort) => (
                <label class="touch-target flex cursor-pointer items-center justify-center rounded-sm px-2 py-1 text-xs hover:bg-panel has-checked:bg-accent-soft has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-accent">
                  <input
                    type="radio"
                    class="sr-only"
                    name={`${id}-effort`}
                    checked={props.choice.effort === effort}
                    onChange={() => think(effort)}
                  />
                  {effort === undefined ? text.defaultEffort : text.efforts[effort]}
                </label>
              )}
            </For>
          </div>
        </fieldset>
      </Show>
      <A
        href="/settings#models"
        class="touch-target flex items-center border-t border-line px-3 py-2 text-xs text-accent"
      >
        {text.manageKeys}
      </A>
    </div>
  );
}

/** A model's name, and what it costs and can do. */
function ModelLine(props: { model: Model }) {
  return (
    <>
      <span class="flex items-baseline gap-2">
        <span class="min-w-0 grow truncate">{props.model.name}</span>
        <Show when={props.model.priceClass}>
          {(price) => (
            <span class="shrink-0 text-xs text-quiet" title={text.priceAbout[price()]}>
              <span aria-hidden="true">{text.prices[price()]}</span>
              <span class="sr-only">{text.priceAbout[price()]}</span>
            </span>
          )}
        </Show>
      </span>
      <span class="flex items-center gap-x-2 overflow-hidden text-xs whitespace-nowrap text-quiet">
        <span>{text.context(props.model.contextWindow)}</span>
        <Show when={props.model.seesImages !== undefined}>
          <span class="flex items-center gap-1">
            <Show when={props.model.seesImages} fallback={text.noImages}>
              <ImageIcon size={12} aria-hidden="true" /> {text.seesImages}
            </Show>
          </span>
        </Show>
        <Show when={props.model.description}>
          <span class="min-w-0 truncate">{props.model.description}</span>
        </Show>
      </span>
    </>
  );
}

function labelled(model: Model | undefined, effort: Effort | undefined): ModelChoice {
  const name = model?.name ?? text.defaultModel;
  const label = effort === undefined ? name : text.withEffort(name, text.efforts[effort]);
  return {
    ...(model === undefined ? {} : { model: model.id }),
    ...(effort === undefined ? {} : { effort }),
    ...(model === undefined && effort === undefined ? {} : { label }),
  };
}

function matches({ name, id }: Model, words: string): boolean {
  const text = `${name} ${id}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function groupOf({ id, provider }: Model): string {
  if (provider === "bedrock") return text.groups.deployment;
  return text.groups[id.startsWith(`${provider}@own/`) ? "own" : "team"](text.providers[provider]);
}
