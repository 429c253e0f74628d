import type { RawData, WebSocket } from "ws";

const pingMs = 30_000;

/** Pings a socket, so that nothing in between takes it for dead, and drops it when it is. */
export function keepAlive(socket: WebSocket): WebSocket {
  let isAlive = true;
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, pingMs);
  socket.on("pong", () => (isAlive = true));
  socket.on("close", () => clearInterval(timer));
  return socket;
}

/** A text frame as JSON; undefined for anything else. */
export function messageOf(data: RawData, isBinary: boolean): unknown {
  if (isBinary || !Buffer.isBuffer(data)) return undefined;
  try {
    return JSON.parse(data.toString());
  } catch {
    return undefined;
  }
}
