import { headOf } from "@slipway/contract/cut";
import { getOriginalDoc, updateOriginalDoc } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { createEffect, createResource, createSignal, on, onCleanup, Show } from "solid-js";
import type { UndoRange } from "@slipway/contract/file";
import type { ReviewedFile, RunChange } from "@slipway/contract/review";
import { acceptChange, rejectChange, revertRun, runChange } from "@slipway/contract/routes/review";
import { text } from "#text/review.ts";
import { ApiError, messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { settled } from "../api/operation.ts";
import { latest } from "../components/latest.ts";
import { toast } from "../components/toasts.tsx";
import { comparison, isTooLong } from "../code/comparison.ts";
import { languageOf } from "../code/languages.ts";
import { asDiff } from "../code/line-diff.ts";

/** A changed file with its hunks, old text red and new text green, each with accept and revert buttons. */
export default function ReviewedText(props: {
  runID: string;
  file: RunChange;
  onChanged(): void;
  onOpen(path: string): void;
  onUndo(range: UndoRange): void;
}) {
  let parent!: HTMLDivElement;
  let view: EditorView | undefined;
  const [sides, { refetch }] = createResource(
    () => ({ id: props.runID, path: props.file.path }),
    (params) => call(runChange, { params }),
  );
  const [busy, setBusy] = createSignal(false);
  const both = () => latest(sides);
  const isLong = () => isTooLong(both()?.base ?? "", both()?.content ?? "");

  // Changed by someone else, or by this page.
  createEffect(
    on(
      () => `${props.file.rev} ${props.file.isSettled}`,
      () => void refetch(),
      { defer: true },
    ),
  );
  createEffect(on(both, (now) => now && !isLong() && void show(now)));
  onCleanup(() => view?.destroy());

  async function show(sidesNow: ReviewedFile): Promise<void> {
    const { path, base = "", content = "", rev } = sidesNow;
    const language = await languageOf(path);
    if (both() !== sidesNow) return;
    view?.destroy();
    view = new EditorView({
      parent,
      state: EditorState.create({
        doc: content,
        extensions: [
          comparison({
            original: base,
            label: text.changesOf(path),
            language,
            controls: (type, action) => control(type, path, action),
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) void reject(content, update.state.doc.toString(), rev);
            else if (update.transactions.some(({ effects }) => effects.some((effect) => effect.is(updateOriginalDoc))))
              void accept(getOriginalDoc(update.state).toString());
          }),
        ],
      }),
    });
  }

  async function accept(base: string): Promise<void> {
    await act(
      async () =>
        void (await call(acceptChange, { params: { id: props.runID }, body: { path: props.file.path, base } })),
    );
  }

  async function reject(before: string, content: string, rev: number | undefined): Promise<void> {
    await act(async () => {
      const [id, { path }] = [props.runID, props.file];
      // The diff in the model's direction: from the restored text to the rejected one.
      const diff = headOf(asDiff(content, before), 20_000);
      // A deleted file has no revision to reject a hunk of, so all of it is restored. A new file without a hunk goes.
      const isWhole = rev === undefined || (props.file.op === "created" && content.trim() === "");
      const { undo } = isWhole
        ? await settled(await call(revertRun, { params: { id }, body: { paths: [path] } }))
        : await call(rejectChange, { params: { id }, body: { path, content, rev, diff } });
      toast(text.reverted, { label: text.undo, run: () => props.onUndo(undo) });
    });
  }

  async function act(run: () => Promise<void>): Promise<void> {
    setBusy(true);
    try {
      await run();
    } catch (error) {
      const isLate = error instanceof ApiError && error.status === 409;
      toast(isLate ? text.stale : messageOf(error));
      await refetch();
    } finally {
      setBusy(false);
      props.onChanged();
    }
  }

  return (
    <div class="bg-paper" aria-busy={busy()}>
      <Show when={sides.error}>
        <p role="alert" class="px-4 py-2 text-sm text-bad">
          {messageOf(sides.error)}
        </p>
      </Show>
      <Show when={both() === undefined && !sides.error}>
        <div class="skeleton m-3 h-16" />
      </Show>
      <Show when={isLong()}>
        <p class="px-4 py-2 text-sm text-quiet">{text.tooLong}</p>
      </Show>
      <div
        ref={parent}
        class="review-text"
        classList={{ "pointer-events-none opacity-60": busy(), "is-new": props.file.op === "created" }}
      />
      <Show when={both()?.content !== undefined}>
        <button class="m-2 text-xs text-accent underline" onClick={() => props.onOpen(props.file.path)}>
          {text.open(props.file.path)}
        </button>
      </Show>
    </div>
  );
}

function control(type: "accept" | "reject", path: string, action: (event: MouseEvent) => void): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-small";
  button.textContent = type === "accept" ? text.keep : text.revert;
  button.setAttribute("aria-label", type === "accept" ? text.keepHunk(path) : text.revertHunk(path));
  button.addEventListener("mousedown", (event) => {
    event.preventDefault();
    action(event);
  });
  // A keyboard click has no mousedown.
  button.addEventListener("click", (event) => {
    if (event.detail === 0) action(event);
  });
  return button;
}
