import type { TerminalEvent } from "@slipway/contract/sandbox";

/** What a frame means to the view of the terminal. */
export type Shown =
  | { type: "output"; bytes: Uint8Array; isReplay: boolean }
  /** What was shown and what follows do not belong together. */
  | { type: "break"; reason: "new-shell" | "skipped" }
  | { type: "resized"; cols: number; rows: number }
  | { type: "exit"; code: number | null; signal: string | null }
  | { type: "error"; message: string };

/**
 * Where a terminal's output has been read up to. A connection that comes back asks for what follows `offset`, so nothing shows
 * twice. Bytes of output, not characters.
 */
export class TerminalStream {
  offset = 0;
  /** Output before this is old: the terminal's questions in it have been answered before. */
  #oldUntil = 0;

  event(event: TerminalEvent): Shown[] {
    switch (event.type) {
      case "attached": {
        const { offset, total, cols, rows } = event;
        const shown: Shown[] = [];
        if (offset < this.offset) shown.push({ type: "break", reason: "new-shell" });
        else if (offset > this.offset) shown.push({ type: "break", reason: "skipped" });
        this.offset = offset;
        this.#oldUntil = total;
        return [...shown, { type: "resized", cols, rows }];
      }
      case "gap":
        this.offset = event.offset;
        return [{ type: "break", reason: "skipped" }];
      default:
        return [event];
    }
  }

  output(bytes: Uint8Array): Shown {
    const isReplay = this.offset < this.#oldUntil;
    this.offset += bytes.byteLength;
    return { type: "output", bytes, isReplay };
  }
}
