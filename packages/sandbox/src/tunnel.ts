import { connect, constants, performServerHandshake, type Http2Session, type Settings } from "node:http2";
import { Duplex } from "node:stream";

/**
 * Many connections over one: HTTP/2 without a network below it, a stream for each. Its flow control keeps a slow one from
 * holding up the others.
 */

const settings: Settings = { initialWindowSize: 256 * 1024, maxConcurrentStreams: 1000 };
/** In megabytes: what all streams may hold that nobody reads. */
const maxSessionMemory = 512;

/** The side that opens connections. Once `carrier` has ended, each that it opens ends at once. */
export function openingSide(carrier: Duplex): () => Duplex {
  const session = connect("http://sandbox", { createConnection: () => carrier, settings, maxSessionMemory });
  endWith(carrier, session);
  return () => {
    if (session.closed || session.destroyed) return new Duplex().destroy();
    const stream = session.request({ [constants.HTTP2_HEADER_METHOD]: "POST" }, { endStream: false });
    stream.on("error", () => undefined);
    return bytes(stream);
  };
}

/** The side that takes them. */
export function takingSide(carrier: Duplex, take: (connection: Duplex) => void): void {
  const session = performServerHandshake(carrier, { settings, maxSessionMemory });
  endWith(carrier, session);
  session.on("stream", (stream) => {
    stream.on("error", () => undefined);
    stream.respond();
    take(bytes(stream));
  });
}

/** A carrier of two pipes may end in one direction alone, as when their program is killed; HTTP/2 would wait for the other. */
function endWith(carrier: Duplex, session: Http2Session): void {
  for (const each of [carrier, session]) each.on("error", () => undefined);
  for (const event of ["end", "close"]) carrier.once(event, () => session.destroy());
}

/** Writes to the stream are of bytes alone. An HTTP server writes text as well, whose parts HTTP/2 would send in disorder. */
function bytes(stream: Duplex): Duplex {
  // Its user hears that it has closed.
  return Duplex.from({ readable: stream, writable: stream }).on("error", () => undefined);
}

/** Passes on what each of two connections sends, and the end of either to the other. */
export function join(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.pipe(to);
    from.on("error", () => to.destroy());
    from.on("close", () => (from.readableEnded ? undefined : to.destroy()));
  }
}
