import WifiOff from "lucide-solid/icons/wifi-off";
import { createSignal, Show } from "solid-js";
import { Mark } from "../components/mark.tsx";
import { signOut } from "../components/sign-in.tsx";
import { ThemeSwitch } from "../components/theme.tsx";
import type { Documents } from "../editor/documents.ts";
import { pageState } from "../page-state.ts";
import type { Workspace } from "./store.ts";

/** The project's name, whether everything is saved, and who is signed in. */
export function ProjectBar(props: { workspace: Workspace; documents: Documents }) {
  const { workspace } = props;
  const { user } = pageState();
  const [renaming, setRenaming] = createSignal(false);
  const dirty = () => Object.keys(props.documents.documents).filter((path) => props.documents.isDirty(path)).length;
  const failed = () => Object.values(props.documents.documents).some((document) => document.failed);
  const offline = () => workspace.connection() === "offline";
  const state = () => {
    if (dirty() === 0) return offline() ? "Offline" : "Saved";
    if (offline() || failed()) return `Offline, ${dirty()} ${dirty() === 1 ? "edit" : "edits"} kept`;
    return "Saving…";
  };

  function rename(name: string): void {
    setRenaming(false);
    const trimmed = name.trim();
    if (trimmed !== "" && trimmed !== workspace.project().name) void workspace.rename(trimmed);
  }

  return (
    <header class="flex h-9 shrink-0 items-center gap-2 border-b border-line bg-panel px-2">
      <a href="/" aria-label="Home" class="rounded-sm">
        <Mark size={20} />
      </a>
      <Show
        when={renaming()}
        fallback={
          <h1 class="min-w-0">
            <button
              class="max-w-full truncate rounded-sm px-1 text-sm font-semibold hover:bg-raised"
              title="Rename"
              onClick={() => setRenaming(true)}
            >
              {workspace.project().name}
            </button>
          </h1>
        }
      >
        <input
          class="field h-7 w-56 px-2 py-0 text-sm"
          aria-label="Name of the project"
          maxlength={100}
          value={workspace.project().name}
          ref={(element) => queueMicrotask(() => element.select())}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.isComposing) rename(event.currentTarget.value);
            if (event.key === "Escape") {
              event.currentTarget.value = workspace.project().name;
              setRenaming(false);
            }
          }}
          onBlur={(event) => rename(event.currentTarget.value)}
        />
      </Show>
      <span
        role="status"
        class="flex shrink-0 items-center gap-1 text-xs text-quiet"
        classList={{ "text-warn": offline() || failed() }}
      >
        <Show when={offline()}>
          <WifiOff size={13} />
        </Show>
        {state()}
      </span>
      <span class="grow" />
      <ThemeSwitch />
      <span class="hidden text-xs text-quiet sm:inline">{user?.name}</span>
      <button class="button button-small" onClick={() => void signOut()}>
        Sign out
      </button>
    </header>
  );
}
