import Ellipsis from "lucide-solid/icons/ellipsis";
import { createSignal, Show } from "solid-js";
import type { Message } from "@slipway/contract/conversation";
import { text } from "#text/fork.ts";
import { text as loading } from "#text/loading.ts";
import { below } from "../components/below.ts";
import { lazyDialog } from "../components/lazy-dialog.tsx";
import { LazyMenu } from "../components/lazy-menu.tsx";
import type { MenuItem } from "../components/menu.tsx";
import { toastError } from "../components/toasts.tsx";
import type { Workspace } from "../stores/workspace.ts";
import { forkAt } from "./fork.ts";

const RevertDialog = lazyDialog(loading.deletion, () => import("./revert-dialog.tsx"));

/** What can be done with a person's message: fork the conversation before it, or revert to before it. */
export default function MessageMenu(props: { workspace: Workspace; message: Message }) {
  const [at, setAt] = createSignal<{ x: number; y: number }>();
  const [reverting, setReverting] = createSignal(false);
  const items = (): MenuItem[] => [
    {
      label: text.fork,
      run: () => void forkAt(props.workspace, props.message, { includes: false }).catch(toastError),
    },
    // A message that was to join a run began none, so there is no state of the files before it.
    ...(props.message.isSteer ? [] : [{ label: text.revert, run: () => setReverting(true) }]),
  ];
  return (
    <>
      <button
        class="icon-button"
        aria-haspopup="menu"
        aria-expanded={at() !== undefined}
        aria-label={text.actions}
        title={text.actions}
        onClick={(event) => setAt(at() ? undefined : below(event))}
      >
        <Ellipsis size={14} />
      </button>
      <Show when={at()}>
        {(point) => <LazyMenu at={point()} label={text.actions} items={items()} onClose={() => setAt(undefined)} />}
      </Show>
      <Show when={reverting()}>
        <RevertDialog workspace={props.workspace} message={props.message} onClose={() => setReverting(false)} />
      </Show>
    </>
  );
}
