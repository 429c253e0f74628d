import { createEffect, For, onCleanup, Show, type JSX } from "solid-js";

export interface MenuItem {
  label: string;
  keys?: string;
  danger?: boolean;
  disabled?: boolean;
  /** Has a separator above. */
  separated?: boolean;
  run(): void;
}

/** A menu at a point. Arrows, Home, End and first letters move; Enter runs; Escape and Tab close. */
export function Menu(props: {
  at: { x: number; y: number } | undefined;
  label: string;
  items: readonly MenuItem[];
  header?: JSX.Element;
  onClose(): void;
}) {
  return (
    <Show when={props.at}>
      {(at) => (
        <MenuList at={at()} label={props.label} items={props.items} header={props.header} onClose={props.onClose} />
      )}
    </Show>
  );
}

function MenuList(props: {
  at: { x: number; y: number };
  label: string;
  items: readonly MenuItem[];
  header: JSX.Element;
  onClose(): void;
}) {
  let element!: HTMLDivElement;
  const before = document.activeElement;
  const buttons = () => [...element.querySelectorAll<HTMLButtonElement>("[role=menuitem]:not(:disabled)")];

  createEffect(() => {
    element.showPopover();
    const { width, height } = element.getBoundingClientRect();
    element.style.left = `${Math.max(8, Math.min(props.at.x, innerWidth - width - 8))}px`;
    element.style.top = `${Math.max(8, Math.min(props.at.y, innerHeight - height - 8))}px`;
    buttons()[0]?.focus();
  });
  // Restores the focus, unless the chosen item has moved it.
  onCleanup(() => {
    queueMicrotask(() => {
      if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
    });
  });

  function onKeyDown(event: KeyboardEvent): void {
    const all = buttons();
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const go = (to: number) => all[(to + all.length) % all.length]?.focus();
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      Home: () => go(0),
      End: () => go(-1),
      Escape: () => props.onClose(),
      Tab: () => props.onClose(),
    };
    const letter = event.key.length === 1 && event.key !== " " ? event.key.toLowerCase() : undefined;
    const found =
      letter &&
      [...all.slice(at + 1), ...all.slice(0, at + 1)].find((each) =>
        each.textContent?.toLowerCase().startsWith(letter),
      );
    if (found) found.focus();
    if (!keys[event.key] && !letter) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]?.();
  }

  return (
    <div
      ref={element}
      popover="auto"
      role="menu"
      aria-label={props.label}
      tabindex="-1"
      class="menu"
      onKeyDown={onKeyDown}
      onContextMenu={(event) => event.preventDefault()}
      on:toggle={(event: Event) => (event as ToggleEvent).newState === "closed" && props.onClose()}
    >
      {props.header}
      <For each={props.items}>
        {(item) => (
          <>
            <Show when={item.separated}>
              <div role="separator" class="my-1 h-px bg-line" />
            </Show>
            <button
              role="menuitem"
              class="menu-item"
              classList={{ "text-bad": item.danger ?? false }}
              disabled={item.disabled ?? false}
              onClick={() => {
                props.onClose();
                item.run();
              }}
            >
              <span class="grow">{item.label}</span>
              <Show when={item.keys}>
                <span class="text-xs text-quiet">{item.keys}</span>
              </Show>
            </button>
          </>
        )}
      </For>
    </div>
  );
}
