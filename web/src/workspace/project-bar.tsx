import { A } from "@solidjs/router";
import SettingsIcon from "lucide-solid/icons/settings-2";
import WifiOff from "lucide-solid/icons/wifi-off";
import { createSignal, Show } from "solid-js";
import { text as common } from "#text/common.ts";
import { lazyDialog } from "../components/lazy-dialog.tsx";
import { text } from "#text/project.ts";
import { text as loading } from "#text/loading.ts";
import { Mark } from "../components/mark.tsx";
import type { Documents } from "../stores/documents.ts";
import { useCommands } from "../stores/commands.ts";
import { Inbox } from "../shell/inbox.tsx";
import { UserMenu } from "../shell/user-menu.tsx";
import type { Workspace } from "../stores/workspace.ts";

const ProjectSettingsDialog = lazyDialog(loading.projectSettings, () => import("./project-settings.tsx"));

/** The project's name, the saving state, and the user menu. */
export function ProjectBar(props: {
  workspace: Workspace;
  documents: Documents;
  /** Runs a command of the project in a terminal. */
  onRun(name: "installCommand" | "devCommand" | "testCommand", line: string): void;
}) {
  const { workspace } = props;
  const [renaming, setRenaming] = createSignal(false);
  const [settings, setSettings] = createSignal(false);
  useCommands(() => [
    { id: "project-settings", title: text.settings, group: text.commandsGroup, run: () => setSettings(true) },
    { id: "rename-project", title: text.renameProject, group: text.commandsGroup, run: () => setRenaming(true) },
  ]);
  const dirty = () => props.documents.all().filter((document) => document.dirty).length;
  const failed = () => props.documents.all().find((document) => document.failed)?.failed;
  const conflicts = () => props.documents.all().some((document) => document.conflict);
  const offline = () => workspace.connection() === "offline";
  const state = () => {
    if (dirty() === 0) return offline() ? text.offline : text.saved;
    if (conflicts()) return text.resolveConflict;
    if (offline()) return text.offlineWith(dirty());
    return failed() ? text.notSavedWith(dirty()) : text.saving;
  };

  function rename(name: string): void {
    setRenaming(false);
    const trimmed = name.trim();
    if (trimmed !== "" && trimmed !== workspace.project().name) void workspace.rename(trimmed);
  }

  return (
    <header class="flex h-10 shrink-0 items-center gap-2 border-b border-line bg-panel px-2">
      <A href="/" aria-label={common.home} class="rounded-sm">
        <Mark size={22} />
      </A>
      <Show
        when={renaming()}
        fallback={
          <h1 class="min-w-0">
            <button
              class="block max-w-full truncate rounded-sm px-1 text-sm font-semibold hover:bg-raised"
              title={text.rename}
              onClick={() => setRenaming(true)}
            >
              {workspace.project().name}
            </button>
          </h1>
        }
      >
        <input
          class="field h-7 w-56 px-2 py-0 text-sm"
          aria-label={text.nameLabel}
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
          onBlur={(event) => renaming() && rename(event.currentTarget.value)}
        />
      </Show>
      <span
        role="status"
        class="flex shrink-0 items-center gap-1 text-xs text-quiet"
        classList={{ "text-warn": offline() || conflicts() || failed() !== undefined }}
        title={failed() ?? (offline() ? text.unreachable : "")}
      >
        <Show when={offline()}>
          <WifiOff size={13} />
        </Show>
        {state()}
      </span>
      <span class="grow" />
      <Inbox />
      <button class="icon-button" aria-label={text.settings} title={text.settings} onClick={() => setSettings(true)}>
        <SettingsIcon size={16} />
      </button>
      <UserMenu />

      <Show when={settings()}>
        <ProjectSettingsDialog workspace={workspace} onRun={props.onRun} onClose={() => setSettings(false)} />
      </Show>
    </header>
  );
}
