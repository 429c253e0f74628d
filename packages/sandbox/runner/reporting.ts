import type { IncomingHttpHeaders } from "node:http";
import { Transform } from "node:stream";
import { withReporter } from "@slipway/contract/preview-reporter";

/**
 * Puts the reporter into a previewed page as it passes. Pages may be streamed: only what comes before the end of `<head>`'s
 * tag waits.
 */

/** A page whose head has not begun by then gets the reporter first. */
const maxHeldBytes = 16 * 1024;
const head = /<head(?:\s[^>]*)?>/i;

/** Whether this is a page in a frame, whole and as text. */
export function isPage(request: IncomingHttpHeaders, status: number, reply: IncomingHttpHeaders): boolean {
  return (
    isFramed(request) &&
    status !== 204 &&
    status !== 206 &&
    status !== 304 &&
    reply["content-type"]?.startsWith("text/html") === true &&
    (reply["content-encoding"] ?? "identity") === "identity"
  );
}

/** A frame or a tab, and not a part of a page. */
export function isFramed(request: IncomingHttpHeaders): boolean {
  return ["iframe", "frame", "document"].includes(String(request["sec-fetch-dest"]));
}

export function reporting(): Transform {
  let held: Buffer | undefined = Buffer.alloc(0);
  // As Latin-1 every byte is a character and comes back as it was.
  const release = (bytes: Buffer) => Buffer.from(withReporter(bytes.toString("latin1"), ""), "latin1");
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (held === undefined) return done(null, chunk);
      held = Buffer.concat([held, chunk]);
      if (held.length < maxHeldBytes && !head.test(held.toString("latin1"))) return done();
      const whole = held;
      held = undefined;
      done(null, release(whole));
    },
    flush(done) {
      done(null, held === undefined ? undefined : release(held));
    },
  });
}
