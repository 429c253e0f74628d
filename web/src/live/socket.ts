import { ServerMessage, type ClientMessage } from "@slipway/contract/socket";
import { socketTicket } from "@slipway/contract/routes/service";
import { call } from "../api/call.ts";
import { parseJson } from "../api/parsing.ts";

/**
 * One socket to the server for the life of the page: a new ticket for each connection, a ping every five minutes, and
 * reconnection with backoff. `onOpen` tells the listener to ask for what it missed.
 */
export interface Live {
  close(): void;
}

export interface Listener {
  onOpen(): void;
  onMessage(message: ServerMessage): void;
  onState(state: "connecting" | "open" | "offline"): void;
}

const pingEvery = 5 * 60_000;
const longestPause = 15_000;

export function connect(projectID: string, listener: Listener): Live {
  let socket: WebSocket | undefined;
  let attempt = 0;
  let closed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const ping = setInterval(() => send({ type: "ping" }), pingEvery);

  function send(message: ClientMessage): void {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  async function open(): Promise<void> {
    listener.onState(attempt === 0 ? "connecting" : "offline");
    try {
      const { ticket, url } = await call(socketTicket);
      if (closed) return;
      const opened = new WebSocket(`${url}?ticket=${encodeURIComponent(ticket)}`);
      socket = opened;
      opened.onopen = () => send({ type: "subscribe", projectId: projectID });
      opened.onmessage = ({ data }) => {
        const { data: message } = ServerMessage.safeParse(parseJson(String(data)));
        // A newer server may send types that this page does not know. Nothing is sent on the socket alone, so ignore them.
        if (message === undefined) return;
        if (message.type === "subscribed") {
          attempt = 0;
          listener.onState("open");
          listener.onOpen();
        } else listener.onMessage(message);
      };
      opened.onclose = () => {
        if (socket === opened) again();
      };
    } catch {
      again();
    }
  }

  function again(): void {
    if (closed) return;
    socket = undefined;
    listener.onState("offline");
    clearTimeout(retry);
    const pause = Math.min(longestPause, 500 * 2 ** attempt++);
    retry = setTimeout(() => void open(), pause * (0.5 + Math.random() / 2));
  }

  /** After a laptop wakes, its socket may look open and be dead. */
  function wake(): void {
    if (document.visibilityState !== "visible" || closed) return;
    if (socket?.readyState === WebSocket.OPEN) listener.onOpen();
    else if (socket === undefined) {
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
      clearInterval(ping);
      clearTimeout(retry);
      document.removeEventListener("visibilitychange", wake);
      removeEventListener("online", wake);
      socket?.close();
    },
  };
}
