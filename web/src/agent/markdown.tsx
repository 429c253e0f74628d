import { createEffect, createMemo, createSignal, on, onCleanup, Show } from "solid-js";
import { toast } from "../components/toasts.tsx";
import { renderMarkdown } from "./render-markdown.ts";
import { sanitize } from "./sanitize.ts";

/** Code blocks of one answer that are highlighted. */
const maxHighlighted = 100;
/** A growing text is rendered again after this many times the duration of the last rendering. */
const restFactor = 4;

/** An answer's text. `isOpen`: more is coming, so code is not highlighted yet. */
export default function Markdown(props: { text: string; isOpen?: boolean }) {
  const [text, setText] = createSignal(props.text);
  let element: HTMLDivElement | undefined;
  let milliseconds = 0;
  let resting: ReturnType<typeof setTimeout> | undefined;

  const html = createMemo(() => {
    const began = performance.now();
    const rendered = renderMarkdown(text());
    const safe = rendered === undefined ? undefined : sanitize(rendered);
    milliseconds = performance.now() - began;
    return safe;
  });

  createEffect(() => {
    const [now, isOpen] = [props.text, props.isOpen];
    if (resting !== undefined && isOpen) return;
    clearTimeout(resting);
    resting = undefined;
    setText(now);
    if (isOpen && milliseconds > 4)
      resting = setTimeout(() => {
        resting = undefined;
        setText(props.text);
      }, milliseconds * restFactor);
  });
  onCleanup(() => clearTimeout(resting));
  createEffect(
    on(html, () => {
      if (!props.isOpen && element) finish(element);
    }),
  );
  return (
    <Show when={html() !== undefined} fallback={<div class="prose break-words whitespace-pre-wrap">{text()}</div>}>
      <div ref={element} class="prose" innerHTML={html() ?? ""} />
    </Show>
  );
}

/** Adds highlighting and a copy button to code, and makes wide tables scrollable by keyboard. */
function finish(element: HTMLElement): void {
  for (const [at, code] of element.querySelectorAll<HTMLElement>("pre > code").entries()) {
    const pre = code.parentElement;
    if (!pre) continue;
    const text = code.textContent ?? "";
    pre.tabIndex = 0;
    pre.setAttribute("role", "region");
    pre.setAttribute("aria-label", "Code");
    const frame = document.createElement("div");
    frame.className = "code-frame";
    const copy = document.createElement("button");
    copy.type = "button";
    copy.className = "button button-small";
    copy.textContent = "Copy";
    copy.setAttribute("aria-label", "Copy the code");
    copy.addEventListener("click", () => {
      void navigator.clipboard.writeText(text).then(
        () => toast("Copied"),
        () => toast("The browser did not allow copying."),
      );
    });
    pre.replaceWith(frame);
    frame.append(pre, copy);
    if (at < maxHighlighted)
      void import("./highlight.ts").then(({ highlight }) => highlight(code, code.dataset.language ?? ""));
  }
  for (const table of element.querySelectorAll<HTMLElement>("table")) table.tabIndex = 0;
}
