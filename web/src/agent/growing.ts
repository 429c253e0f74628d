import { renderMarkdown, splitLastBlock } from "./render-markdown.ts";
import { sanitize } from "./sanitize.ts";

/** Lines of code in one element, so that a line that is added lays out few. */
const linesTogether = 40;
/** Characters of finished blocks in one element: far from what is visible the browser skips it as one. */
const together = 4000;
/** Characters of an open block up to which rendering it again costs less than a frame. */
const cheap = 2000;

/**
 * Renders a growing text into an element: finished blocks once, the last one anew, and code, which is most of a long
 * answer, by appending to it.
 */
export function createGrowing(host: HTMLElement): {
  /** True if this cost as much as the change, false if it cost as much as the last block. */
  update(text: string): boolean;
} {
  const tail = document.createElement("div");
  host.replaceChildren(tail);
  let shown = "";
  /** Characters that are rendered for good. */
  let done = 0;
  let code: OpenCode | undefined;
  /** The newest finished blocks, up to `together` characters. */
  let part: HTMLElement | undefined;
  let partEnds = 0;

  function update(text: string): boolean {
    // A step that is made again begins a new text.
    if (!text.startsWith(shown)) {
      host.replaceChildren(tail);
      tail.replaceChildren();
      done = 0;
      code = undefined;
      part = undefined;
    }
    shown = text;
    for (;;) {
      code ??= openCode(text.slice(done), tail);
      if (code) {
        const end = code.update(text.slice(done));
        if (end === undefined) return true;
        keep(code.element);
        done += end;
        code = undefined;
        continue;
      }
      const rest = text.slice(done);
      const last = splitLastBlock(rest);
      if (last === undefined || last === 0) {
        show(tail, rest);
        return rest.length <= cheap;
      }
      const block = document.createElement("div");
      show(block, rest.slice(0, last));
      keep(block);
      done += last;
    }
  }

  function keep(element: HTMLElement): void {
    if (part === undefined || done > partEnds) {
      part = document.createElement("div");
      part.className = "prose grown";
      partEnds = done + together;
      tail.before(part);
    }
    element.className = "prose";
    part.append(element);
    tail.replaceChildren();
  }

  return { update };
}

function show(element: HTMLElement, text: string): void {
  const html = renderMarkdown(text);
  if (html === undefined) element.textContent = text;
  else element.innerHTML = sanitize(html);
}

interface OpenCode {
  element: HTMLElement;
  /** Appends what is new. Where its fence has closed, the number of characters up to the end of it. */
  update(text: string): number | undefined;
}

/** A fence that a text begins with, shown as it grows. */
function openCode(text: string, tail: HTMLElement): OpenCode | undefined {
  const opening = /^\n* {0,3}(`{3,}|~{3,})[^\n`]*\n/.exec(text);
  const fence = opening?.[1];
  if (!opening || fence === undefined) return undefined;
  const closing = new RegExp(`^ {0,3}${fence[0]}{${fence.length},}[ \\t]*$`);
  const element = document.createElement("div");
  const pre = document.createElement("pre");
  const code = document.createElement("code");
  pre.append(code);
  element.append(pre);
  tail.replaceChildren(element);
  let read = opening[0].length;
  let lines = 0;
  let part: Text | undefined;

  function append(line: string): void {
    if (part === undefined || lines % linesTogether === 0) {
      const block = document.createElement("span");
      block.className = "block";
      part = document.createTextNode("");
      block.append(part);
      code.append(block);
    }
    part.appendData(line);
    lines++;
  }

  return {
    element,
    // Only whole lines are shown: the last one may become the closing fence.
    update(now) {
      for (;;) {
        const end = now.indexOf("\n", read);
        if (end === -1) return undefined;
        const line = now.slice(read, end);
        read = end + 1;
        if (closing.test(line)) return read;
        append(`${line}\n`);
      }
    },
  };
}
