import { createResource, createSignal, For, Show } from "solid-js";
import { text } from "#text/source.ts";
import { headOf } from "@slipway/contract/cut";
import { BranchName, RepositoryName, type Source } from "@slipway/contract/github";
import { draftPullRequest, listBranches } from "@slipway/contract/routes/github";
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
              {text.connectGitHub}
            </button>
          )}
        </Show>
      </div>
    </Show>
  );
}

/** A pull request, or a further commit to the open one, drafted from the conversations. */
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
  // The message of the panel: a title, and a description after it.
  const [first = "", ...rest] = props.store.message().trim().split("\n");
  const typed = first === "" ? undefined : { title: headOf(first, 256), body: rest.join("\n").trim() };
  const [title, setTitle] = createSignal(kept?.title ?? typed?.title);
  const [body, setBody] = createSignal(kept?.body ?? typed?.body);
  const [branch, setBranch] = createSignal("");
  const [base, setBase] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<unknown>();
  const drafted = () => latest(draft);
  const shownTitle = () => title() ?? drafted()?.title ?? "";
  const shownBody = () => body() ?? drafted()?.body ?? "";
  const pull = () => (props.source.pull?.isMerged ? undefined : props.source.pull);
  const isBranch = () => branch().trim() === "" || BranchName.safeParse(branch().trim()).success;

  async function send(): Promise<void> {
    setBusy(true);
    setFailure(undefined);
    try {
      await props.store.exportTo({
        pullRequest: {
          title: shownTitle().trim(),
          body: shownBody(),
          ...(branch().trim() === "" ? {} : { branch: branch().trim() }),
          ...(base() === "" ? {} : { base: base() }),
        },
      });
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
      title={pull() ? text.pullRequest.addTitle(pull()?.number ?? 0) : text.pullRequest.title}
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
          <Show
            when={pull()}
            fallback={text.pullRequest.about(
              props.files,
              props.source.repository,
              base() || (props.source.branch ?? text.pullRequest.defaultBranch),
            )}
          >
            {(open) => text.pullRequest.addAbout(props.files, open().branch)}
          </Show>{" "}
          {text.pullRequest.neverForced}
        </p>
        <Show
          when={drafted() ?? draft.error}
          fallback={<div class="skeleton h-40" aria-label={text.pullRequest.drafting} />}
        >
          <label class="flex flex-col gap-1 text-sm">
            {text.pullRequest.name}
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
            {text.pullRequest.description}
            <textarea
              class="field min-h-48 resize-y font-mono text-sm"
              value={shownBody()}
              maxlength={60_000}
              disabled={busy()}
              onInput={(event) => setBody(event.currentTarget.value)}
            />
          </label>
        </Show>
        <Show when={!pull()}>
          <Branches
            projectID={props.projectID}
            source={props.source}
            branch={branch()}
            isBranch={isBranch()}
            base={base()}
            onBranch={setBranch}
            onBase={setBase}
          />
        </Show>
        <Refusal
          error={failure()}
          projectID={props.projectID}
          keep={() => ({ kind: "pull-request", title: shownTitle(), body: shownBody() })}
        />
        <button class="button button-main" disabled={busy() || shownTitle().trim() === "" || !isBranch()}>
          {busy() ? text.starting : pull() ? text.pullRequest.add : text.pullRequest.open}
        </button>
      </form>
    </Dialog>
  );
}

/** The name of the new branch, and the one that it is to change. Their list is read when it is asked for. */
function Branches(props: {
  projectID: string;
  source: Source;
  branch: string;
  isBranch: boolean;
  base: string;
  onBranch(name: string): void;
  onBase(name: string): void;
}) {
  const [isOpen, setOpen] = createSignal(false);
  const [list] = createResource(isOpen, () => call(listBranches, { params: { id: props.projectID } }));
  const bases = () => (latest(list)?.branches ?? []).filter((name) => name !== props.source.branch);
  return (
    <details class="text-sm" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="cursor-pointer text-quiet">{text.pullRequest.branches}</summary>
      <div class="grid gap-3 pt-2 sm:grid-cols-2">
        <label class="flex flex-col gap-1">
          {text.pullRequest.branch}
          <input
            class="field"
            value={props.branch}
            placeholder={text.pullRequest.branchPlaceholder}
            maxlength={250}
            autocomplete="off"
            spellcheck={false}
            aria-invalid={!props.isBranch}
            onInput={(event) => props.onBranch(event.currentTarget.value)}
          />
          <Show when={!props.isBranch}>
            <span role="alert" class="text-xs text-warn">
              {text.pullRequest.branchInvalid}
            </span>
          </Show>
        </label>
        <label class="flex flex-col gap-1">
          {text.pullRequest.base}
          <select class="field" value={props.base} onChange={(event) => props.onBase(event.currentTarget.value)}>
            <option value="">{props.source.branch ?? text.pullRequest.defaultBranch}</option>
            <For each={bases()}>{(name) => <option value={name}>{name}</option>}</For>
          </select>
        </label>
      </div>
    </details>
  );
}

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
        .replace(/(?:\.git)+$/i, "")
        .slice(0, 100),
  );
  const [description, setDescription] = createSignal(kept?.description ?? "");
  const [isPrivate, setPrivate] = createSignal(kept?.isPrivate ?? true);
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<unknown>();
  const fits = () => RepositoryName.safeParse(name()).success;

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
    <Dialog open title={text.newRepository.title} onClose={props.onClose}>
      <form
        class="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <label class="flex flex-col gap-1 text-sm">
          {text.newRepository.name}
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
            {text.newRepository.nameRule}
          </span>
        </label>
        <label class="flex flex-col gap-1 text-sm">
          {text.newRepository.description}
          <input
            class="field"
            value={description()}
            maxlength={350}
            disabled={busy()}
            onInput={(event) => setDescription(event.currentTarget.value)}
          />
        </label>
        <Toggle
          label={text.newRepository.private}
          about={text.newRepository.privateAbout}
          checked={isPrivate()}
          onChange={setPrivate}
        />
        <Refusal
          error={failure()}
          projectID={props.projectID}
          keep={() => ({ kind: "repository", name: name(), description: description(), isPrivate: isPrivate() })}
        />
        <button class="button button-main" disabled={busy() || !fits()}>
          {busy() ? text.starting : text.newRepository.export}
        </button>
      </form>
    </Dialog>
  );
}
