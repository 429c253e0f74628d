import { headOf } from "@slipway/contract/cut";
import { VisibleError } from "@slipway/contract/error";
import { createFetch, type Fetch, type FetchOptions } from "@slipway/core/fetch";
import { convert } from "html-to-text";
import { Parser } from "htmlparser2";

/** A public page as text, for a model: whole, up to what one page may have. */
export type Fetcher = (url: string, signal: AbortSignal, follows?: FetchOptions["follows"]) => Promise<string>;

const maxBytes = 1024 * 1024;
/** Of HTML. Converting takes quadratic time in the depth, and runs out of stack at some 3,000. */
const maxDepth = 256;
const maxElements = 20_000;
/** Characters that are parsed between two looks at these. */
const step = 4096;

/** @throws VisibleError */
export function createFetcher(fetch: Fetch = createFetch()): Fetcher {
  return async function fetchText(from, signal, follows = () => true) {
    const accept = "text/html, text/*, application/json";
    const { url, type, bytes } = await fetch(from, { signal, maxBytes, accept, follows });
    if (type !== "" && !/^(?:text\/|application\/(?:json|xml|javascript|[a-z.+-]*\+(?:json|xml)))/i.test(type))
      throw new VisibleError("invalid_input", `${url.href} is not text (${type}).`);
    const raw = bytes.toString("utf8");
    return /html/i.test(type) ? textOf(raw) : raw;
  };
}

function textOf(html: string): string {
  const length = readableLength(html);
  const text = convert(headOf(html, length), {
    wordwrap: false,
    selectors: [
      { selector: "img", format: "skip" },
      { selector: "a", options: { hideLinkHrefIfSameAsText: true } },
    ],
  });
  return length < html.length ? `${text}\n[cut: the page is nested too deeply or has too many elements]` : text;
}

/** Characters up to which a page stays within the limits of depth and elements. */
function readableLength(html: string): number {
  let [depth, deepest, elements] = [0, 0, 0];
  const parser = new Parser({
    onopentagname() {
      elements++;
      depth++;
      deepest = Math.max(deepest, depth);
    },
    onclosetag() {
      depth--;
    },
  });
  for (let at = 0; at < html.length; at += step) {
    parser.write(html.slice(at, at + step));
    if (deepest > maxDepth || elements > maxElements) return at;
  }
  return html.length;
}
