import Bell from "lucide-solid/icons/bell";
import { createSignal, onCleanup, onMount, Show, Suspense } from "solid-js";
import { text } from "#text/shell.ts";
import { text as loading } from "#text/loading.ts";
import { lazyPart } from "../components/lazy-part.tsx";
import { pageState } from "../api/page-state.ts";
import { useCommands } from "../stores/commands.ts";
import { pendingCount, refreshInbox } from "../stores/inbox.ts";

const InboxList = lazyPart(loading.inbox, () => import("./inbox-list.tsx"));

const width = "min(400px, 100vw - 16px)";

/** What waits for the person: pending approvals of all runs, and for admins requests for more runs. */
export function Inbox() {
  const { user } = pageState();
  const [open, setOpen] = createSignal(false);
  let button!: HTMLButtonElement;
  let popover!: HTMLDivElement;
  const refresh = () => void refreshInbox(user?.role === "admin").catch(() => undefined);
  const show = () => {
    refresh();
    popover.showPopover();
  };
  useCommands(() => [{ id: "inbox", title: text.inbox, group: text.groups.go, run: show }]);
  onMount(() => {
    const look = () => document.visibilityState === "visible" && refresh();
    // After the page itself has loaded.
    const soon = setTimeout(look, 400);
    document.addEventListener("visibilitychange", look);
    onCleanup(() => {
      clearTimeout(soon);
      document.removeEventListener("visibilitychange", look);
    });
  });

  /** Below the button, inside of the window. */
  function place(): void {
    const { right, bottom } = button.getBoundingClientRect();
    popover.style.top = `${bottom + 4}px`;
    popover.style.right = `clamp(8px, ${innerWidth - right}px, 100vw - 8px - ${width})`;
  }

  const label = () => text.inboxLabel(pendingCount());
  return (
    <>
      <button
        ref={button}
        class="icon-button relative"
        aria-haspopup="dialog"
        aria-expanded={open()}
        aria-label={label()}
        title={label()}
        onClick={() => (open() ? popover.hidePopover() : show())}
      >
        <Bell size={16} />
        <Show when={pendingCount() > 0}>
          <span class="absolute -top-0.5 -right-0.5 flex size-4 items-center justify-center rounded-full bg-warn text-[12px] leading-none font-semibold text-paper">
            {pendingCount()}
          </span>
        </Show>
      </button>
      <div
        ref={popover}
        popover="auto"
        role="dialog"
        aria-label={text.inbox}
        tabindex="-1"
        class="popover max-h-[70vh] overflow-y-auto p-3"
        style={{ width }}
        on:beforetoggle={place}
        on:toggle={(event: Event) => {
          const isOpen = (event as ToggleEvent).newState === "open";
          setOpen(isOpen);
          if (isOpen) popover.focus();
        }}
      >
        <Suspense fallback={<div class="skeleton h-16" />}>
          <Show when={open()}>
            <InboxList onLeave={() => popover.hidePopover()} />
          </Show>
        </Suspense>
      </div>
    </>
  );
}
