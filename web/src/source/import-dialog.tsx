import { useNavigate } from "@solidjs/router";
import { createResource, createSignal, Show } from "solid-js";
import { parseRepositoryURL, type RepositoryURL } from "@slipway/contract/repository-url";
import { importRepository } from "@slipway/contract/routes/github";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { Dialog } from "../components/dialog.tsx";
import { latest } from "../components/latest.ts";
import { connectGitHub, readConnection, wantsConnection } from "../stores/github-connection.ts";

/** Imports a repository by its address, validated as it is typed. A private one offers to connect GitHub first. */
export default function ImportDialog(props: { open: boolean; address: string; onClose(): void }) {
  const navigate = useNavigate();
  const [address, setAddress] = createSignal(props.address);
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<unknown>();
  const [connection] = createResource(readConnection);
  const known = () => latest(connection);
  const parsed = () => parseRepositoryURL(address(), known()?.host);
  const isEmpty = () => address().trim() === "";
  const problem = () => {
    const read = parsed();
    return isEmpty() || read.ok ? "" : read.reason;
  };

  async function begin(): Promise<void> {
    if (!parsed().ok || busy()) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const { projectId } = await call(importRepository, { body: { url: address().trim() } });
      props.onClose();
      navigate(`/projects/${projectId}`);
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  }

  const connect = () => connectGitHub(`/?import=${encodeURIComponent(address().trim())}`);

  return (
    <Dialog open={props.open} title="Import from GitHub" onClose={props.onClose}>
      <form
        class="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void begin();
        }}
      >
        <label class="flex flex-col gap-1 text-sm">
          Repository
          <input
            class="field"
            type="text"
            inputmode="url"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            autofocus
            placeholder="https://github.com/owner/repository"
            value={address()}
            disabled={busy()}
            aria-invalid={problem() !== ""}
            aria-describedby="import-reading"
            onInput={(event) => {
              setAddress(event.currentTarget.value);
              setFailure(undefined);
            }}
          />
        </label>
        <p id="import-reading" class="min-h-5 text-xs text-quiet" aria-live="polite">
          <Show
            when={!isEmpty()}
            fallback="Any form will do: a link to a repository, a branch, a folder, a tag, a commit or a pull request, or owner/repository."
          >
            <Show when={reading(parsed())} fallback={<span class="text-warn">{problem()}</span>}>
              {(read) => <>{read()}</>}
            </Show>
          </Show>
        </p>
        <Show when={failure()}>
          <div role="alert" class="flex flex-wrap items-center gap-3 rounded-sm bg-bad-soft p-3 text-sm">
            <span class="min-w-0 grow basis-48">{messageOf(failure())}</span>
            <Show when={wantsConnection(failure()) && known()?.canConnect}>
              <button type="button" class="button button-small" onClick={() => void connect()}>
                Connect GitHub
              </button>
            </Show>
          </div>
        </Show>
        <button class="button button-main" disabled={busy() || !parsed().ok}>
          {busy() ? "Looking at the repository…" : "Import"}
        </button>
        <p class="flex flex-wrap items-center gap-x-2 text-xs text-quiet">
          <Show when={known()} fallback={<span>Public repositories need no account.</span>}>
            {(now) => (
              <Show
                when={now().login}
                fallback={
                  <>
                    <span>Public repositories need no account.</span>
                    <Show when={now().canConnect}>
                      <button type="button" class="text-accent underline" onClick={() => void connect()}>
                        Connect GitHub for private ones
                      </button>
                    </Show>
                  </>
                }
              >
                <span>Connected as {now().login}.</span>
                <Show when={now().kind === "oauth" && !now().scopes.includes("repo") && now().canConnect}>
                  <button type="button" class="text-accent underline" onClick={() => void connect()}>
                    Connect private repositories too
                  </button>
                </Show>
                <Show when={now().installURL}>
                  {(url) => (
                    <a class="text-accent underline" href={url()} target="_blank" rel="noopener">
                      Choose repositories
                    </a>
                  )}
                </Show>
              </Show>
            )}
          </Show>
        </p>
      </form>
    </Dialog>
  );
}

/** What the address refers to, for people. */
function reading(parsed: ReturnType<typeof parseRepositoryURL>): string | undefined {
  if (!parsed.ok) return undefined;
  const { owner, repo, at } = parsed.url;
  return `${owner}/${repo}, ${part(at)}`;
}

function part(at: RepositoryURL["at"]): string {
  switch (at.kind) {
    case "default":
      return "its default branch";
    case "ref":
      return `branch or tag ${at.name}`;
    case "path":
      return at.segments.length === 1 ? `branch ${at.segments[0]}` : at.segments.join("/");
    case "pull":
      return `pull request #${at.number}`;
    case "commit":
      return `commit ${at.sha.slice(0, 10)}`;
  }
}
