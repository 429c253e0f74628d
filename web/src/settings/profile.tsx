import { createSignal, Show } from "solid-js";
import { updateMe } from "@slipway/contract/routes/user";
import { text as common } from "#text/common.ts";
import { text } from "#text/settings.ts";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { pageState } from "../api/page-state.ts";
import { Section } from "../components/section.tsx";
import { toast } from "../components/toasts.tsx";

export function ProfileSection() {
  const { user } = pageState();
  const [name, setName] = createSignal(user?.name ?? "");
  const [saved, setSaved] = createSignal(user?.name ?? "");
  const [failure, setFailure] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setFailure("");
    try {
      setSaved((await call(updateMe, { body: { name: name() } })).name);
      setName(saved());
      toast(text.nameSaved);
    } catch (error) {
      setFailure(messageOf(error));
    } finally {
      setBusy(false);
    }
  }
  return (
    <Section id="profile" title={text.profile}>
      <form class="flex flex-wrap items-end gap-3" onSubmit={(event) => void save(event)}>
        <label class="flex min-w-48 grow flex-col gap-1 text-sm">
          {text.name}
          <input
            class="field"
            value={name()}
            maxlength={60}
            required
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <button class="button" disabled={busy() || name().trim() === "" || name() === saved()}>
          {busy() ? common.saving : common.save}
        </button>
      </form>
      <Show when={failure()}>
        <p role="alert" class="text-sm text-bad">
          {failure()}
        </p>
      </Show>
    </Section>
  );
}
