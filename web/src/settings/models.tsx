import { createResource, createSignal, createUniqueId, For, onMount, Show } from "solid-js";
import { KeyProvider, type ProviderKey } from "@slipway/contract/provider";
import * as routes from "@slipway/contract/routes/provider";
import { text as common } from "#text/common.ts";
import { text } from "#text/models.ts";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { latest } from "../components/latest.ts";
import { relativeTime } from "../components/relative-time.ts";
import { Section } from "../components/section.tsx";
import { toast } from "../components/toasts.tsx";

const own = { list: routes.listOwnKeys, set: routes.setOwnKey, check: routes.checkOwnKey, remove: routes.removeOwnKey };
const team = {
  list: routes.listTeamKeys,
  set: routes.setTeamKey,
  check: routes.checkTeamKey,
  remove: routes.removeTeamKey,
};
const providers = ["anthropic", "openai", "google", "openrouter", "compatible"] as const satisfies KeyProvider[];

/** Keys for providers of models: a person's own, or the team's. A key is entered and never shown again. */
export function ModelsSection(props: { of: "own" | "team"; onChanged?(): void }) {
  const api = props.of === "own" ? own : team;
  const [mounted, setMounted] = createSignal(false);
  onMount(() => {
    setMounted(true);
    // A link may lead here before the section is there.
    if (location.hash === "#models") document.getElementById("models")?.scrollIntoView();
  });
  const [keys, { mutate, refetch }] = createResource(mounted, async () => (await call(api.list)).keys);
  const [entering, setEntering] = createSignal<KeyProvider | "new">();
  const known = () => (keys.error ? undefined : latest(keys));
  const free = () => providers.filter((provider) => !known()?.some((key) => key.provider === provider));

  function keep(key: ProviderKey): void {
    mutate((all) => [...(all ?? []).filter(({ provider }) => provider !== key.provider), key]);
    props.onChanged?.();
  }
  async function remove(provider: KeyProvider): Promise<void> {
    await call(api.remove, { params: { provider } });
    mutate((all) => all?.filter((key) => key.provider !== provider));
    toast(text.removed(text.providers[provider]));
    props.onChanged?.();
  }

  return (
    <Section id="models" title={text.title} about={props.of === "own" ? text.ownAbout : text.teamAbout}>
      <Show when={keys.error}>
        <p role="alert" class="flex items-center gap-3 text-sm">
          {messageOf(keys.error)}
          <button class="button button-small" onClick={() => void refetch()}>
            {common.tryAgain}
          </button>
        </p>
      </Show>
      <Show when={!keys.error}>
        <Show when={known()} fallback={<div class="skeleton h-16" />}>
          {(all) => (
            <>
              <Show when={all().length === 0 && entering() === undefined}>
                <p class="text-sm text-quiet">{text.noKeys}</p>
              </Show>
              <ul class="flex flex-col divide-y divide-line empty:hidden">
                <For each={all()}>
                  {(key) => (
                    <li class="py-3 first:pt-0 last:pb-0">
                      <Show
                        when={entering() === key.provider}
                        fallback={
                          <KeyLine
                            stored={key}
                            onReplace={() => setEntering(key.provider)}
                            onCheck={async () => keep(await call(api.check, { params: { provider: key.provider } }))}
                            onRemove={() => remove(key.provider)}
                          />
                        }
                      >
                        <KeyForm
                          choices={[key.provider]}
                          stored={key}
                          onSave={async (provider, body) => keep(await call(api.set, { params: { provider }, body }))}
                          onClose={() => setEntering(undefined)}
                        />
                      </Show>
                    </li>
                  )}
                </For>
              </ul>
              <Show when={entering() === "new"}>
                <KeyForm
                  choices={free()}
                  onSave={async (provider, body) => keep(await call(api.set, { params: { provider }, body }))}
                  onClose={() => setEntering(undefined)}
                />
              </Show>
              <Show when={entering() === undefined && free().length > 0}>
                <button class="button self-start" onClick={() => setEntering("new")}>
                  {text.add}
                </button>
              </Show>
            </>
          )}
        </Show>
      </Show>
    </Section>
  );
}

function KeyLine(props: {
  stored: ProviderKey;
  onReplace(): void;
  onCheck(): Promise<void>;
  onRemove(): Promise<void>;
}) {
  const [busy, setBusy] = createSignal<"check" | "remove">();
  const [asking, setAsking] = createSignal(false);
  const name = () => text.providers[props.stored.provider];
  const set = () => {
    const when = relativeTime(props.stored.setAt);
    return props.stored.setBy === undefined ? text.setAt(when) : text.setBy(when, props.stored.setBy);
  };
  const ending = () =>
    props.stored.ending === "" ? (props.stored.baseUrl ? text.noKey : text.hidden) : text.ending(props.stored.ending);

  async function run(what: "check" | "remove"): Promise<void> {
    setBusy(what);
    try {
      if (what === "check") {
        await props.onCheck();
        toast(text.checked(name()));
      } else await props.onRemove();
    } catch (error) {
      toast(messageOf(error));
    } finally {
      setBusy(undefined);
    }
  }

  return (
    <div class="flex flex-wrap items-center justify-between gap-3 text-sm">
      <div class="min-w-0">
        <p class="font-medium">{name()}</p>
        <p class="text-xs text-quiet">
          {ending()} · {text.models(props.stored.models)} · {set()}
        </p>
        <Show when={props.stored.baseUrl}>
          {(url) => <p class="font-mono text-xs break-all text-quiet">{url()}</p>}
        </Show>
      </div>
      <Show
        when={asking()}
        fallback={
          <div class="flex flex-wrap gap-2">
            <button
              class="button button-small"
              aria-label={text.checkOf(name())}
              disabled={busy() !== undefined}
              onClick={() => void run("check")}
            >
              {busy() === "check" ? text.checking : text.check}
            </button>
            <button class="button button-small" aria-label={text.replaceOf(name())} onClick={() => props.onReplace()}>
              {text.replace}
            </button>
            <button class="button button-small" aria-label={text.removeOf(name())} onClick={() => setAsking(true)}>
              {text.remove}
            </button>
          </div>
        }
      >
        <div role="group" aria-label={text.removeSure(name())} class="flex flex-wrap items-center gap-2">
          <span>{text.removeSure(name())}</span>
          <button
            class="button button-small button-bad"
            disabled={busy() !== undefined}
            onClick={() => void run("remove")}
          >
            {text.remove}
          </button>
          <button
            ref={(element) => queueMicrotask(() => element.focus())}
            class="button button-small"
            onClick={() => setAsking(false)}
          >
            {text.cancel}
          </button>
        </div>
      </Show>
    </div>
  );
}

function KeyForm(props: {
  choices: readonly KeyProvider[];
  /** The key that is replaced. */
  stored?: ProviderKey;
  onSave(provider: KeyProvider, key: { key: string; baseUrl?: string }): Promise<void>;
  onClose(): void;
}) {
  const id = createUniqueId();
  const [provider, setProvider] = createSignal<KeyProvider>(props.choices[0] ?? "anthropic");
  const [key, setKey] = createSignal("");
  const [baseURL, setBaseURL] = createSignal(props.stored?.baseUrl ?? "");
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal("");
  const isOther = () => provider() === "compatible";
  let first!: HTMLElement;
  onMount(() => first.focus());

  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setFailure("");
    const url = baseURL().trim();
    try {
      await props.onSave(provider(), { key: key().trim(), ...(url === "" ? {} : { baseUrl: url }) });
      toast(text.saved(text.providers[provider()]));
      props.onClose();
    } catch (error) {
      setFailure(messageOf(error));
      setBusy(false);
    }
  }

  return (
    <form class="flex max-w-lg flex-col gap-3 text-sm" onSubmit={(event) => void save(event)}>
      <label class="flex flex-col gap-1">
        {text.provider}
        <select
          ref={(element) => (first = element)}
          class="field"
          disabled={props.stored !== undefined}
          value={provider()}
          onChange={(event) => {
            const chosen = KeyProvider.safeParse(event.currentTarget.value).data;
            if (chosen) setProvider(chosen);
          }}
        >
          <For each={props.choices}>{(each) => <option value={each}>{text.providers[each]}</option>}</For>
        </select>
      </label>
      <div class="flex flex-col gap-1">
        <label for={`${id}-key`}>{isOther() ? text.keyOptional : text.key}</label>
        <input
          id={`${id}-key`}
          ref={(element) => props.stored && (first = element)}
          class="field font-mono"
          type="password"
          autocomplete="off"
          maxlength={1000}
          required={!isOther()}
          aria-describedby={`${id}-key-about`}
          value={key()}
          onInput={(event) => setKey(event.currentTarget.value)}
        />
        <span id={`${id}-key-about`} class="text-xs text-quiet">
          {text.keyAbout}
        </span>
      </div>
      <div class="flex flex-col gap-1">
        <label for={`${id}-url`}>{isOther() ? text.baseURL : text.baseURLOptional}</label>
        <input
          id={`${id}-url`}
          class="field font-mono"
          inputmode="url"
          autocomplete="off"
          spellcheck={false}
          maxlength={500}
          required={isOther()}
          placeholder={isOther() ? text.baseURLExample : ""}
          aria-describedby={`${id}-url-about`}
          value={baseURL()}
          onInput={(event) => setBaseURL(event.currentTarget.value)}
        />
        <span id={`${id}-url-about`} class="text-xs text-quiet">
          {text.baseURLAbout}
        </span>
      </div>
      <Show when={failure()}>
        <p role="alert" class="rounded-sm bg-bad-soft px-3 py-2">
          {failure()}
        </p>
      </Show>
      <div class="flex flex-wrap gap-2">
        <button class="button button-main" disabled={busy()}>
          {busy() ? text.checking : text.save}
        </button>
        <button type="button" class="button" onClick={() => props.onClose()}>
          {text.cancel}
        </button>
      </div>
    </form>
  );
}
