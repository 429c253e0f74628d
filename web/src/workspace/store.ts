import type { Conversation, Message, SendMode } from "@slipway/contract/conversation";
import type { Changed, FileEntry, UndoRange } from "@slipway/contract/file";
import type { Transfer } from "@slipway/contract/github";
import type { Project } from "@slipway/contract/project";
import type { Delta, RunEvent } from "@slipway/contract/run";
import type { ServerMessage } from "@slipway/contract/socket";
import type { Usage } from "@slipway/contract/user";
import { batch, createSignal } from "solid-js";
import { createStore, produce, reconcile } from "solid-js/store";
import { answerApproval } from "@slipway/contract/routes/approval";
import {
  cancelMessages,
  createConversation,
  listConversations,
  listMessages,
  removeConversation,
  renameConversation,
  sendMessage,
} from "@slipway/contract/routes/conversation";
import { changesSince, listFiles, undoChanges } from "@slipway/contract/routes/file";
import { updateProject } from "@slipway/contract/routes/project";
import { runEvents } from "@slipway/contract/routes/run";
import { usage as readUsage } from "@slipway/contract/routes/user";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { toast } from "../components/toasts.tsx";
import { settled, type Outcome } from "../api/operation.ts";
import { connect } from "../live/socket.ts";
import { refreshInbox } from "../shell/inbox.tsx";
import { applyDelta, applyEvent, emptyTranscript, type Transcript } from "../live/transcript.ts";

/** Milliseconds: a little more than a sender uses its list of connections again. */
const settleAfter = 1500;
const checkEvery = 10_000;
/** Messages of a conversation that are read at once. */
const pageSize = 40;

/** Told which files anyone has changed, this page too, and where moved ones are now. */
export type FileListener = (changed: ReadonlyMap<string, "put" | "delete">, moved: ReadonlyMap<string, string>) => void;

/** Everything that a project's page knows, kept true by the socket and asked for again whenever something is missing. */
export function createWorkspace(initial: Project, wantedConversation?: string) {
  const projectID = initial.id;
  const [project, setProject] = createSignal(initial);
  // A plain list: thousands of entries that are each watched would cost more than they show.
  const [files, setFiles] = createSignal<readonly FileEntry[]>();
  const [state, setState] = createStore<{
    conversations: Conversation[];
    messages: Message[] | undefined;
    transcripts: Record<string, Transcript>;
  }>({ conversations: [], messages: undefined, transcripts: {} });
  const [usage, setUsage] = createSignal<Usage>();
  const [connection, setConnection] = createSignal<"connecting" | "open" | "offline">("connecting");
  const [conversationID, setConversationID] = createSignal(wantedConversation);
  /** Leads to older messages; undefined when there are none. */
  const [older, setOlder] = createSignal<string>();
  const [failure, setFailure] = createSignal<unknown>();
  const [removed, setRemoved] = createSignal(false);
  const fileListeners = new Set<FileListener>();
  const transferListeners = new Set<(transfer: Transfer) => void>();
  let cursor = { rev: 0, gen: 0 };
  let syncing: Promise<void> | undefined;
  let syncAgain = false;

  async function loadFiles(): Promise<void> {
    const list = await call(listFiles, { params: { id: projectID } });
    cursor = { rev: list.rev, gen: list.gen };
    setFiles(list.files);
  }

  /** Asks for the changes since the last known revision; calls that come meanwhile are answered together. */
  function syncFiles(): Promise<void> {
    if (syncing) {
      syncAgain = true;
      return syncing;
    }
    syncing = (async () => {
      do {
        syncAgain = false;
        await syncOnce();
      } while (syncAgain);
    })()
      .catch(() => undefined)
      .finally(() => (syncing = undefined));
    return syncing;
  }

  async function syncOnce(): Promise<void> {
    const before = files();
    if (before === undefined) return loadFiles();
    const since = await call(changesSince, {
      params: { id: projectID },
      query: { since: cursor.rev, gen: cursor.gen },
    });
    const changed = new Map<string, "put" | "delete">();
    const moved = new Map<string, string>();
    if (since.reload) {
      await loadFiles();
      for (const file of files() ?? []) changed.set(file.path, "put");
    } else {
      const now = new Map(before.map((file) => [file.path, file]));
      for (const { rev, changes } of since.commits) {
        for (const { path, op, kind = "text", size = 0, from } of changes) {
          if (from) moved.set(from, path);
          if (op === "put") now.set(path, { path, kind, size, rev });
          else now.delete(path);
          changed.set(path, op);
        }
      }
      cursor = { rev: since.rev, gen: since.gen };
      if (changed.size > 0) setFiles([...now.values()]);
    }
    if (changed.size > 0) for (const listener of fileListeners) listener(changed, moved);
  }

  let loadingConversations: Promise<void> | undefined;

  /** Also makes the first conversation, once, however many ask at once. */
  function loadConversations(): Promise<void> {
    loadingConversations ??= readConversations().finally(() => (loadingConversations = undefined));
    return loadingConversations;
  }

  async function readConversations(): Promise<void> {
    const { conversations } = await call(listConversations, { params: { id: projectID } });
    setState("conversations", reconcile(conversations, { key: "id" }));
    // A link may lead to a conversation that is gone.
    if (!conversations.some(({ id }) => id === conversationID())) {
      const first = conversations[0] ?? (await call(createConversation, { params: { id: projectID } }));
      setConversationID(first.id);
    }
  }

  async function loadMessages(): Promise<void> {
    const asked = conversationID();
    if (asked === undefined) return;
    const page = await call(listMessages, { params: { id: asked }, query: { limit: pageSize } });
    if (asked !== conversationID()) return;
    const { messages } = page;
    const oldest = messages[0]?.id ?? "";
    // What was read of the older ones stays.
    const kept = (state.messages ?? []).filter(({ id, conversationId }) => conversationId === asked && id < oldest);
    if (kept.length === 0) setOlder(page.cursor);
    setState("messages", reconcile([...kept, ...messages], { key: "id" }));
    const open = messages.filter(({ status, runId }) => runId && (status === "processing" || status === "queued"));
    await Promise.all(open.map(({ runId }) => catchUp(runId ?? "")));
  }

  const catching = new Map<string, Promise<void>>();
  const missing = new Set<string>();

  /** Asks for what a transcript misses: events after its number, and the open block as last stored. */
  function catchUp(runID: string): Promise<void> {
    const going = catching.get(runID);
    if (going) {
      missing.add(runID);
      return going;
    }
    const work = (async () => {
      for (;;) {
        missing.delete(runID);
        const before = state.transcripts[runID] ?? emptyTranscript();
        const page = await call(runEvents, { params: { id: runID }, query: { after: before.seq } });
        batch(() => {
          for (const event of page.events) take(runID, event);
          if (page.snapshot) takeDelta(page.snapshot);
        });
        // What came meanwhile may have shown another hole.
        if (!page.more && !missing.has(runID)) return;
      }
    })()
      .catch(() => undefined)
      .finally(() => catching.delete(runID));
    catching.set(runID, work);
    return work;
  }

  function take(runID: string, event: RunEvent): void {
    const { transcript, gap } = applyEvent(state.transcripts[runID] ?? emptyTranscript(), event);
    setState("transcripts", runID, transcript);
    if (gap) void catchUp(runID);
  }

  function takeDelta(delta: Delta): void {
    const { transcript, gap } = applyDelta(state.transcripts[delta.runId] ?? emptyTranscript(), delta);
    setState("transcripts", delta.runId, transcript);
    if (gap) void catchUp(delta.runId);
  }

  function putMessage(message: Message): void {
    if (message.conversationId !== conversationID()) return;
    setState(
      produce((draft) => {
        const messages = (draft.messages ??= []);
        const at = messages.findIndex(({ id }) => id === message.id);
        if (at >= 0) messages[at] = message;
        else messages.push(message);
        messages.sort((a, b) => (a.id < b.id ? -1 : 1));
      }),
    );
  }

  function onMessage(message: ServerMessage): void {
    switch (message.type) {
      case "files-changed":
        if (message.rev > cursor.rev) void syncFiles();
        break;
      case "delta":
        batch(() => message.deltas.forEach(takeDelta));
        break;
      case "tool-progress":
        if (state.transcripts[message.runId])
          setState("transcripts", message.runId, "progress", { [message.toolCallId]: message.text });
        break;
      case "run-event":
        take(message.runId, message.event);
        break;
      case "message":
        putMessage(message.message);
        if (message.message.status === "processing" && message.message.runId) void catchUp(message.message.runId);
        break;
      case "conversation":
        setState(
          "conversations",
          produce((all) => {
            const at = all.findIndex(({ id }) => id === message.conversation.id);
            if (at >= 0) all[at] = message.conversation;
            else all.unshift(message.conversation);
          }),
        );
        break;
      case "transfer":
        for (const listener of transferListeners) listener(message.transfer);
        break;
      case "usage":
        setUsage(message.usage);
        break;
      case "project":
        setProject({ ...message.project, role: project().role });
        break;
      case "inbox":
        void refreshInbox().catch(() => undefined);
        break;
      case "project-removed":
        setRemoved(true);
        break;
    }
  }

  async function refresh(): Promise<void> {
    try {
      await Promise.all([syncFiles(), loadConversations().then(loadMessages)]);
      setUsage(await call(readUsage));
      setFailure(undefined);
    } catch (error) {
      if (files() === undefined) setFailure(error);
    }
  }

  // Whoever sends looks at its list of connections about once a second: what it sends until then is asked for as well.
  let settle: ReturnType<typeof setTimeout> | undefined;
  let isFirst = true;
  function onOpen(): void {
    // The first time everything has just been asked for.
    if (!isFirst) void refresh();
    isFirst = false;
    clearTimeout(settle);
    settle = setTimeout(() => void refresh(), settleAfter);
  }
  // A last push that was lost has no successor to show the hole: while something runs, it is asked after now and then.
  const check = setInterval(() => {
    if (state.messages?.some(({ status }) => status === "processing" || status === "queued"))
      void loadMessages().catch(() => undefined);
  }, checkEvery);
  void refresh();
  const live = connect(projectID, { onOpen, onMessage, onState: setConnection });

  return {
    projectID,
    project,
    files,
    state,
    usage,
    connection,
    conversationID,
    failure,
    removed,
    refresh,
    close(): void {
      clearTimeout(settle);
      clearInterval(check);
      live.close();
    },
    onFiles(listener: FileListener): () => void {
      fileListeners.add(listener);
      return () => fileListeners.delete(listener);
    },
    onTransfer(listener: (transfer: Transfer) => void): () => void {
      transferListeners.add(listener);
      return () => transferListeners.delete(listener);
    },
    syncFiles,
    setProject,
    older,
    /** Reads the page before the oldest message that is there. */
    async loadOlder(): Promise<void> {
      const [cursor, asked] = [older(), conversationID()];
      if (cursor === undefined || asked === undefined) return;
      setOlder(undefined);
      try {
        const page = await call(listMessages, { params: { id: asked }, query: { limit: pageSize, cursor } });
        if (asked !== conversationID()) return;
        setState("messages", (all) => [...page.messages, ...(all ?? [])]);
        setOlder(page.cursor);
      } catch (error) {
        setOlder(cursor);
        toast(messageOf(error));
      }
    },
    /** Undoes commits. `wait` shows the progress of an undo that continues in the background. */
    async undo(
      range: UndoRange,
      wait: (request: () => Promise<Outcome>) => Promise<Changed> = async (request) => settled(await request()),
    ): Promise<void> {
      try {
        const { kept } = await wait(() => call(undoChanges, { params: { id: projectID }, body: range }));
        await syncFiles();
        if (kept.length > 0) toast(`Left as it is, because it was changed since: ${kept.slice(0, 3).join(", ")}`);
      } catch (error) {
        toast(messageOf(error));
      }
    },
    async openConversation(id: string): Promise<void> {
      setConversationID(id);
      setOlder(undefined);
      setState("messages", undefined);
      await loadMessages();
    },
    async renameConversation(id: string, title: string): Promise<void> {
      const renamed = await call(renameConversation, { params: { id }, body: { title } });
      setState("conversations", (each) => each.id === id, "title", renamed.title);
    },
    async removeConversation(id: string): Promise<void> {
      await call(removeConversation, { params: { id } });
      setState("conversations", (all) => all.filter((each) => each.id !== id));
      if (conversationID() !== id) return;
      setState("messages", undefined);
      setOlder(undefined);
      await loadConversations().then(loadMessages);
    },
    async newConversation(): Promise<void> {
      const made = await call(createConversation, { params: { id: projectID } });
      setState("conversations", (all) => [made, ...all.filter(({ id }) => id !== made.id)]);
      setConversationID(made.id);
      setOlder(undefined);
      setState("messages", []);
    },
    /** @throws ApiError */
    async send(
      text: string,
      mode: SendMode,
      attachments: readonly { upload: string; name: string }[] = [],
    ): Promise<void> {
      // Whoever is quicker than the page still writes into its conversation.
      if (conversationID() === undefined) await loadConversations();
      const sent = await call(sendMessage, {
        body: {
          conversationId: conversationID() ?? "",
          message: text,
          mode,
          ...(attachments.length > 0 ? { attachments: [...attachments] } : {}),
        },
      });
      // A push that was lost would leave the page behind.
      void Promise.all([loadMessages(), catchUp(sent.runId), call(readUsage).then(setUsage)]).catch(() => undefined);
    },
    async stop(): Promise<void> {
      await call(cancelMessages, { body: { projectId: projectID } });
    },
    async answer(
      runID: string,
      approvalID: string,
      answer: "allow" | "deny",
      scope: "once" | "conversation" | "project",
    ): Promise<void> {
      await call(answerApproval, { params: { id: runID, approvalId: approvalID }, body: { answer, scope } });
    },
    async rename(name: string): Promise<void> {
      const before = project();
      setProject({ ...before, name });
      try {
        setProject(await call(updateProject, { params: { id: projectID }, body: { name } }));
      } catch (error) {
        setProject(before);
        toast(messageOf(error));
      }
    },
  };
}
export type Workspace = ReturnType<typeof createWorkspace>;
