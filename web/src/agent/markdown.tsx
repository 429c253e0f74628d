import DOMPurify from "dompurify";
import { Marked } from "marked";
import { createEffect, on } from "solid-js";
import { toast } from "../components/toasts.tsx";

/** Markdown of a model, which nobody vouches for: sanitised, and nothing is fetched from elsewhere to show it. */
const marked = new Marked({
  gfm: true,
  breaks: false,
  renderer: {
    code({ text, lang = "" }) {
      const name = /^[\w+#.-]{1,30}/.exec(lang)?.[0] ?? "";
      return `<pre><code data-language="${name}">${escape(text)}</code></pre>`;
    },
  },
});

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName === "A") {
    node.setAttribute("target", "_blank");
    node.setAttribute("rel", "noopener noreferrer nofollow");
  }
  if (node.tagName === "IMG") {
    const source = node.getAttribute("src") ?? "";
    const link = document.createElement("a");
    link.textContent = node.getAttribute("alt") || source;
    if (/^https?:/.test(source)) link.setAttribute("href", source);
    node.replaceWith(link);
  }
});

/** `isOpen`: more of it is still coming, so that finery can wait. */
export default function Markdown(props: { text: string; isOpen?: boolean }) {
  let element!: HTMLDivElement;
  const html = () =>
    DOMPurify.sanitize(marked.parse(props.text, { async: false }), {
      USE_PROFILES: { html: true },
      FORBID_TAGS: ["style", "form", "input", "button", "video", "audio", "source", "iframe"],
      FORBID_ATTR: ["style", "class", "id", "name"],
    });
  createEffect(
    on(html, () => {
      if (!props.isOpen) finish(element);
    }),
  );
  return <div ref={element} class="prose" innerHTML={html()} />;
}

/** Colours and a copy button for each piece of code; a table that is too wide can be scrolled by keys. */
function finish(element: HTMLElement): void {
  for (const code of element.querySelectorAll<HTMLElement>("pre > code")) {
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
    void import("./highlight.ts").then(({ highlight }) => highlight(code, code.dataset.language ?? ""));
  }
  for (const table of element.querySelectorAll<HTMLElement>("table")) table.tabIndex = 0;
}
