import { createResource, createSignal, For, Show } from "solid-js";
import { text as loading } from "#text/loading.ts";
import { text } from "#text/sign-in.ts";
import { messageOf } from "../api/api-error.ts";
import { listProviders, postForm, type Provider } from "../api/auth.ts";
import { Dialog } from "../components/dialog.tsx";
import { Failure } from "../components/failure.tsx";
import { latest } from "../components/latest.ts";

/** Signs in by name on a local machine, or through one of the deployment's providers. */
export default function SignInDialog(props: {
  open: boolean;
  /** Of a person who has been signed in before. */
  again: boolean;
  /** The code of why the last attempt failed. */
  refusal?: string | undefined;
  onClose(): void;
}) {
  const [providers, { refetch }] = createResource(() => props.open, listProviders);
  const [failure, setFailure] = createSignal(
    props.refusal === undefined ? "" : (text.refusals.get(props.refusal) ?? text.failed),
  );
  const [busy, setBusy] = createSignal(false);
  const others = () => (latest(providers) ?? []).filter(({ id }) => id !== "local");

  async function continueLocally(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setFailure("");
    try {
      const given = ["name", "plan", "role"].flatMap((field) => {
        const value = form.get(field);
        return typeof value === "string" && value !== "" ? [[field, value] as const] : [];
      });
      const url = await postForm("/api/auth/callback/local", Object.fromEntries(given));
      if (url === undefined || url.includes("error=")) throw new Error(text.nameRefused);
      location.reload();
    } catch (error) {
      setFailure(messageOf(error));
      setBusy(false);
    }
  }

  async function continueWith(provider: Provider): Promise<void> {
    setFailure("");
    try {
      const url = await postForm(`/api/auth/signin/${provider.id}`, { callbackUrl: location.href });
      if (url) location.assign(url);
      else setFailure(text.providerUnreachable(provider.name));
    } catch (error) {
      setFailure(messageOf(error));
    }
  }

  return (
    <Dialog open={props.open} title={props.again ? text.titleAgain : text.title} onClose={props.onClose}>
      <Show when={props.again}>
        <p class="text-sm">{text.expired}</p>
      </Show>
      <Show
        when={latest(providers)}
        fallback={
          <Show when={providers.error} fallback={<div class="skeleton h-24" />}>
            {(error) => <Failure what={loading.signIn} error={error()} retry={() => void refetch()} />}
          </Show>
        }
      >
        <Show when={latest(providers)?.some(({ id }) => id === "local")}>
          <form class="flex flex-col gap-3" onSubmit={(event) => void continueLocally(event)}>
            <label class="flex flex-col gap-1 text-sm">
              {text.name}
              <input class="field" name="name" required maxlength={60} autocomplete="username" autofocus />
            </label>
            <label class="flex flex-col gap-1 text-sm">
              {text.plan}
              <select class="field" name="plan">
                <option value="">{text.keepPlan}</option>
                <option value="free">{text.free}</option>
                <option value="pro">{text.pro}</option>
              </select>
            </label>
            <label class="flex flex-col gap-1 text-sm">
              {text.role}
              <select class="field" name="role">
                <option value="">{text.keepRole}</option>
                <option value="member">{text.member}</option>
                <option value="admin">{text.admin}</option>
              </select>
            </label>
            <p class="text-xs text-quiet">{text.localAbout}</p>
            <button class="button button-main" disabled={busy()}>
              {busy() ? text.signingIn : text.continue}
            </button>
          </form>
        </Show>
        <For each={others()}>
          {(provider) => (
            <button class="button" onClick={() => void continueWith(provider)}>
              {text.continueWith(provider.name)}
            </button>
          )}
        </For>
      </Show>
      <Show when={providers.error}>
        <p role="alert" class="text-sm text-bad">
          {messageOf(providers.error)}
        </p>
      </Show>
      <Show when={failure()}>
        <p role="alert" class="text-sm text-bad">
          {failure()}
        </p>
      </Show>
    </Dialog>
  );
}
