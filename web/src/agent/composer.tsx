import { A } from "@solidjs/router";
import Paperclip from "lucide-solid/icons/paperclip";
import Send from "lucide-solid/icons/arrow-up";
import Square from "lucide-solid/icons/square";
import X from "lucide-solid/icons/x";
import { createEffect, createResource, createSignal, For, on, Show } from "solid-js";
import type { SendMode } from "@slipway/contract/conversation";
import { messageOf } from "../api/api-error.ts";
import { latest } from "../components/latest.ts";
import { toast } from "../components/toasts.tsx";
import type { Workspace } from "../stores/workspace.ts";
import { createAttachments } from "./attachments.ts";

const modes: readonly { mode: SendMode; label: string }[] = [
  { mode: "replace", label: "Stop and do this" },
  { mode: "queue", label: "Do this next" },
  { mode: "steer", label: "Add to what it does" },
];
const moveType = "application/x-slipway-path";

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
  onSend(message: Sending): Promise<boolean>;
}) {
  const { workspace } = props;
  const storageKey = () => `composer ${workspace.projectID} ${workspace.conversations.currentID() ?? ""}`;
  const [text, setText] = createSignal("");
  const [mode, setMode] = createSignal<SendMode>("replace");
  const [mention, setMention] = createSignal<{ from: number; words: string }>();
  const [at, setAt] = createSignal(0);
  const [isOver, setOver] = createSignal(false);
  const attachments = createAttachments(workspace.projectID);
  const usage = () => workspace.usage();
  let area!: HTMLTextAreaElement;
  let picker!: HTMLInputElement;

  // Each conversation has a draft. Text typed before the first conversation has loaded is kept.
  createEffect(
    on(workspace.conversations.currentID, (id, before) => {
      const kept = localStorage.getItem(storageKey());
      if (before === undefined && text() !== "" && id !== undefined) write(text());
      else if (id !== undefined) setText(kept ?? "");
    }),
  );
  function write(next: string): void {
    setText(next);
    try {
      if (next === "") localStorage.removeItem(storageKey());
      else localStorage.setItem(storageKey(), next);
    } catch {
      // A full store loses drafts on a reload, nothing else.
    }
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
    () => mention()?.words,
    async (words): Promise<string[]> => {
      const paths = (workspace.files.list() ?? []).flatMap(({ path, kind }) => (kind === "text" ? [path] : []));
      if (words === "") return paths.slice(0, 8);
      const { default: fuzzysort } = await import("fuzzysort");
      return fuzzysort.go(words, paths, { limit: 8, threshold: 0.2 }).map(({ target }) => target);
    },
    { initialValue: [] },
  );
  const found = () => (mention() ? (latest(offered) ?? []) : []);
  createEffect(on(found, () => setAt(0)));

  function lookForMention(): void {
    const before = area.value.slice(0, area.selectionStart);
    const found = /(?:^|\s)@(\S*)$/.exec(before);
    setMention(found ? { from: before.length - (found[1]?.length ?? 0) - 1, words: found[1] ?? "" } : undefined);
  }

  function take(path: string): void {
    const asked = mention();
    if (!asked) return;
    const name = /\s/.test(path) ? `@"${path}" ` : `@${path} `;
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

  function send(): void {
    if (text().trim() === "" || !attachments.isReady()) return;
    const sent = text();
    const files = attachments.take();
    const message = { text: sent, mode: props.running ? mode() : "replace", attachments: files.taken } as const;
    // The draft stays stored until the message has arrived: the page may close first.
    setText("");
    const key = storageKey();
    last = last.then(async () => {
      if (await props.onSend(message)) {
        if (localStorage.getItem(key) === sent) localStorage.removeItem(key);
        return files.forget();
      }
      // Put unsent text back in the box, before anything typed since.
      write(text() === "" ? sent : `${sent}\n\n${text()}`);
      files.restore();
    });
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const count = found().length;
    if (mention() && count > 0) {
      const keys: Record<string, () => void> = {
        ArrowDown: () => setAt((at() + 1) % count),
        ArrowUp: () => setAt((at() + count - 1) % count),
        Enter: () => take(found()[at()] ?? ""),
        Tab: () => take(found()[at()] ?? ""),
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
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    send();
  }

  function onDrop(event: DragEvent): void {
    setOver(false);
    const path = event.dataTransfer?.getData(moveType);
    if (path) {
      event.preventDefault();
      write(
        `${text()}${text() === "" || text().endsWith(" ") ? "" : " "}${/\s/.test(path) ? `@"${path}"` : `@${path}`} `,
      );
      area.focus();
    } else if (event.dataTransfer?.files.length) {
      event.preventDefault();
      attachments.add(event.dataTransfer.files);
    }
  }

  return (
    <form
      class="relative m-3 mt-0 flex flex-col gap-2"
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
      <div class="flex items-center justify-between gap-2 text-xs text-quiet">
        <Show when={usage()} fallback={<span>&nbsp;</span>}>
          {(known) => (
            <span class="flex items-center gap-2">
              <span
                title="Usage resets on the 1st of each month"
                classList={{ "text-bad": known().used >= known().limit }}
              >
                {known().plan === "pro" ? "Pro" : "Free"} · {known().used}/{known().limit} runs
              </span>
              <Show when={known().plan !== "pro"}>
                <A href="/settings" class="text-accent underline">
                  Upgrade
                </A>
              </Show>
            </span>
          )}
        </Show>
        <Show when={props.running}>
          <select
            aria-label="What a new message does to the run in progress"
            class="bg-transparent"
            value={mode()}
            onChange={(event) => setMode(event.currentTarget.value as SendMode)}
          >
            <For each={modes}>{(each) => <option value={each.mode}>{each.label}</option>}</For>
          </select>
        </Show>
      </div>
      <Show when={mention() && found().length > 0}>
        <div
          id="mentions"
          role="listbox"
          aria-label="Files to mention"
          class="absolute right-0 bottom-full left-0 z-20 mb-1 max-h-64 overflow-y-auto rounded-md border border-line bg-raised py-1 shadow-lg"
        >
          <For each={found()}>
            {(path, index) => (
              <div
                id={`mention-${index()}`}
                role="option"
                aria-selected={index() === at()}
                class="cursor-pointer truncate px-3 py-1 font-mono text-xs"
                classList={{ "bg-accent-soft": index() === at() }}
                onPointerMove={() => setAt(index())}
                onMouseDown={(event) => (event.preventDefault(), take(path))}
              >
                {path}
              </div>
            )}
          </For>
        </div>
      </Show>
      <div class="card p-1 focus-within:border-accent" classList={{ "border-accent bg-accent-soft": isOver() }}>
        <Show when={attachments.all.length > 0}>
          <ul class="flex flex-wrap gap-1 p-1" aria-label="Files that go with the message">
            <For each={attachments.all}>
              {(file) => (
                <li class="flex max-w-44 items-center gap-1 rounded-sm border border-line bg-panel pl-1 text-xs">
                  <Show when={file.preview}>
                    <img src={file.preview} alt="" class="size-5 rounded-sm object-cover" />
                  </Show>
                  <span class="truncate">{file.name}</span>
                  <Show when={file.upload === undefined}>
                    <span class="text-quiet" role="status">
                      {Math.round(file.progress * 100)} %
                    </span>
                  </Show>
                  <button
                    type="button"
                    class="icon-button size-5"
                    aria-label={`Remove ${file.name}`}
                    onClick={() => attachments.remove(file.key)}
                  >
                    <X size={12} />
                  </button>
                </li>
              )}
            </For>
          </ul>
        </Show>
        <div class="flex items-end gap-1">
          <textarea
            ref={area}
            aria-label="Message"
            aria-autocomplete="list"
            aria-controls={mention() && found().length > 0 ? "mentions" : undefined}
            aria-activedescendant={mention() && found().length > 0 ? `mention-${at()}` : undefined}
            placeholder="Ask, or say what to change. @ names a file"
            rows={Math.min(10, Math.max(2, text().split("\n").length))}
            class="min-w-0 grow resize-none bg-transparent px-2 py-1 outline-none"
            maxlength={100_000}
            value={text()}
            onInput={(event) => (write(event.currentTarget.value), lookForMention())}
            onClick={lookForMention}
            onBlur={() => setMention(undefined)}
            onPaste={(event) => {
              const files = [...(event.clipboardData?.files ?? [])];
              if (files.length === 0) return;
              event.preventDefault();
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
          <button
            type="button"
            class="icon-button"
            aria-label="Add files or images"
            title="Add files or images"
            onClick={() => picker.click()}
          >
            <Paperclip size={15} />
          </button>
          <Show when={props.running}>
            <button
              type="button"
              class="button button-small button-bad"
              aria-label="Stop"
              title="Stop"
              onClick={() => void workspace.conversations.stop().catch((error: unknown) => toast(messageOf(error)))}
            >
              <Square size={13} /> Stop
            </button>
          </Show>
          <button
            class="button button-small button-main"
            aria-label="Send"
            title="Send"
            disabled={text().trim() === "" || !attachments.isReady()}
          >
            <Send size={14} />
          </button>
        </div>
      </div>
    </form>
  );
}
