import { onCleanup, onMount, Show, Suspense, type Component } from "solid-js";
import { text } from "#text/common.ts";
import { text as loading } from "#text/loading.ts";
import { lazyPart, type Missing } from "./lazy-part.tsx";

interface Closable {
  onClose(): void;
}

/**
 * A dialog whose code loads when it is first opened. It has the keyboard from the start: what is typed before the code
 * is there reaches the dialog's first field, not whatever had the focus.
 */
export function lazyDialog<P extends Closable>(
  what: string,
  load: () => Promise<{ default: Component<P> }>,
): Component<P> {
  const Loaded = lazyPart(what, load, (missing, { onClose }) => <HeldKeyboard missing={missing} onClose={onClose} />);
  return (props) => (
    <Suspense fallback={<HeldKeyboard onClose={() => props.onClose()} />}>
      <Loaded {...props} />
    </Suspense>
  );
}

/**
 * Takes the keyboard until something that it opens has loaded, then types what was typed into the field focused there. If
 * that cannot be loaded it says so, and still holds what is typed: none of it may reach the page below.
 */
export function HeldKeyboard(props: { missing?: Missing | undefined; onClose(): void }) {
  let element!: HTMLDialogElement;
  let field!: HTMLInputElement;
  let isEntered = false;
  onMount(() => element.showModal());
  onCleanup(() => {
    // Restores the focus, so that the dialog itself knows what to restore.
    element.close();
    handOver(field.value, isEntered);
  });
  function dismiss(): void {
    field.value = "";
    isEntered = false;
    props.onClose();
  }
  function retry({ error, retry: again }: Missing): void {
    if (error.isOutdated) location.reload();
    else again();
  }
  return (
    <dialog
      ref={element}
      aria-label={props.missing?.error.message ?? text.loading}
      class="card mt-[12vh] mb-auto px-4 py-3 text-sm"
      classList={{ "loading-dialog text-quiet": !props.missing }}
      onCancel={(event) => {
        event.preventDefault();
        dismiss();
      }}
      onPointerDown={(event) => event.target === event.currentTarget && dismiss()}
    >
      <input
        ref={field}
        class="sr-only"
        aria-label={text.loading}
        autocomplete="off"
        autofocus
        onKeyDown={(event) => {
          isEntered = event.key === "Enter" && !event.isComposing && !event.repeat;
          // Not the one that was handed over.
          if (isEntered && event.isTrusted && props.missing) retry(props.missing);
        }}
      />
      <Show when={props.missing} fallback={text.loading}>
        {(missing) => (
          <div role="alert" class="flex max-w-sm flex-col gap-3">
            <p>{missing().error.message}</p>
            <div class="flex justify-end gap-2">
              <button class="button" onClick={dismiss}>
                {text.close}
              </button>
              <button class="button button-main" onClick={() => retry(missing())}>
                {missing().error.isOutdated ? loading.reload : text.tryAgain}
              </button>
            </div>
          </div>
        )}
      </Show>
    </dialog>
  );
}

/** Types into the field that is focused next in this turn. */
function handOver(typed: string, isEntered: boolean): void {
  if (typed === "" && !isEntered) return;
  const onFocus = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return;
    forget();
    // A proposed text is selected, so that typing replaces it.
    const end = target.value.length;
    const [from, to] = [target.selectionStart ?? end, target.selectionEnd ?? end];
    if (from === to) target.setRangeText(typed, end, end, "end");
    else target.setRangeText(typed, from, to, "end");
    target.dispatchEvent(new InputEvent("input", { bubbles: true, data: typed, inputType: "insertText" }));
    if (isEntered)
      target.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  };
  const forget = () => document.removeEventListener("focusin", onFocus);
  document.addEventListener("focusin", onFocus);
  setTimeout(forget);
}
