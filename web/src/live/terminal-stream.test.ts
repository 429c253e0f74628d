import { describe, expect, test } from "vitest";
import { TerminalStream } from "./terminal-stream.ts";

const size = { cols: 80, rows: 24 };
const bytes = (text: string) => new TextEncoder().encode(text);

describe("the output of a terminal", () => {
  test("is asked for from where it was read up to", () => {
    const stream = new TerminalStream();
    stream.event({ type: "attached", offset: 0, total: 0, ...size });
    stream.output(bytes("größe"));
    expect(stream.offset).toBe(7);
    expect(stream.event({ type: "attached", offset: 7, total: 9, ...size })).toEqual([{ type: "resized", ...size }]);
    stream.output(bytes("ok"));
    expect(stream.offset).toBe(9);
  });

  test("says that some was skipped when the scrollback no longer reaches back, or the page was too slow", () => {
    const stream = new TerminalStream();
    expect(stream.event({ type: "attached", offset: 500, total: 900, ...size })[0]).toEqual({
      type: "break",
      reason: "skipped",
    });
    expect(stream.event({ type: "gap", offset: 700 })).toEqual([{ type: "break", reason: "skipped" }]);
    expect(stream.offset).toBe(700);
  });

  test("says that another shell runs when it begins anew", () => {
    const stream = new TerminalStream();
    stream.event({ type: "attached", offset: 0, total: 0, ...size });
    stream.output(bytes("before"));
    expect(stream.event({ type: "attached", offset: 0, total: 0, ...size })[0]).toEqual({
      type: "break",
      reason: "new-shell",
    });
    expect(stream.offset).toBe(0);
  });

  test("is a replay up to what there was on attaching", () => {
    const stream = new TerminalStream();
    stream.event({ type: "attached", offset: 0, total: 4, ...size });
    expect(stream.output(bytes("old!"))).toMatchObject({ isReplay: true });
    expect(stream.output(bytes("new"))).toMatchObject({ isReplay: false });
  });
});
