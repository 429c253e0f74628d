import DOMPurify from "dompurify";
import { Marked } from "marked";

/** Markdown of a model, which nobody vouches for: sanitised, and nothing is fetched from elsewhere to show it. */
const marked = new Marked({ gfm: true, breaks: false });

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

export default function Markdown(props: { text: string }) {
  const html = () =>
    DOMPurify.sanitize(marked.parse(props.text, { async: false }), {
      USE_PROFILES: { html: true },
      FORBID_TAGS: ["style", "form", "input", "button", "video", "audio", "source", "iframe"],
      FORBID_ATTR: ["style", "class", "id", "name"],
    });
  return <div class="prose" innerHTML={html()} />;
}
