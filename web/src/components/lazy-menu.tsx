import { createMemo, Show, Suspense, type ComponentProps } from "solid-js";
import { text as loading } from "#text/loading.ts";
import { HeldKeyboard } from "./lazy-dialog.tsx";
import { lazyPart } from "./lazy-part.tsx";
import type { Menu } from "./menu.tsx";

const Loaded = lazyPart<ComponentProps<typeof Menu>>(
  loading.menu,
  async () => ({ default: (await import("./menu.tsx")).Menu }),
  (missing, { onClose }) => <HeldKeyboard missing={missing} onClose={onClose} />,
);

/** A menu whose code loads when one is first opened. Until then its keys are held, and Escape closes it. */
export function LazyMenu(props: ComponentProps<typeof Menu>) {
  const wasOpened = createMemo<boolean>((before) => before || props.at !== undefined, false);
  return (
    <Show when={wasOpened()}>
      <Suspense
        fallback={
          <Show when={props.at}>
            <HeldKeyboard onClose={props.onClose} />
          </Show>
        }
      >
        <Loaded {...props} />
      </Suspense>
    </Show>
  );
}
