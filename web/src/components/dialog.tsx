import { text } from "#text/common.ts";
import X from "lucide-solid/icons/x";
import { createEffect, createUniqueId, type JSX } from "solid-js";

/** A modal on the platform's `dialog`, which traps focus, closes on Escape and makes the page inert. */
export function Dialog(props: {
  open: boolean;
  title: string;
  wide?: boolean;
  onClose(): void;
  children: JSX.Element;
}) {
  const titleID = createUniqueId();
  let element: HTMLDialogElement | undefined;
  createEffect(() => {
    if (props.open) queueMicrotask(() => element?.isConnected && !element.open && element.showModal());
    if (!props.open && element?.open) element.close();
  });
  /** Closes it first, which restores the focus. */
  function dismiss(): void {
    element?.close();
    props.onClose();
  }
  return (
    <dialog
      ref={element}
      aria-labelledby={titleID}
      class="card max-h-[85vh] p-0 whitespace-normal"
      classList={{
        "w-[min(480px,calc(100vw-32px))]": !props.wide,
        "w-[min(720px,calc(100vw-32px))]": props.wide ?? false,
      }}
      // The event comes late: another dialog may be open by then.
      onClose={() => element?.isConnected && props.open && props.onClose()}
      onCancel={(event) => {
        if (event.target !== element) return;
        event.preventDefault();
        dismiss();
      }}
      onPointerDown={(event) => event.target === element && dismiss()}
    >
      <div class="flex flex-col gap-4 p-5">
        <div class="flex items-center justify-between">
          <h2 id={titleID} class="text-lg font-semibold">
            {props.title}
          </h2>
          <button class="icon-button" aria-label={text.close} onClick={dismiss}>
            <X size={16} />
          </button>
        </div>
        {props.open && props.children}
      </div>
    </dialog>
  );
}
