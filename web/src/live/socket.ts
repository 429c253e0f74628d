import { ServerMessage, type ClientMessage } from "@slipway/contract/socket";
import { socketTicket } from "@slipway/contract/routes/service";
import { call } from "../api/call.ts";
import { parseJson } from "../api/parsing.ts";

/**
 * One socket to the server for the life of the page: a new ticket for each connection, and reconnection with backoff. A
 * socket may be open and dead, so one that is silent is asked for an answer, and replaced if it gives none. `onOpen` tells
 * the listener to ask for what it missed.
 */
export interface Live {
  close(): void;
}

export interface Listener {
  onOpen(): void;
  onMessage(message: ServerMessage): void;
  onState(state: "connecting" | "open" | "offline"): void;
}

/** Milliseconds of silence after which the server is asked for an answer. API Gateway ends a socket after ten minutes. */
const quietAfter = 30_000;
const quietAfterHidden = 5 * 60_000;
/** Milliseconds that an answer may take, and that connecting may. */
const answerWithin = 10_000;
const lookEvery = 5000;
const longestPause = 15_000;

export function connect(projectID: string, listener: Listener): Live {
  let socket: WebSocket | undefined;
  let attempt = 0;
  let closed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  /** When the socket was last heard, and since when it has been asked. */
  let heardAt = 0;
  let askedAt: number | undefined;
  const watching = setInterval(watch, lookEvery);

  function send(message: ClientMessage): void {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  function watch(): void {
    if (socket === undefined) return;
    const now = performance.now();
    if (askedAt !== undefined) {
      if (now - askedAt > answerWithin) again();
    } else if (now - heardAt > (document.visibilityState === "visible" ? quietAfter : quietAfterHidden)) ask();
  }

  function ask(): void {
    askedAt ??= performance.now();
    send({ type: "ping" });
  }

  async function open(): Promise<void> {
    listener.onState(attempt === 0 ? "connecting" : "offline");
    try {
      const { ticket, url } = await call(socketTicket, { signal: AbortSignal.timeout(answerWithin) });
      if (closed) return;
      const opened = new WebSocket(`${url}?ticket=${encodeURIComponent(ticket)}`);
      socket = opened;
      // The answer to the subscription is waited for like any other.
      askedAt = performance.now();
      opened.onopen = () => send({ type: "subscribe", projectId: projectID });
      opened.onmessage = ({ data }) => {
        if (socket !== opened) return;
        heardAt = performance.now();
        askedAt = undefined;
        const { data: message } = ServerMessage.safeParse(parseJson(String(data)));
        // A newer server may send types that this page does not know. Nothing is sent on the socket alone, so ignore them.
        if (message === undefined) return;
        if (message.type === "subscribed") {
          attempt = 0;
          listener.onState("open");
          listener.onOpen();
        } else if (message.type === "error" && message.code === "not_signed_in") again();
        // A person's pages hear of all their projects.
        else if ((projectOf(message) ?? projectID) === projectID) listener.onMessage(message);
      };
      opened.onclose = () => {
        if (socket === opened) again();
      };
    } catch {
      again();
    }
  }

  /** Gives the socket up, and connects after a pause. */
  function again(): void {
    if (closed) return;
    const before = socket;
    socket = undefined;
    askedAt = undefined;
    before?.close();
    listener.onState("offline");
    clearTimeout(retry);
    const pause = Math.min(longestPause, 500 * 2 ** attempt++);
    retry = setTimeout(() => void open(), pause * (0.5 + Math.random() / 2));
  }

  /** After a laptop wakes, its socket may look open and be dead. */
  function wake(): void {
    if (document.visibilityState !== "visible" || closed) return;
    if (socket?.readyState === WebSocket.OPEN) {
      ask();
      listener.onOpen();
    } else if (socket === undefined) {
      clearTimeout(retry);
      attempt = 0;
      void open();
    }
  }
  document.addEventListener("visibilitychange", wake);
  addEventListener("online", wake);
  void open();

  return {
    close() {
      closed = true;
      clearInterval(watching);
      clearTimeout(retry);
      document.removeEventListener("visibilitychange", wake);
      removeEventListener("online", wake);
      socket?.close();
    },
  };
}

/** The project that a message is about; undefined for one about the person. */
function projectOf(message: ServerMessage): string | undefined {
  switch (message.type) {
    case "project":
      return message.project.id;
    case "transfer":
      return message.transfer.projectId;
    case "operation":
      return message.operation.projectId;
    default:
      return "projectId" in message ? message.projectId : undefined;
  }
}
