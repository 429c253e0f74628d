import { createResource, createSignal, Show } from "solid-js";
import type { Source } from "@slipway/contract/github";
import { draftPullRequest } from "@slipway/contract/routes/github";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { Dialog } from "../components/dialog.tsx";
import { latest } from "../components/latest.ts";
import { Toggle } from "../components/section.tsx";
import { connectGitHub, wantsConnection } from "../stores/github-connection.ts";
import { keepExport, type KeptExport } from "./kept-export.ts";
import type { SourceStore } from "./source-store.ts";

/** Why an export could not start, and the fix if there is one. */
function Refusal(props: { error: unknown; projectID: string; keep(): KeptExport }) {
  return (
    <Show when={props.error}>
      <div role="alert" class="flex flex-wrap items-center gap-3 rounded-sm bg-bad-soft p-3 text-sm">
        <span class="min-w-0 grow basis-48">{messageOf(props.error)}</span>
        <Show when={wantsConnection(props.error)}>
          {(how) => (
            <button
              type="button"
              class="button button-small"
              onClick={() => {
                keepExport(props.projectID, props.keep());
                void connectGitHub(location.pathname + location.search, how().workflow);
              }}
            >
              Connect GitHub
            </button>
          )}
        </Show>
      </div>
    </Show>
  );
}

/** Title and description of a pull request or a further commit, drafted from the conversations. */
export function PullRequestDialog(props: {
  projectID: string;
  source: Source;
  files: number;
  store: SourceStore;
  kept?: KeptExport | undefined;
  onClose(): void;
}) {
  const kept = props.kept?.kind === "pull-request" ? props.kept : undefined;
  const [draft] = createResource(() => call(draftPullRequest, { params: { id: props.projectID } }));
  const [title, setTitle] = createSignal(kept?.title);
  const [body, setBody] = createSignal(kept?.body);
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<unknown>();
  const drafted = () => latest(draft);
  const shownTitle = () => title() ?? drafted()?.title ?? "";
  const shownBody = () => body() ?? drafted()?.body ?? "";
  const pull = () => props.source.pull;

  async function send(): Promise<void> {
    setBusy(true);
    setFailure(undefined);
    try {
      await props.store.exportTo({ pullRequest: { title: shownTitle().trim(), body: shownBody() } });
      props.onClose();
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      wide
      title={pull() ? `Add to pull request #${pull()?.number}` : "Open a pull request"}
      onClose={props.onClose}
    >
      <form
        class="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <p class="text-sm text-quiet">
          {props.files} changed {props.files === 1 ? "file" : "files"} of {props.source.repository}{" "}
          {pull()
            ? `as one more commit on ${pull()?.branch}`
            : `on a branch of its own, into ${props.source.branch ?? "the default branch"}`}
          . Nothing is ever forced.
        </p>
        <Show when={drafted() ?? draft.error} fallback={<div class="skeleton h-40" aria-label="Drafting" />}>
          <label class="flex flex-col gap-1 text-sm">
            Title
            <input
              class="field"
              value={shownTitle()}
              maxlength={256}
              required
              autofocus
              disabled={busy()}
              onInput={(event) => setTitle(event.currentTarget.value)}
            />
          </label>
          <label class="flex flex-col gap-1 text-sm">
            What and why
            <textarea
              class="field min-h-48 resize-y font-mono text-sm"
              value={shownBody()}
              maxlength={60_000}
              disabled={busy()}
              onInput={(event) => setBody(event.currentTarget.value)}
            />
          </label>
        </Show>
        <Refusal
          error={failure()}
          projectID={props.projectID}
          keep={() => ({ kind: "pull-request", title: shownTitle(), body: shownBody() })}
        />
        <button class="button button-main" disabled={busy() || shownTitle().trim() === ""}>
          {busy() ? "Starting…" : pull() ? "Add the commit" : "Open pull request"}
        </button>
      </form>
    </Dialog>
  );
}

const namePattern = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;

/** Exports the whole project to a new repository of the person. */
export function NewRepositoryDialog(props: {
  projectID: string;
  name: string;
  store: SourceStore;
  kept?: KeptExport | undefined;
  onClose(): void;
}) {
  const kept = props.kept?.kind === "repository" ? props.kept : undefined;
  const [name, setName] = createSignal(
    kept?.name ??
      props.name
        .trim()
        .replace(/[^A-Za-z0-9._-]+/g, "-")
        .replace(/^-+|-+$/g, "")
        .slice(0, 100),
  );
  const [description, setDescription] = createSignal(kept?.description ?? "");
  const [isPrivate, setPrivate] = createSignal(kept?.isPrivate ?? true);
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<unknown>();
  const fits = () => namePattern.test(name());

  async function send(): Promise<void> {
    if (!fits()) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await props.store.exportTo({
        repository: { name: name(), description: description(), isPrivate: isPrivate() },
      });
      props.onClose();
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  }

  return (
    <Dialog open title="Export to a new repository" onClose={props.onClose}>
      <form
        class="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <label class="flex flex-col gap-1 text-sm">
          Name
          <input
            class="field"
            value={name()}
            maxlength={100}
            required
            autofocus
            autocomplete="off"
            spellcheck={false}
            aria-invalid={!fits()}
            aria-describedby="repository-name"
            disabled={busy()}
            onInput={(event) => setName(event.currentTarget.value)}
          />
          <span id="repository-name" class="text-xs" classList={{ "text-warn": !fits(), "text-quiet": fits() }}>
            Letters, digits, dots, hyphens and underscores; up to 100.
          </span>
        </label>
        <label class="flex flex-col gap-1 text-sm">
          Description
          <input
            class="field"
            value={description()}
            maxlength={350}
            disabled={busy()}
            onInput={(event) => setDescription(event.currentTarget.value)}
          />
        </label>
        <Toggle
          label="Private"
          about="Only you, and whom you invite, can see it."
          checked={isPrivate()}
          onChange={setPrivate}
        />
        <Refusal
          error={failure()}
          projectID={props.projectID}
          keep={() => ({ kind: "repository", name: name(), description: description(), isPrivate: isPrivate() })}
        />
        <button class="button button-main" disabled={busy() || !fits()}>
          {busy() ? "Starting…" : "Export"}
        </button>
      </form>
    </Dialog>
  );
}
