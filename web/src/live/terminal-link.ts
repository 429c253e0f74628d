import { TerminalEvent, type TerminalInput } from "@slipway/contract/sandbox";
import { parseJson } from "../api/parsing.ts";
import type { Access } from "./sandbox-access.ts";
import { openSandboxSocket } from "./sandbox-socket.ts";
import { TerminalStream, type Shown } from "./terminal-stream.ts";

/**
 * Bytes of output that may wait to be shown. Past the first the connection is given up until fewer than the second wait: what
 * the runner no longer holds by then is skipped, and says so. A page has no other way to slow a socket down.
 */
const mostWaiting = 512 * 1024;
const fewWaiting = 64 * 1024;
/** Milliseconds that a page then has for everything else. */
const restFor = 60;
/** Characters of one message; the runner takes 256 KB. */
const inputPart = 64 * 1024;

export interface TerminalLink {
  send(input: TerminalInput): boolean;
  /** So many bytes of what was handed out are on the screen. */
  shown(bytes: number): void;
  close(): void;
}

export function connectTerminal(
  access: Access,
  terminal: {
    id: string;
    /** Output up to here has been shown before. */
    offset: number;
    size(): { cols: number; rows: number };
  },
  listener: {
    onShown(shown: Shown): void;
    onState(state: "connecting" | "open"): void;
    onOffset(offset: number): void;
  },
): TerminalLink {
  const stream = new TerminalStream();
  stream.offset = terminal.offset;
  let waiting = 0;
  let isSlowed = false;
  /** From there until the connection is back, what is typed waits. */
  let isAway = false;
  let unsent: TerminalInput[] = [];
  let resting: ReturnType<typeof setTimeout> | undefined;

  const socket = openSandboxSocket(
    access,
    (base) => {
      const { cols, rows } = terminal.size();
      const url = new URL(base);
      const query = { id: terminal.id, offset: stream.offset, cols, rows };
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
      return url.href;
    },
    {
      onState(state) {
        if (state === "open") {
          isAway = false;
          unsent.splice(0).forEach(transmit);
        }
        listener.onState(state);
      },
      // What was meant for this shell is not for the next one.
      onFailure() {
        isAway = false;
        unsent = [];
      },
      onText(text) {
        const { data: event } = TerminalEvent.safeParse(parseJson(text));
        if (event) for (const shown of stream.event(event)) listener.onShown(shown);
        listener.onOffset(stream.offset);
      },
      onBytes(bytes) {
        waiting += bytes.byteLength;
        if (waiting > mostWaiting && !isSlowed) {
          isSlowed = true;
          isAway = true;
          clearTimeout(resting);
          socket.pause();
        }
        listener.onShown(stream.output(bytes));
        listener.onOffset(stream.offset);
      },
    },
  );

  function resume(): void {
    isSlowed = false;
    clearTimeout(resting);
    socket.resume();
  }

  function transmit(input: TerminalInput): boolean {
    if (input.type !== "input" || input.data.length <= inputPart) return socket.send(input);
    for (let at = 0; at < input.data.length; at += inputPart)
      if (!socket.send({ type: "input", data: input.data.slice(at, at + inputPart) })) return false;
    return true;
  }

  return {
    send(input) {
      if (!isAway) return transmit(input);
      unsent.push(input);
      // A key, such as Ctrl+C, waits for no output.
      if (isSlowed) resume();
      return true;
    },
    shown(bytes) {
      waiting -= bytes;
      if (!isSlowed || waiting > fewWaiting) return;
      clearTimeout(resting);
      resting = setTimeout(resume, restFor);
    },
    close() {
      clearTimeout(resting);
      socket.close();
    },
  };
}
