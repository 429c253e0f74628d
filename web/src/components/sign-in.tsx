import { createResource, createSignal, For, Show } from "solid-js";
import { get, messageOf } from "../api.ts";
import { Dialog } from "./dialog.tsx";

interface Provider {
  id: string;
  name: string;
}

async function csrfToken(): Promise<string> {
  return (await get<{ csrfToken: string }>("/api/auth/csrf")).csrfToken;
}

async function postForm(path: string, fields: Record<string, string>): Promise<string | undefined> {
  const reply = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", "x-auth-return-redirect": "1" },
    body: new URLSearchParams({ ...fields, csrfToken: await csrfToken() }),
  });
  return ((await reply.json().catch(() => ({}))) as { url?: string }).url;
}

export async function signOut(): Promise<void> {
  await postForm("/api/auth/signout", { callbackUrl: "/" });
  location.assign("/");
}

/** Sign-in over the page: by name on one's own machine, or through what the deployment offers. */
export function SignInDialog(props: { open: boolean; onClose(): void }) {
  const [providers] = createResource(
    () => props.open,
    async () => Object.values(await get<Record<string, Provider>>("/api/auth/providers")),
  );
  const [failure, setFailure] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  const others = () => (providers() ?? []).filter(({ id }) => id !== "local");

  async function continueLocally(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setFailure("");
    try {
      const [name, plan] = ["name", "plan"].map((field) => form.get(field));
      const url = await postForm("/api/auth/callback/local", {
        name: typeof name === "string" ? name : "",
        plan: typeof plan === "string" ? plan : "free",
      });
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
    <Dialog open={props.open} title="Sign in" onClose={props.onClose}>
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
                <option value="free">Free, 5 runs a month</option>
                <option value="pro">Pro, 15 runs a month</option>
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
