import { useNavigate } from "@solidjs/router";
import ArrowUp from "lucide-solid/icons/arrow-up";
import Paperclip from "lucide-solid/icons/paperclip";
import X from "lucide-solid/icons/x";
import { createSignal, For, onMount, Show } from "solid-js";
import { maxPromptLength } from "@slipway/contract/prompt";
import { text as loading } from "#text/loading.ts";
import { text } from "#text/new-project.ts";
import { ApiError } from "../api/api-error.ts";
import { readText, writeText } from "../api/browser-store.ts";
import { loadCode } from "../api/code.ts";
import { pageState } from "../api/page-state.ts";
import { Refusal } from "../components/refusal.tsx";
import { toast } from "../components/toasts.tsx";
import { isComposing, pastedFile } from "../components/typing.ts";
import { keepIntent, signInTo, takeIntent } from "../stores/intent.ts";

const loadFiles = () => loadCode(loading.files, () => import("./prompt-files.ts"));

/** What was typed, for a page that is reloaded. */
const draftKey = "prompt";

/**
 * The first prompt of a project. Enter starts it, Shift+Enter adds a line. Signed out, the prompt and its files are kept,
 * and started after the sign-in.
 */
export function PromptBox(props: { autofocus?: boolean; onStarted?(): void }) {
  const { user } = pageState();
  const navigate = useNavigate();
  const [prompt, setPrompt] = createSignal("");
  const [files, setFiles] = createSignal<readonly File[]>([]);
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<unknown>();
  let area!: HTMLTextAreaElement;
  let picker!: HTMLInputElement;

  onMount(() => {
    const kept = user && takeIntent("prompt");
    // The server renders the box empty, and a person may type before it is alive.
    write(kept?.prompt ?? (area.value || (readText(draftKey, "session") ?? "")));
    if (kept) void resume();
  });

  function write(next: string): void {
    setPrompt(next);
    writeText(draftKey, next === "" ? undefined : next, "session");
  }

  /** Back from signing in. */
  async function resume(): Promise<void> {
    try {
      const { takeFiles } = await loadFiles();
      setFiles(await takeFiles());
      await start();
    } catch (error) {
      setFailure(error);
    }
  }

  async function attach(added: readonly File[]): Promise<void> {
    setFailure(undefined);
    try {
      const { acceptable } = await loadFiles();
      const accepted = await acceptable(added, files().length);
      setFiles((all) => [...all, ...accepted]);
    } catch (error) {
      setFailure(error);
    }
  }

  async function start(): Promise<void> {
    if (prompt().trim() === "" || busy()) return;
    setFailure(undefined);
    if (prompt().length > maxPromptLength)
      return void setFailure(new Error(text.promptTooLong(maxPromptLength.toLocaleString("en"))));
    if (!user) return askToSignIn();
    setBusy(true);
    try {
      const { startFromPrompt } = await loadCode(loading.newProject, () => import("./start-project.ts"));
      const projectID = await startFromPrompt(prompt(), files());
      write("");
      props.onStarted?.();
      navigate(`/projects/${projectID}`);
    } catch (error) {
      setBusy(false);
      // The shell asks to sign in again.
      if (error instanceof ApiError && error.code === "not_signed_in") return keep();
      setFailure(error);
    }
  }

  async function keep(): Promise<void> {
    keepIntent({ kind: "prompt", prompt: prompt() });
    if (files().length > 0) await (await loadFiles()).keepFiles(files());
  }
  async function askToSignIn(): Promise<void> {
    try {
      await keep();
    } catch (error) {
      return void setFailure(error);
    }
    signInTo({ kind: "prompt", prompt: prompt() });
  }

  return (
    <form
      class="flex w-full flex-col gap-3 text-left"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
      onDragOver={(event) => event.dataTransfer?.types.includes("Files") && event.preventDefault()}
      onDrop={(event) => {
        if (!event.dataTransfer?.files.length) return;
        event.preventDefault();
        void attach([...event.dataTransfer.files]);
      }}
    >
      <div class="card flex flex-col gap-2 p-2 shadow-sm focus-within:border-accent">
        <textarea
          ref={area}
          aria-label={text.prompt}
          placeholder={text.placeholder}
          class="field-sizing-content max-h-[40vh] min-h-20 w-full resize-none bg-transparent px-2 py-1 text-lg outline-none"
          value={prompt()}
          disabled={busy()}
          autofocus={props.autofocus ?? false}
          onInput={(event) => write(event.currentTarget.value)}
          onPaste={(event) => {
            const long = pastedFile(event, text.pastedName);
            const pasted = [...(event.clipboardData?.files ?? []), ...(long ? [long] : [])];
            if (pasted.length === 0) return;
            event.preventDefault();
            if (long) toast(text.pasted);
            void attach(pasted);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
            event.preventDefault();
            void start();
          }}
        />
        <Show when={files().length > 0}>
          <ul class="flex flex-wrap gap-1 px-1" aria-label={text.files}>
            <For each={files()}>
              {(file) => (
                <li class="flex max-w-56 items-center gap-1 rounded-sm border border-line bg-panel pl-2 text-xs">
                  <span class="truncate">{file.name}</span>
                  <button
                    type="button"
                    class="icon-button size-6"
                    aria-label={text.removeFile(file.name)}
                    onClick={() => setFiles((all) => all.filter((each) => each !== file))}
                  >
                    <X size={12} />
                  </button>
                </li>
              )}
            </For>
          </ul>
        </Show>
        <div class="flex items-center gap-2">
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            onChange={(event) => {
              void attach([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = "";
            }}
          />
          <button
            type="button"
            class="icon-button"
            aria-label={text.addFiles}
            title={text.addFiles}
            disabled={busy()}
            onClick={() => picker.click()}
          >
            <Paperclip size={16} />
          </button>
          <span class="grow" />
          <button class="button button-main" disabled={busy() || prompt().trim() === ""}>
            {busy() ? text.starting : text.start} <ArrowUp size={15} />
          </button>
        </div>
      </div>
      <Show when={failure()}>{(error) => <Refusal error={error()} />}</Show>
      <ul aria-label={text.examples} class="flex flex-wrap gap-2">
        <For each={text.exampleList}>
          {(example) => (
            <li>
              <button
                type="button"
                class="button button-small h-auto min-h-7 rounded-full py-1 text-left text-quiet whitespace-normal"
                disabled={busy()}
                onClick={() => (write(example), area.focus())}
              >
                {example}
              </button>
            </li>
          )}
        </For>
      </ul>
    </form>
  );
}
