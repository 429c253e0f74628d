import { useNavigate } from "@solidjs/router";
import { createResource, createSignal, Show } from "solid-js";
import { text } from "#text/source.ts";
import { parseRepositoryURL, type RepositoryURL } from "@slipway/contract/repository-url";
import { importRepository } from "@slipway/contract/routes/github";
import { ApiError, messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { Dialog } from "../components/dialog.tsx";
import { latest } from "../components/latest.ts";
import { OwnRepositories } from "./own-repositories.tsx";
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
  let field: HTMLInputElement | undefined;
  const isEmpty = () => address().trim() === "";
  const problem = () => {
    const read = parsed();
    // A word may be a search among one's own repositories.
    const isSearch = known()?.login !== undefined && !/[/:]/.test(address());
    return isEmpty() || read.ok || isSearch ? "" : read.reason;
  };
  /** A person who is connected already gains nothing from connecting again. */
  const mayConnect = () => {
    const error = failure();
    const isLimit = error instanceof ApiError && error.code === "rate_limited";
    return (
      wantsConnection(failure()) !== undefined && known()?.canConnect && !(isLimit && known()?.login !== undefined)
    );
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
    <Dialog open={props.open} title={text.import.title} onClose={props.onClose}>
      <form
        class="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void begin();
        }}
      >
        <label class="flex flex-col gap-1 text-sm">
          {text.import.address}
          <input
            ref={(element) => (field = element)}
            class="field"
            type="text"
            inputmode="url"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            autofocus
            placeholder={text.import.placeholder}
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
          <Show when={!isEmpty()} fallback={text.import.forms}>
            <Show when={reading(parsed())} fallback={<span class="text-warn">{problem()}</span>}>
              {(read) => <>{read()}</>}
            </Show>
          </Show>
        </p>
        <Show when={failure()}>
          <div role="alert" class="flex flex-wrap items-center gap-3 rounded-sm bg-bad-soft p-3 text-sm">
            <span class="min-w-0 grow basis-48">{messageOf(failure())}</span>
            <Show when={mayConnect()}>
              <button type="button" class="button button-small" onClick={() => void connect()}>
                {text.connectGitHub}
              </button>
            </Show>
          </div>
        </Show>
        <button class="button button-main" disabled={busy() || !parsed().ok}>
          {busy() ? text.import.looking : text.import.import}
        </button>
        <Show when={known()?.login}>
          <OwnRepositories
            words={address()}
            disabled={busy()}
            onChoose={(repository) => {
              setAddress(repository);
              setFailure(undefined);
              field?.focus();
            }}
          />
        </Show>
        <p class="flex flex-wrap items-center gap-x-2 text-xs text-quiet">
          <Show when={known()} fallback={<span>{text.import.public}</span>}>
            {(now) => (
              <Show
                when={now().login}
                fallback={
                  <>
                    <span>{text.import.public}</span>
                    <Show when={now().canConnect}>
                      <button type="button" class="text-accent underline" onClick={() => void connect()}>
                        {text.import.connectForPrivate}
                      </button>
                    </Show>
                  </>
                }
              >
                <span>{text.import.connectedAs(now().login ?? "")}</span>
                <Show when={now().kind === "oauth" && !now().scopes.includes("repo") && now().canConnect}>
                  <button type="button" class="text-accent underline" onClick={() => void connect()}>
                    {text.import.connectPrivateToo}
                  </button>
                </Show>
                <Show when={now().installURL}>
                  {(url) => (
                    <a class="text-accent underline" href={url()} target="_blank" rel="noopener">
                      {text.import.chooseRepositories}
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
  return part(`${owner}/${repo}`, at);
}

function part(repository: string, at: RepositoryURL["at"]): string {
  const { reading: read } = text.import;
  switch (at.kind) {
    case "default":
      return read.default(repository);
    case "ref":
      return read.ref(repository, at.name);
    case "path":
      return at.segments.length === 1
        ? read.branch(repository, at.segments[0] ?? "")
        : read.path(repository, at.segments.join("/"));
    case "pull":
      return read.pull(repository, at.number);
    case "commit":
      return read.commit(repository, at.sha.slice(0, 10));
  }
}
