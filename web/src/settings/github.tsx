import { createResource, createSignal, onMount, Show } from "solid-js";
import { disconnectGitHub } from "@slipway/contract/routes/github";
import { text as common } from "#text/common.ts";
import { text } from "#text/settings.ts";
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
      toast(revoked ? text.disconnected : text.disconnectedHere);
    } catch (error) {
      toast(messageOf(error));
    } finally {
      setBusy(false);
      await refetch();
    }
  }

  return (
    <Section id="github" title={text.github} about={text.githubAbout}>
      <Show when={connection.error}>
        <p role="alert" class="flex items-center gap-3 text-sm">
          {messageOf(connection.error)}
          <button class="button button-small" onClick={() => void refetch()}>
            {common.tryAgain}
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
                  fallback={now().canConnect ? text.notConnected(now().host) : text.notConfigured(now().host)}
                >
                  {(login) => (
                    <>
                      {text.connectedAs(now().host, login())}
                      <Show when={now().scopes.length > 0}>
                        <span class="block text-xs text-quiet">{text.permissions(now().scopes)}</span>
                      </Show>
                    </>
                  )}
                </Show>
              </p>
              <div class="flex flex-wrap gap-2">
                <Show when={now().login && now().installURL}>
                  {(url) => (
                    <a class="button" href={url()} target="_blank" rel="noopener">
                      {text.chooseRepositories}
                    </a>
                  )}
                </Show>
                <Show
                  when={now().login && now().kind === "oauth" && !now().scopes.includes("repo") && now().canConnect}
                >
                  <button class="button button-main" onClick={() => void connectGitHub("/settings")}>
                    {text.connectRepositories}
                  </button>
                </Show>
                <Show
                  when={now().login}
                  fallback={
                    <Show when={now().canConnect}>
                      <button class="button button-main" onClick={() => void connectGitHub("/settings")}>
                        {text.connectGitHub}
                      </button>
                    </Show>
                  }
                >
                  <button class="button" disabled={busy()} onClick={() => void disconnect()}>
                    {busy() ? text.disconnecting : text.disconnect}
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
