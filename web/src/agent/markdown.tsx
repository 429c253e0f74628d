import { createEffect, createMemo, on, Show } from "solid-js";
import { text as common } from "#text/common.ts";
import { text } from "#text/agent.ts";
import { toast } from "../components/toasts.tsx";
import { renderMarkdown } from "./render-markdown.ts";
import { sanitize } from "./sanitize.ts";

/** Code blocks of one answer that are highlighted. */
const maxHighlighted = 100;

/** A finished text. One that grows is `GrowingMarkdown`. */
export default function Markdown(props: { text: string }) {
  let element: HTMLDivElement | undefined;
  const html = createMemo(() => {
    const rendered = renderMarkdown(props.text);
    return rendered === undefined ? undefined : sanitize(rendered);
  });
  createEffect(on(html, () => element && finish(element)));
  return (
    <Show when={html() !== undefined} fallback={<div class="prose break-words whitespace-pre-wrap">{props.text}</div>}>
      <div ref={element} class="prose" innerHTML={html() ?? ""} />
    </Show>
  );
}

/** Adds highlighting and a copy button to code, and makes wide tables scrollable by keyboard. */
function finish(element: HTMLElement): void {
  for (const [at, code] of element.querySelectorAll<HTMLElement>("pre > code").entries()) {
    const pre = code.parentElement;
    if (!pre) continue;
    const written = code.textContent ?? "";
    pre.tabIndex = 0;
    pre.setAttribute("role", "region");
    pre.setAttribute("aria-label", text.code);
    const frame = document.createElement("div");
    frame.className = "code-frame";
    const copy = document.createElement("button");
    copy.type = "button";
    copy.className = "button button-small";
    copy.textContent = text.copy;
    copy.setAttribute("aria-label", text.copyCode);
    copy.addEventListener("click", () => {
      void navigator.clipboard.writeText(written).then(
        () => toast(common.copied),
        () => toast(common.copyRefused),
      );
    });
    pre.replaceWith(frame);
    frame.append(pre, copy);
    if (at < maxHighlighted)
      // Without it the code is plain.
      void import("./highlight.ts").then(
        ({ highlight }) => highlight(code, code.dataset.language ?? ""),
        () => undefined,
      );
  }
  for (const table of element.querySelectorAll<HTMLElement>("table")) table.tabIndex = 0;
}
