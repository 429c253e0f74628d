import type { Transfer } from "@slipway/contract/github";
import type { Project } from "@slipway/contract/project";
import { getProject, updateProject } from "@slipway/contract/routes/project";
import { usage as readUsage } from "@slipway/contract/routes/user";
import type { Sandbox } from "@slipway/contract/sandbox-state";
import type { ServerMessage } from "@slipway/contract/socket";
import type { Usage } from "@slipway/contract/user";
import { createSignal } from "solid-js";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { toast } from "../components/toasts.tsx";
import { connect } from "../live/socket.ts";
import { createConversations } from "./conversations.ts";
import { refreshInbox } from "./inbox.ts";
import { createProjectFiles } from "./project-files.ts";
import { createRuns } from "./runs.ts";

/**
 * Milliseconds from the socket's opening to a second look. A sender reads its list of connections about once a second,
 * so it may miss a socket that has just opened.
 */
const settleAfter = 1500;
/** Milliseconds between looks at messages that are not answered yet: a lost last push has no successor to show the gap. */
const checkEvery = 10_000;

/** What a project's page knows: kept current by the socket, and read again whenever something may have been missed. */
export function createWorkspace(initial: Project, wantedConversation?: string) {
  const projectID = initial.id;
  const files = createProjectFiles(projectID);
  const runs = createRuns();
  const conversations = createConversations(projectID, runs, wantedConversation);
  const [project, setProject] = createSignal(initial);
  const [usage, setUsage] = createSignal<Usage>();
  const [connection, setConnection] = createSignal<"connecting" | "open" | "offline">("connecting");
  const [failure, setFailure] = createSignal<unknown>();
  const [removed, setRemoved] = createSignal(false);
  const sandboxListeners = new Set<(sandbox: Sandbox) => void>();
  const transferListeners = new Set<(transfer: Transfer) => void>();

  function onMessage(message: ServerMessage): void {
    switch (message.type) {
      case "files-changed":
        return files.noteRevision(message.rev);
      case "delta":
        return runs.takeDeltas(message.deltas);
      case "tool-progress":
        return runs.takeProgress(message.runId, message.toolCallId, message);
      case "run-event":
        return runs.takeEvent(message.runId, message.event);
      case "message":
        return conversations.takeMessage(message.message);
      case "conversation":
        return conversations.takeConversation(message.conversation);
      case "transfer":
        return transferListeners.forEach((listener) => listener(message.transfer));
      case "sandbox":
        return sandboxListeners.forEach((listener) => listener(message.sandbox));
      case "usage":
        return void setUsage(message.usage);
      case "project":
        return void setProject({ ...message.project, role: project().role });
      case "inbox":
        return void refreshInbox(false).catch(() => undefined);
      case "project-removed":
        return void setRemoved(true);
    }
  }

  async function refresh(): Promise<void> {
    try {
      await Promise.all([files.sync(), conversations.load().then(conversations.loadMessages)]);
      // Its name may have come before the socket did.
      const [used, current] = await Promise.all([call(readUsage), call(getProject, { params: { id: projectID } })]);
      setUsage(used);
      setProject(current);
      setFailure(undefined);
    } catch (error) {
      if (files.list() === undefined) setFailure(error);
    }
  }

  let settling: ReturnType<typeof setTimeout> | undefined;
  let isFirst = true;
  function onOpen(): void {
    // The first time everything has just been read.
    if (!isFirst) void refresh();
    isFirst = false;
    clearTimeout(settling);
    settling = setTimeout(() => void refresh(), settleAfter);
  }
  const checking = setInterval(() => {
    if (conversations.hasOpenMessage()) void conversations.loadMessages().catch(() => undefined);
  }, checkEvery);
  void refresh();
  const live = connect(projectID, { onOpen, onMessage, onState: setConnection });

  return {
    projectID,
    project,
    setProject,
    files,
    runs,
    conversations,
    usage,
    connection,
    failure,
    removed,
    refresh,
    close(): void {
      clearTimeout(settling);
      clearInterval(checking);
      live.close();
    },
    onSandbox(listener: (sandbox: Sandbox) => void): () => void {
      sandboxListeners.add(listener);
      return () => sandboxListeners.delete(listener);
    },
    onTransfer(listener: (transfer: Transfer) => void): () => void {
      transferListeners.add(listener);
      return () => transferListeners.delete(listener);
    },
    /** @throws ApiError */
    async send(...message: Parameters<typeof conversations.send>): Promise<void> {
      const runID = await conversations.send(...message);
      // A lost push would leave the page behind.
      const reading = [conversations.loadMessages(), runs.catchUp(runID), call(readUsage).then(setUsage)];
      void Promise.all(reading).catch(() => undefined);
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
