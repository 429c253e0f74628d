import DOMPurify from "dompurify";

/**
 * The HTML that an answer may contain: structured text and links. This is an allow-list, so nothing that loads without a
 * click gets through: no images, media, styles, forms or frames, and `href` is the only attribute with a URL.
 */
const tags =
  "a b blockquote br code dd del details dl dt em h1 h2 h3 h4 h5 h6 hr i kbd li ol p pre s strong sub summary sup table tbody td th thead tr ul";
const attributes = "align colspan data-language open rowspan start title";

DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName !== "A") return;
  node.setAttribute("target", "_blank");
  node.setAttribute("rel", "noopener noreferrer nofollow");
});

export function sanitize(html: string): string {
  return DOMPurify.sanitize(html, {
    ALLOWED_TAGS: tags.split(" "),
    ALLOWED_ATTR: ["href", ...attributes.split(" ")],
    // ALLOWED_URI_REGEXP applies to every attribute that is not listed here.
    ADD_URI_SAFE_ATTR: attributes.split(" "),
    ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
  });
}
