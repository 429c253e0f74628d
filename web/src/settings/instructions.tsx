import { createResource, createSignal, onMount, Show } from "solid-js";
import { maxInstructionsLength as limit } from "@slipway/contract/instruction";
import * as routes from "@slipway/contract/routes/instruction";
import { text as common } from "#text/common.ts";
import { text } from "#text/instructions.ts";
import { messageOf } from "../api/api-error.ts";
import { readText, writeText } from "../api/browser-store.ts";
import { call } from "../api/call.ts";
import { pageState } from "../api/page-state.ts";
import { latest } from "../components/latest.ts";
import { Section } from "../components/section.tsx";
import { isComposing } from "../components/typing.ts";

const own = { get: routes.getOwnInstructions, set: routes.setOwnInstructions };
const team = { get: routes.getTeamInstructions, set: routes.setTeamInstructions };

/** What a person, or the team, tells the agent in every conversation. */
export function InstructionsSection(props: { of: "own" | "team"; onChanged?(): void }) {
  const api = props.of === "own" ? own : team;
  const [mounted, setMounted] = createSignal(false);
  // Unsaved text outlives a reload and other pages, in this tab and for this person.
  const draftKey = `instructions ${props.of} ${pageState().user?.id ?? ""}`;
  onMount(() => {
    setDraft(readText(draftKey, "session"));
    setMounted(true);
  });
  const [stored, { mutate, refetch }] = createResource(mounted, () => call(api.get));
  const known = () => (stored.error ? undefined : latest(stored));
  const [draft, setDraft] = createSignal<string>();
  const [busy, setBusy] = createSignal(false);
  const [saved, setSaved] = createSignal(false);
  const [failure, setFailure] = createSignal<string>();
  const isChanged = () => draft() !== undefined && draft() !== known()?.text;

  function write(next: string | undefined): void {
    setDraft(next);
    writeText(draftKey, next, "session");
  }
  async function save(): Promise<void> {
    const written = draft();
    if (written === undefined || !isChanged() || busy()) return;
    setBusy(true);
    setFailure(undefined);
    try {
      mutate(await call(api.set, { body: { text: written } }));
      // What was typed meanwhile is still unsaved.
      if (draft() === written) {
        write(undefined);
        setSaved(true);
      }
      props.onChanged?.();
    } catch (error) {
      setFailure(messageOf(error));
    } finally {
      setBusy(false);
    }
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Enter" || isComposing(event) || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void save();
  }

  return (
    <Section id="instructions" title={text.title} about={text.about[props.of]}>
      <Show
        when={!stored.error}
        fallback={
          <p role="alert" class="flex items-center gap-3 text-sm">
            {messageOf(stored.error)}
            <button class="button button-small" onClick={() => void refetch()}>
              {common.tryAgain}
            </button>
          </p>
        }
      >
        <Show when={known()} fallback={<div class="skeleton h-32" aria-busy="true" />}>
          {(instructions) => (
            <form class="flex flex-col gap-2" onSubmit={(event) => (event.preventDefault(), void save())}>
              <textarea
                class="field min-h-32 resize-y"
                rows={6}
                maxlength={limit}
                aria-label={text.title}
                placeholder={text.example[props.of]}
                value={draft() ?? instructions().text}
                onInput={(event) => (write(event.currentTarget.value), setSaved(false))}
                onKeyDown={onKeyDown}
              />
              <div class="flex items-center gap-3">
                <button class="button" disabled={!isChanged() || busy()}>
                  {busy() ? common.saving : text.update}
                </button>
                <span role="status" class="text-sm text-quiet">
                  {saved() ? text.saved : ""}
                </span>
                <span class="ml-auto text-xs text-quiet tabular-nums">
                  {text.length((draft() ?? instructions().text).length, limit)}
                </span>
              </div>
              <Show when={failure()}>
                <p role="alert" class="text-sm text-bad">
                  {failure()}
                </p>
              </Show>
            </form>
          )}
        </Show>
      </Show>
    </Section>
  );
}
