import { A } from "@solidjs/router";
import CornerDownLeft from "lucide-solid/icons/corner-down-left";
import Paperclip from "lucide-solid/icons/paperclip";
import Send from "lucide-solid/icons/arrow-up";
import Square from "lucide-solid/icons/square";
import X from "lucide-solid/icons/x";
import { createEffect, createResource, createSignal, For, on, Show } from "solid-js";
import type { SendMode } from "@slipway/contract/conversation";
import { maxPromptLength } from "@slipway/contract/prompt";
import { text as common } from "#text/common.ts";
import { text as say } from "#text/agent.ts";
import { text as loading } from "#text/loading.ts";
import { messageOf } from "../api/api-error.ts";
import { readText, writeText } from "../api/browser-store.ts";
import { latest } from "../components/latest.ts";
import { lazyDialog } from "../components/lazy-dialog.tsx";
import { toast } from "../components/toasts.tsx";
import { isComposing, pastedFile } from "../components/typing.ts";
import type { ModelChoice } from "../stores/model-choice.ts";
import { shownKeys } from "../stores/commands.ts";
import type { Workspace } from "../stores/workspace.ts";
import { createAttachments } from "./attachments.ts";
import { commandAt, mentionAt, mentionOf, type Mention } from "./mention.ts";

const ModelMenu = lazyDialog(loading.models, () => import("./model-menu.tsx"));

/** What a message does to the run in progress, beside queueing behind it. */
const others: readonly { mode: SendMode; keys: string; label: string; about: string }[] = [
  { mode: "steer", keys: "Mod+Enter", label: say.steer, about: say.steerAbout },
  { mode: "replace", keys: "Mod+Shift+Enter", label: say.replace, about: say.replaceAbout },
];
/** The part of the limit past which the count of runs warns. */
const nearLimit = 0.8;
const moveType = "application/x-slipway-path";

/** A file to mention, or a command. */
interface Offer {
  name: string;
  about?: string;
}

export interface Sending {
  text: string;
  mode: SendMode;
  attachments: readonly { upload: string; name: string }[];
}

/** Writes to the agent. Drafts survive a reload, "@" mentions a file, and files can be dropped in. */
export function Composer(props: {
  workspace: Workspace;
  running: boolean;
  /** Text to insert, such as a selection of the editor. "" only focuses. */
  draft: string | undefined;
  choice: ModelChoice;
  onChoose(choice: ModelChoice): void;
  onSend(message: Sending): Promise<boolean>;
}) {
  const { workspace } = props;
  const storageKey = () => `composer ${workspace.projectID} ${workspace.conversations.currentID() ?? ""}`;
  const [text, setText] = createSignal("");
  const [mention, setMention] = createSignal<Mention>();
  const [at, setAt] = createSignal(0);
  const [isOver, setOver] = createSignal(false);
  const [isPlan, setPlan] = createSignal(false);
  const attachments = createAttachments(workspace.projectID);
  const usage = () => workspace.usage();
  const [picking, setPicking] = createSignal<DOMRect>();
  let area!: HTMLTextAreaElement;
  let picker!: HTMLInputElement;

  // Each conversation has a draft. Text typed before the first conversation has loaded is kept.
  createEffect(
    on(workspace.conversations.currentID, (id, before) => {
      const kept = readText(storageKey());
      if (before === undefined && text() !== "" && id !== undefined) write(text());
      else if (id !== undefined) setText(kept ?? "");
    }),
  );
  function write(next: string): void {
    setText(next);
    writeText(storageKey(), next === "" ? undefined : next);
  }
  createEffect(
    on(
      () => props.draft,
      (draft) => {
        if (draft === undefined) return;
        if (draft !== "") write(text() === "" ? draft : `${text().trimEnd()}\n\n${draft}`);
        setTimeout(() => {
          area.focus();
          area.setSelectionRange(area.value.length, area.value.length);
        });
      },
      { defer: true },
    ),
  );

  // Loads the search on first use.
  const [offered] = createResource(
    mention,
    async ({ words, isCommand }): Promise<Offer[]> => {
      const paths = (workspace.files.list() ?? []).flatMap(({ path, kind }) => (kind === "text" ? [path] : []));
      if (isCommand) return (await import("./slash.ts")).slashCommands(words, paths);
      if (words === "") return paths.slice(0, 8).map((name) => ({ name }));
      const { default: fuzzysort } = await import("fuzzysort");
      return fuzzysort.go(words, paths, { limit: 8, threshold: 0.2 }).map(({ target: name }) => ({ name }));
    },
    { initialValue: [] },
  );
  const found = () => (mention() ? (latest(offered) ?? []) : []);
  createEffect(on(found, () => setAt(0)));

  function lookForMention(): void {
    const before = area.value.slice(0, area.selectionStart);
    setMention(commandAt(before) ?? mentionAt(before));
  }

  function take(path: string): void {
    const asked = mention();
    if (!asked) return;
    const name = asked.isCommand ? `${path} ` : mentionOf(path);
    const end = asked.from + 1 + asked.words.length;
    write(text().slice(0, asked.from) + name + text().slice(end));
    setMention(undefined);
    const cursor = asked.from + name.length;
    queueMicrotask(() => {
      area.focus();
      area.setSelectionRange(cursor, cursor);
    });
  }

  // Messages are sent one after another, in order, without blocking the box.
  let last: Promise<void> = Promise.resolve();

  function send(mode: SendMode = "queue"): void {
    if (text().trim() === "" || !attachments.isReady()) return;
    const typed = text();
    // Whatever else begins with a slash, such as a path, is planned too: a pressed Plan changes nothing.
    const sent = isPlan() && !/^\s*\/(plan|compact)(\s|$)/.test(typed) ? `/plan ${typed}` : typed;
    if (sent.length > maxPromptLength) return toast(say.messageTooLong(maxPromptLength));
    const files = attachments.take();
    setPlan(false);
    const message = { text: sent, mode: props.running ? mode : "replace", attachments: files.taken } as const;
    // The draft stays stored until the message has arrived: the page may close first.
    // It is stored as it was sent, so that a plan that fails to arrive comes back as a plan.
    setText("");
    const key = storageKey();
    writeText(key, sent);
    last = last.then(async () => {
      if (await props.onSend(message)) {
        if (readText(key) === sent) writeText(key, undefined);
        return files.forget();
      }
      // Put unsent text back in the box, before anything typed since.
      write(text() === "" ? sent : `${sent}\n\n${text()}`);
      files.restore();
    });
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    const count = found().length;
    if (mention() && count > 0) {
      const keys: Record<string, () => void> = {
        ArrowDown: () => setAt((at() + 1) % count),
        ArrowUp: () => setAt((at() + count - 1) % count),
        Enter: () => take(found()[at()]?.name ?? ""),
        Tab: () => take(found()[at()]?.name ?? ""),
        Escape: () => setMention(undefined),
      };
      const action = keys[event.key];
      if (action) {
        event.preventDefault();
        event.stopPropagation();
        action();
        return;
      }
    }
    if (event.key !== "Enter") return;
    const withMod = event.ctrlKey || event.metaKey;
    if (event.shiftKey && !withMod) return;
    event.preventDefault();
    send(withMod ? (event.shiftKey ? "replace" : "steer") : "queue");
  }

  function onDrop(event: DragEvent): void {
    setOver(false);
    const path = event.dataTransfer?.getData(moveType);
    if (path) {
      event.preventDefault();
      write(`${text()}${text() === "" || text().endsWith(" ") ? "" : " "}${mentionOf(path)}`);
      area.focus();
    } else if (event.dataTransfer?.files.length) {
      event.preventDefault();
      attachments.add(event.dataTransfer.files);
    }
  }

  return (
    <form
      class="@container relative m-3 mt-0 flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onDragOver={(event) => {
        const types = event.dataTransfer?.types ?? [];
        if (!types.includes("Files") && !types.includes(moveType)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <div class="flex min-h-5 items-center gap-2 text-xs text-quiet">
        <Show when={usage()}>
          {(known) => (
            <>
              <span title={say.usageResets} class={tone(known())}>
                {say.usage(known().plan, known().used, known().limit)}
              </span>
              <Show when={known().plan !== "pro" || known().used >= known().limit}>
                <A href="/settings#plan" class="text-accent underline">
                  {known().plan === "pro" ? common.askForMore : say.upgrade}
                </A>
              </Show>
            </>
          )}
        </Show>
      </div>
      <Show when={mention() && found().length > 0}>
        <div
          id="mentions"
          role="listbox"
          aria-label={mention()?.isCommand ? say.commands : say.filesToMention}
          class="absolute right-0 bottom-full left-0 z-20 mb-1 max-h-64 overflow-y-auto rounded-md border border-line bg-raised py-1 shadow-lg"
        >
          <For each={found()}>
            {({ name, about }, index) => (
              <div
                id={`mention-${index()}`}
                role="option"
                aria-selected={index() === at()}
                class="cursor-pointer truncate px-3 py-1 font-mono text-xs"
                classList={{ "bg-accent-soft": index() === at() }}
                onPointerMove={() => setAt(index())}
                onMouseDown={(event) => (event.preventDefault(), take(name))}
              >
                {name} <span class="font-sans text-quiet">{about}</span>
              </div>
            )}
          </For>
        </div>
      </Show>
      <div class="card p-1 focus-within:border-accent" classList={{ "border-accent bg-accent-soft": isOver() }}>
        <Show when={attachments.all.length > 0}>
          <ul class="flex flex-wrap gap-1 p-1" aria-label={say.filesOfMessage}>
            <For each={attachments.all}>
              {(file) => (
                <li class="flex max-w-44 items-center gap-1 rounded-sm border border-line bg-panel pl-1 text-xs">
                  <Show when={file.preview}>
                    <img src={file.preview} alt="" class="size-5 rounded-sm object-cover" />
                  </Show>
                  <span class="truncate">{file.name}</span>
                  <Show when={file.upload === undefined}>
                    <span class="text-quiet">{say.percent(file.progress)}</span>
                  </Show>
                  <button
                    type="button"
                    class="icon-button size-5"
                    aria-label={say.removeFile(file.name)}
                    onClick={() => attachments.remove(file.key)}
                  >
                    <X size={12} />
                  </button>
                </li>
              )}
            </For>
          </ul>
        </Show>
        <div class="flex flex-col gap-1">
          <textarea
            ref={area}
            id="message"
            aria-label={say.message}
            aria-autocomplete="list"
            aria-controls={mention() && found().length > 0 ? "mentions" : undefined}
            aria-activedescendant={mention() && found().length > 0 ? `mention-${at()}` : undefined}
            placeholder={say.placeholder}
            rows={Math.min(10, Math.max(2, text().split("\n").length))}
            class="min-w-0 resize-none bg-transparent px-2 py-1 outline-none"
            value={text()}
            onInput={(event) => (write(event.currentTarget.value), lookForMention())}
            onClick={lookForMention}
            onBlur={() => setMention(undefined)}
            onPaste={(event) => {
              const long = pastedFile(event, say.pastedName);
              const files = [...(event.clipboardData?.files ?? []), ...(long ? [long] : [])];
              if (files.length === 0) return;
              event.preventDefault();
              if (long) toast(say.pasted);
              attachments.add(files);
            }}
            onKeyDown={onKeyDown}
          />
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            onChange={(event) => {
              attachments.add([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = "";
            }}
          />
          <div class="flex flex-wrap items-center justify-end gap-1">
            <button
              type="button"
              class="icon-button"
              aria-label={say.addFiles}
              title={say.addFiles}
              onClick={() => picker.click()}
            >
              <Paperclip size={15} />
            </button>
            <button
              type="button"
              class="button button-small min-w-0 shrink border-transparent bg-transparent text-quiet"
              aria-haspopup="dialog"
              aria-label={say.chooseModel(props.choice.label ?? say.defaultModel)}
              onClick={(event) => setPicking(event.currentTarget.getBoundingClientRect())}
            >
              <span class="truncate">{props.choice.label ?? say.defaultModel}</span>
            </button>
            <button
              type="button"
              class="button button-small border-transparent bg-transparent text-quiet aria-pressed:bg-accent-soft aria-pressed:text-accent"
              aria-pressed={isPlan()}
              title={say.planAbout}
              onClick={() => setPlan(!isPlan())}
            >
              {say.plan}
            </button>
            <span class="grow" />
            <Show when={props.running}>
              <Show when={text().trim() !== ""}>
                <For each={others}>
                  {({ mode, keys, label, about }) => (
                    <button
                      type="button"
                      class="button button-small"
                      title={`${about} (${shownKeys(keys).join(" ")})`}
                      disabled={!attachments.isReady()}
                      onClick={() => send(mode)}
                    >
                      {label} <Shortcut keys={keys} />
                    </button>
                  )}
                </For>
              </Show>
              <button
                type="button"
                class="button button-small button-bad"
                aria-label={say.stop}
                title={say.stop}
                onClick={() => void workspace.conversations.stop().catch((error: unknown) => toast(messageOf(error)))}
              >
                <Square size={13} /> <Show when={text().trim() === ""}>{say.stop}</Show>
              </button>
            </Show>
            <button
              class="button button-small button-main"
              aria-label={props.running ? say.queue : say.send}
              title={props.running ? say.queueAbout : say.send}
              disabled={text().trim() === "" || !attachments.isReady()}
            >
              <Show when={props.running} fallback={<Send size={14} />}>
                {say.queue} <CornerDownLeft size={12} aria-hidden="true" />
              </Show>
            </button>
          </div>
        </div>
      </div>
      <Show when={picking()}>
        {(at) => (
          <ModelMenu
            at={at()}
            choice={props.choice}
            preferred={workspace.project().settings.model}
            onChoose={props.onChoose}
            onClose={() => setPicking(undefined)}
          />
        )}
      </Show>
    </form>
  );
}

/** Shown to those who have a keyboard, where there is room beside the label. */
function Shortcut(props: { keys: string }) {
  return (
    <span class="hidden text-quiet pointer-fine:@min-[29rem]:inline" aria-hidden="true">
      {shownKeys(props.keys)
        .map((key) => (key === "Enter" ? "↵" : key === "Shift" ? "⇧" : key))
        .join(" ")}
    </span>
  );
}

function tone({ used, limit }: { used: number; limit: number }): string {
  if (used >= limit) return "text-bad";
  return used >= limit * nearLimit ? "text-warn" : "";
}
