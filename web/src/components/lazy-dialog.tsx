import { lazy, onCleanup, onMount, Suspense, type Component } from "solid-js";
import { text } from "#text/common.ts";

/**
 * A dialog whose code loads when it is first opened. It has the keyboard from the start: what is typed before the code
 * is there reaches the dialog's first field, not whatever had the focus.
 */
export function lazyDialog<P extends { onClose(): void }>(
  load: () => Promise<{ default: Component<P> }>,
): Component<P> {
  const Loaded = lazy(load);
  return (props) => (
    <Suspense fallback={<HeldKeyboard onClose={() => props.onClose()} />}>
      <Loaded {...props} />
    </Suspense>
  );
}

/** Takes the keyboard until something that it opens has loaded, then types what was typed into the field focused there. */
export function HeldKeyboard(props: { onClose(): void }) {
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
  return (
    <dialog
      ref={element}
      aria-label={text.loading}
      class="card loading-dialog mt-[12vh] mb-auto px-4 py-3 text-sm text-quiet"
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
        }}
      />
      {text.loading}
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
