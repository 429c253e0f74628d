import { socketProtocol, tokenProtocolPrefix } from "@slipway/contract/sandbox";
import type { Access } from "./sandbox-access.ts";

/** Milliseconds between attempts, at most. */
const longestPause = 8000;
/** Milliseconds that connecting may take. */
const openWithin = 10_000;

export interface SandboxListener {
  onText(text: string): void;
  onBytes?(bytes: Uint8Array): void;
  onState(state: "connecting" | "open"): void;
  /** It could not be reached, the n-th time in a row. */
  onFailure?(times: number): void;
}

/** A socket to the runner in a sandbox, which reconnects with a new token until it is closed. */
export interface SandboxSocket {
  /** False while there is no connection. */
  send(message: unknown): boolean;
  /** Gives the connection up. It comes back with `resume`. */
  pause(): void;
  resume(): void;
  close(): void;
}

export function openSandboxSocket(
  access: Access,
  addressOf: (base: string) => string,
  listener: SandboxListener,
): SandboxSocket {
  let socket: WebSocket | undefined;
  let isClosed = false;
  let isPaused = false;
  let failures = 0;
  /** Each attempt has a number, and a late answer to an earlier one is ignored. */
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function open(): Promise<void> {
    const mine = ++attempt;
    clearTimeout(timer);
    listener.onState("connecting");
    try {
      const { url, token } = await access.get();
      if (mine !== attempt) return;
      const opened = new WebSocket(addressOf(url), [socketProtocol, tokenProtocolPrefix + token]);
      opened.binaryType = "arraybuffer";
      socket = opened;
      timer = setTimeout(() => opened.close(), openWithin);
      opened.onopen = () => {
        clearTimeout(timer);
        failures = 0;
        listener.onState("open");
      };
      opened.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (socket !== opened) return;
        if (typeof data === "string") listener.onText(data);
        else if (data instanceof ArrayBuffer) listener.onBytes?.(new Uint8Array(data));
      };
      opened.onclose = () => {
        if (socket === opened) again();
      };
    } catch {
      if (mine === attempt) again();
    }
  }

  function again(): void {
    drop();
    access.forget();
    listener.onState("connecting");
    listener.onFailure?.(++failures);
    if (isClosed || isPaused) return;
    const pause = Math.min(longestPause, 300 * 2 ** (failures - 1));
    timer = setTimeout(() => void open(), pause * (0.5 + Math.random() / 2));
  }

  function drop(): void {
    attempt++;
    clearTimeout(timer);
    const before = socket;
    socket = undefined;
    before?.close();
  }

  /** The network is back, or the page is looked at again. */
  function wake(): void {
    if (isClosed || isPaused || socket !== undefined || document.visibilityState !== "visible") return;
    void open();
  }
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  void open();

  return {
    send(message) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
    pause() {
      isPaused = true;
      drop();
    },
    resume() {
      if (!isPaused || isClosed) return;
      isPaused = false;
      void open();
    },
    close() {
      isClosed = true;
      drop();
      removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wake);
    },
  };
}
