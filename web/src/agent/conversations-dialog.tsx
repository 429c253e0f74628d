import fuzzysort from "fuzzysort";
import Pencil from "lucide-solid/icons/pencil";
import Trash from "lucide-solid/icons/trash";
import { createMemo, createSignal, For, Show } from "solid-js";
import type { Conversation } from "@slipway/contract/conversation";
import { messageOf } from "../api/api-error.ts";
import { text as common } from "#text/common.ts";
import { text } from "#text/agent.ts";
import { isComposing } from "../components/typing.ts";
import { Dialog } from "../components/dialog.tsx";
import { relativeTime } from "../components/relative-time.ts";
import { toast } from "../components/toasts.tsx";
import type { Workspace } from "../stores/workspace.ts";

const titleOf = ({ title }: Conversation) => title || text.newConversation;

/** The project's conversations, newest first: find, open, rename, delete. */
export default function ConversationsDialog(props: { workspace: Workspace; onClose(): void }) {
  const { workspace } = props;
  const [words, setWords] = createSignal("");
  const [renaming, setRenaming] = createSignal<string>();
  const [pendingDelete, setPendingDelete] = createSignal<string>();
  const found = createMemo(() => {
    const all = workspace.conversations.all.map((conversation) => ({ conversation, title: titleOf(conversation) }));
    if (words().trim() === "") return all;
    return fuzzysort.go(words(), all, { key: "title", threshold: 0.2 }).map(({ obj }) => obj);
  });

  async function act(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      toast(messageOf(error));
    }
  }
  function open(id: string): void {
    props.onClose();
    void act(() => workspace.conversations.open(id));
  }
  function rename(id: string, title: string): void {
    setRenaming(undefined);
    if (title.trim() !== "") void act(() => workspace.conversations.rename(id, title.trim()));
  }

  return (
    <Dialog open title={text.conversations} onClose={props.onClose}>
      <input
        type="search"
        class="field"
        aria-label={text.searchConversations}
        placeholder={text.searchConversations}
        autofocus
        value={words()}
        onInput={(event) => setWords(event.currentTarget.value)}
        onKeyDown={(event) => {
          const [first] = found();
          if (event.key === "Enter" && !isComposing(event) && first) open(first.conversation.id);
        }}
      />
      <Show when={found().length > 0} fallback={<p class="text-sm text-quiet">{text.noConversation(words())}</p>}>
        <ul class="-mx-2 max-h-[50vh] overflow-y-auto">
          <For each={found()}>
            {({ conversation, title }) => (
              <li class="flex items-center gap-1 rounded-sm px-2 hover:bg-panel">
                <Show
                  when={renaming() !== conversation.id}
                  fallback={
                    <input
                      class="field my-1 grow py-1"
                      aria-label={text.newTitleOf(title)}
                      value={conversation.title}
                      maxlength={200}
                      ref={(element) => queueMicrotask(() => element.select())}
                      onKeyDown={(event) => {
                        event.stopPropagation();
                        if (event.key === "Enter" && !isComposing(event))
                          rename(conversation.id, event.currentTarget.value);
                        if (event.key === "Escape") {
                          event.preventDefault();
                          setRenaming(undefined);
                        }
                      }}
                      onBlur={(event) => renaming() && rename(conversation.id, event.currentTarget.value)}
                    />
                  }
                >
                  <button
                    class="flex min-w-0 grow items-center gap-3 rounded-sm py-2 text-left text-sm"
                    aria-current={conversation.id === workspace.conversations.currentID()}
                    onClick={() => open(conversation.id)}
                  >
                    <span
                      class="truncate"
                      classList={{ "font-semibold": conversation.id === workspace.conversations.currentID() }}
                    >
                      {title}
                    </span>
                    <span class="ml-auto shrink-0 text-xs text-quiet">{relativeTime(conversation.activeAt)}</span>
                  </button>
                  <Show
                    when={pendingDelete() !== conversation.id}
                    fallback={
                      <>
                        <button
                          class="button button-small button-bad"
                          onClick={() => void act(() => workspace.conversations.remove(conversation.id))}
                        >
                          {common.deletePermanently}
                        </button>
                        <button class="button button-small" onClick={() => setPendingDelete(undefined)}>
                          {common.cancel}
                        </button>
                      </>
                    }
                  >
                    <button
                      class="icon-button"
                      aria-label={text.renameOf(title)}
                      onClick={() => setRenaming(conversation.id)}
                    >
                      <Pencil size={14} />
                    </button>
                    <button
                      class="icon-button"
                      aria-label={text.deleteOf(title)}
                      onClick={() => setPendingDelete(conversation.id)}
                    >
                      <Trash size={14} />
                    </button>
                  </Show>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Dialog>
  );
}
