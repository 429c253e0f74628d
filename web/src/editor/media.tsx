import { Match, Switch } from "solid-js";
import { text } from "#text/editor.ts";
import { bytesText } from "../components/format.ts";
import type { OpenDocument } from "../stores/documents.ts";

const kinds = {
  image: /\.(?:avif|gif|ico|jpe?g|png|webp)$/i,
  audio: /\.(?:mp3|ogg|wav)$/i,
  video: /\.(?:mp4|webm)$/i,
  pdf: /\.pdf$/i,
};

/** A binary file: shown if the browser can, otherwise offered for download. */
export default function Media(props: { document: OpenDocument; onDownload(): void }) {
  const name = () => props.document.path.slice(props.document.path.lastIndexOf("/") + 1);
  const is = (kind: RegExp) => kind.test(props.document.path) && props.document.url;
  return (
    <div class="flex h-full flex-col items-center justify-center gap-4 overflow-auto p-6 text-center">
      <Switch fallback={<p class="text-sm">{text.cannotShow}</p>}>
        <Match when={is(kinds.image)}>
          {(url) => <img src={url()} alt={name()} class="checkered min-h-0 max-w-full shrink object-contain" />}
        </Match>
        <Match when={is(kinds.audio)}>{(url) => <audio controls src={url()} aria-label={name()} />}</Match>
        <Match when={is(kinds.video)}>
          {(url) => <video controls src={url()} aria-label={name()} class="min-h-0 max-w-full shrink" />}
        </Match>
        <Match when={is(kinds.pdf)}>
          {(url) => <iframe src={url()} title={name()} class="size-full min-h-0 shrink border border-line" />}
        </Match>
      </Switch>
      <p class="flex items-center gap-3 text-xs text-quiet">
        {name()} · {bytesText(props.document.size)}
        <button class="button button-small" onClick={() => props.onDownload()}>
          {text.download}
        </button>
      </p>
    </div>
  );
}
