import { createResource, createSignal, onMount, Show } from "solid-js";
import { disconnectGitHub } from "@slipway/contract/routes/github";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { latest } from "../components/latest.ts";
import { Section } from "../components/section.tsx";
import { toast } from "../components/toasts.tsx";
import { connectGitHub, readConnection, showConnectionResult } from "../stores/github-connection.ts";

/** The person's GitHub account, and how to disconnect it. */
export function GitHubSection() {
  const [mounted, setMounted] = createSignal(false);
  onMount(() => (setMounted(true), showConnectionResult()));
  const [connection, { refetch }] = createResource(mounted, readConnection);
  const [busy, setBusy] = createSignal(false);
  const known = () => latest(connection);

  async function disconnect(): Promise<void> {
    setBusy(true);
    try {
      const { revoked } = await call(disconnectGitHub);
      toast(
        revoked
          ? "Disconnected, here and on GitHub."
          : "Disconnected here. GitHub did not answer: take Slipway out of your applications there, too.",
      );
    } catch (error) {
      toast(messageOf(error));
    } finally {
      setBusy(false);
      await refetch();
    }
  }

  return (
    <Section title="GitHub" about="For private repositories, and for exports, which are made as you.">
      <Show when={connection.error}>
        <p role="alert" class="flex items-center gap-3 text-sm">
          {messageOf(connection.error)}
          <button class="button button-small" onClick={() => void refetch()}>
            Try again
          </button>
        </p>
      </Show>
      <Show when={!connection.error}>
        <Show when={known()} fallback={<div class="skeleton h-10" />}>
          {(now) => (
            <div class="flex flex-wrap items-center justify-between gap-3">
              <p class="text-sm">
                <Show
                  when={now().login}
                  fallback={
                    now().canConnect
                      ? `Not connected to ${now().host}.`
                      : `This deployment was given no app of ${now().host}, so only public repositories can be imported. An admin finds how in the README.`
                  }
                >
                  {(login) => (
                    <>
                      Connected to {now().host} as <strong>{login()}</strong>
                      <Show when={now().scopes.length > 0}>
                        <span class="block text-xs text-quiet">Permissions: {now().scopes.join(", ")}</span>
                      </Show>
                    </>
                  )}
                </Show>
              </p>
              <div class="flex flex-wrap gap-2">
                <Show when={now().login && now().installURL}>
                  {(url) => (
                    <a class="button" href={url()} target="_blank" rel="noopener">
                      Choose repositories
                    </a>
                  )}
                </Show>
                <Show
                  when={now().login && now().kind === "oauth" && !now().scopes.includes("repo") && now().canConnect}
                >
                  <button class="button button-main" onClick={() => void connectGitHub("/settings")}>
                    Connect repositories
                  </button>
                </Show>
                <Show
                  when={now().login}
                  fallback={
                    <Show when={now().canConnect}>
                      <button class="button button-main" onClick={() => void connectGitHub("/settings")}>
                        Connect GitHub
                      </button>
                    </Show>
                  }
                >
                  <button class="button" disabled={busy()} onClick={() => void disconnect()}>
                    {busy() ? "Disconnecting…" : "Disconnect"}
                  </button>
                </Show>
              </div>
            </div>
          )}
        </Show>
      </Show>
    </Section>
  );
}
