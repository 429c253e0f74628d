import type { Conversation, Message, SendMode } from "@slipway/contract/conversation";
import {
  cancelMessages,
  createConversation,
  listConversations,
  listMessages,
  removeConversation,
  renameConversation,
  sendMessage,
} from "@slipway/contract/routes/conversation";
import { createSignal } from "solid-js";
import { createStore, produce, reconcile } from "solid-js/store";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { toast } from "../components/toasts.tsx";
import type { ModelChoice } from "./model-choice.ts";
import type { Runs } from "./runs.ts";

/** Messages of a conversation that are read at once. */
const pageSize = 40;

const isOpen = ({ status }: Message) => status === "processing" || status === "queued";

/** The conversations of a project, and the messages of the one that is shown. */
export function createConversations(projectID: string, runs: Runs, wanted?: string) {
  const [state, setState] = createStore<{ all: Conversation[]; messages: Message[] | undefined }>({
    all: [],
    messages: undefined,
  });
  const [currentID, setCurrentID] = createSignal(wanted);
  /** Leads to older messages; undefined when there are none. */
  const [older, setOlder] = createSignal<string>();
  let loading: Promise<void> | undefined;
  /** Counts what is known better than a list that is still being read. */
  let changes = 0;

  /** Reads the list, and creates the first conversation once, however many callers there are. */
  function load(): Promise<void> {
    loading ??= read().finally(() => (loading = undefined));
    return loading;
  }

  async function read(): Promise<void> {
    let before: number;
    let conversations: Conversation[];
    // A list from before a conversation was created or deleted would undo that on the page.
    do {
      before = changes;
      ({ conversations } = await call(listConversations, { params: { id: projectID } }));
    } while (changes !== before);
    setState("all", reconcile(conversations, { key: "id" }));
    // A link may name a conversation that is gone.
    if (conversations.some(({ id }) => id === currentID())) return;
    const first = conversations[0] ?? (await call(createConversation, { params: { id: projectID } }));
    setCurrentID(first.id);
  }

  async function loadMessages(): Promise<void> {
    const asked = currentID();
    if (asked === undefined) return;
    const { messages, cursor } = await call(listMessages, { params: { id: asked }, query: { limit: pageSize } });
    if (asked !== currentID()) return;
    const oldest = messages[0]?.id ?? "";
    // Older pages that have been read stay.
    const kept = (state.messages ?? []).filter(({ id, conversationId }) => conversationId === asked && id < oldest);
    if (kept.length === 0) setOlder(cursor);
    setState("messages", reconcile([...kept, ...messages], { key: "id" }));
    await Promise.all(
      messages.flatMap((message) => (message.runId && isOpen(message) ? runs.catchUp(message.runId) : [])),
    );
  }

  function show(id: string | undefined, messages?: Message[]): void {
    setCurrentID(id);
    setOlder(undefined);
    setState("messages", messages);
  }

  return {
    get all() {
      return state.all;
    },
    messages: () => state.messages,
    currentID,
    older,
    load,
    loadMessages,
    hasOpenMessage: () => state.messages?.some(isOpen) ?? false,
    takeMessage(message: Message): void {
      if (message.conversationId === currentID())
        setState(
          produce((draft) => {
            const messages = (draft.messages ??= []);
            const at = messages.findIndex(({ id }) => id === message.id);
            if (at >= 0) messages[at] = message;
            else messages.push(message);
            messages.sort((a, b) => (a.id < b.id ? -1 : 1));
          }),
        );
      if (message.status === "processing" && message.runId) void runs.catchUp(message.runId);
    },
    takeConversation(conversation: Conversation): void {
      changes++;
      setState(
        "all",
        produce((all) => {
          const at = all.findIndex(({ id }) => id === conversation.id);
          if (at >= 0) all[at] = conversation;
          else all.unshift(conversation);
        }),
      );
    },
    /** Reads the page before the oldest message. */
    async loadOlder(): Promise<void> {
      const [cursor, asked] = [older(), currentID()];
      if (cursor === undefined || asked === undefined) return;
      setOlder(undefined);
      try {
        const page = await call(listMessages, { params: { id: asked }, query: { limit: pageSize, cursor } });
        if (asked !== currentID()) return;
        setState("messages", (all) => [...page.messages, ...(all ?? [])]);
        setOlder(page.cursor);
      } catch (error) {
        setOlder(cursor);
        toast(messageOf(error));
      }
    },
    async open(id: string): Promise<void> {
      show(id);
      await loadMessages();
    },
    /** @throws ApiError */
    async create(): Promise<void> {
      const made = await call(createConversation, { params: { id: projectID } });
      changes++;
      setState("all", (all) => [made, ...all.filter(({ id }) => id !== made.id)]);
      show(made.id, []);
    },
    /** @throws ApiError */
    async rename(id: string, title: string): Promise<void> {
      const renamed = await call(renameConversation, { params: { id }, body: { title } });
      changes++;
      setState("all", (each) => each.id === id, "title", renamed.title);
    },
    /** @throws ApiError */
    async remove(id: string): Promise<void> {
      await call(removeConversation, { params: { id } });
      changes++;
      setState("all", (all) => all.filter((each) => each.id !== id));
      if (currentID() !== id) return;
      show(id);
      await load().then(loadMessages);
    },
    /**
     * Sends to the shown conversation, with the attachments of a message that is sent again, for a model to answer. Resolves to the run that
     * answers. @throws ApiError
     */
    async send(
      text: string,
      mode: SendMode,
      attachments: readonly { upload: string; name: string }[],
      attachmentsOf?: string,
      { model, effort }: ModelChoice = {},
    ): Promise<string> {
      // A person may write before the conversations have been read.
      if (currentID() === undefined) await load();
      const { runId } = await call(sendMessage, {
        body: {
          conversationId: currentID() ?? "",
          message: text,
          mode,
          ...(attachments.length > 0 ? { attachments: [...attachments] } : {}),
          ...(attachmentsOf === undefined ? {} : { attachmentsOf }),
          model,
          effort,
        },
      });
      return runId;
    },
    /** Stops whatever runs or is queued. @throws ApiError */
    async stop(): Promise<void> {
      await call(cancelMessages, { body: { projectId: projectID } });
    },
  };
}
