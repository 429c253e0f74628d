import { createResource, createSignal, For, Show } from "solid-js";
import { messageOf } from "../api/api-error.ts";
import { Dialog } from "../components/dialog.tsx";
import { listProviders, postForm, type Provider } from "../api/auth.ts";

/** Signs in by name on a local machine, or through one of the deployment's providers. */
export default function SignInDialog(props: {
  open: boolean;
  why?: string | undefined;
  /** Why the last attempt failed. */
  refusal?: string | undefined;
  onClose(): void;
}) {
  const [providers] = createResource(() => props.open, listProviders);
  const [failure, setFailure] = createSignal(props.refusal ?? "");
  const [busy, setBusy] = createSignal(false);
  const others = () => (providers() ?? []).filter(({ id }) => id !== "local");

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
      if (url === undefined || url.includes("error="))
        throw new Error("That name was not accepted. Use up to 60 letters.");
      location.reload();
    } catch (error) {
      setFailure(messageOf(error));
      setBusy(false);
    }
  }

  async function continueWith(provider: Provider): Promise<void> {
    const url = await postForm(`/api/auth/signin/${provider.id}`, { callbackUrl: location.href });
    if (url) location.assign(url);
    else setFailure(`${provider.name} could not be reached.`);
  }

  return (
    <Dialog open={props.open} title={props.why ? "Sign in again" : "Sign in"} onClose={props.onClose}>
      <Show when={props.why}>
        <p class="text-sm">{props.why}</p>
      </Show>
      <Show when={providers()} fallback={<div class="skeleton h-24" />}>
        <Show when={providers()?.some(({ id }) => id === "local")}>
          <form class="flex flex-col gap-3" onSubmit={(event) => void continueLocally(event)}>
            <label class="flex flex-col gap-1 text-sm">
              Name
              <input class="field" name="name" required maxlength={60} autocomplete="username" autofocus />
            </label>
            <label class="flex flex-col gap-1 text-sm">
              Plan
              <select class="field" name="plan">
                <option value="">As before; Free for a new name</option>
                <option value="free">Free</option>
                <option value="pro">Pro</option>
              </select>
            </label>
            <label class="flex flex-col gap-1 text-sm">
              Role
              <select class="field" name="role">
                <option value="">As before; member for a new name</option>
                <option value="member">Member</option>
                <option value="admin">Admin of the team</option>
              </select>
            </label>
            <p class="text-xs text-quiet">
              On your own machine a name is enough; the same name finds the same projects.
            </p>
            <button class="button button-main" disabled={busy()}>
              {busy() ? "Signing in…" : "Continue"}
            </button>
          </form>
        </Show>
        <For each={others()}>
          {(provider) => (
            <button class="button" onClick={() => void continueWith(provider)}>
              Continue with {provider.name}
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
