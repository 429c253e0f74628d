import { A, useSearchParams } from "@solidjs/router";
import FolderGit from "lucide-solid/icons/folder-git-2";
import Plus from "lucide-solid/icons/plus";
import Sparkles from "lucide-solid/icons/sparkles";
import Trash from "lucide-solid/icons/trash";
import { createResource, createSignal, For, onCleanup, onMount, Show } from "solid-js";
import type { Project } from "@slipway/contract/project";
import { call, get, messageOf } from "../api.ts";
import { Dialog } from "../components/dialog.tsx";
import { Mark } from "../components/mark.tsx";
import { NewProjectDialog } from "../components/new-project.tsx";
import { relativeTime } from "../components/relative-time.ts";
import { SignInDialog, signOut } from "../components/sign-in.tsx";
import { ThemeSwitch } from "../components/theme.tsx";
import { toast } from "../components/toasts.tsx";
import { pageState } from "../page-state.ts";

export default function Home() {
  const { user } = pageState();
  const [search] = useSearchParams();
  const [dialog, setDialog] = createSignal<"new" | "sign-in" | undefined>(search.signin ? "sign-in" : undefined);
  const openNew = () => setDialog(user ? "new" : "sign-in");

  onMount(() => {
    const shortcut = (event: KeyboardEvent) => {
      if (event.isComposing || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "j") return;
      event.preventDefault();
      openNew();
    };
    addEventListener("keydown", shortcut);
    onCleanup(() => removeEventListener("keydown", shortcut));
  });

  return (
    <div class="flex min-h-full flex-col">
      <header class="flex h-12 items-center justify-end gap-2 px-4">
        <ThemeSwitch />
        <Show
          when={user}
          fallback={
            <button class="button button-small" onClick={() => setDialog("sign-in")}>
              Sign in
            </button>
          }
        >
          {(known) => (
            <>
              <span class="text-sm text-quiet">{known().name}</span>
              <button class="button button-small" onClick={() => void signOut()}>
                Sign out
              </button>
            </>
          )}
        </Show>
      </header>
      <main class="mx-auto flex w-full max-w-3xl grow flex-col gap-12 px-4 pt-[10vh] pb-16">
        <section class="flex flex-col items-center gap-5 text-center">
          <Mark size={56} />
          <h1 class="text-2xl font-semibold tracking-tight">Slipway</h1>
          <p class="max-w-md text-lg text-quiet">Spin up an AI-powered workspace from GitHub or a prompt.</p>
          <button class="button button-main h-10 px-5 text-base" onClick={openNew} aria-keyshortcuts="Control+J Meta+J">
            <Plus size={16} /> New
          </button>
        </section>
        <Show when={user}>
          <ProjectList onNew={openNew} />
        </Show>
      </main>
      <SignInDialog open={dialog() === "sign-in"} onClose={() => setDialog(undefined)} />
      <NewProjectDialog open={dialog() === "new"} onClose={() => setDialog(undefined)} />
    </div>
  );
}

function ProjectList(props: { onNew(): void }) {
  const [mounted, setMounted] = createSignal(false);
  onMount(() => setMounted(true));
  const [projects, { refetch, mutate }] = createResource(
    mounted,
    async () => (await get<{ projects: Project[] }>("/api/projects")).projects,
  );
  const [doomed, setDoomed] = createSignal<Project>();

  async function remove(project: Project): Promise<void> {
    setDoomed(undefined);
    try {
      await call("DELETE", `/api/projects/${project.id}`);
      mutate((all) => all?.filter(({ id }) => id !== project.id));
    } catch (error) {
      toast(messageOf(error));
    }
  }

  return (
    <section aria-label="Projects" class="flex flex-col gap-3">
      <h2 class="text-sm font-medium text-quiet">Projects</h2>
      <Show
        when={!projects.error}
        fallback={
          <p role="alert" class="card flex items-center justify-between gap-3 p-4 text-sm">
            {messageOf(projects.error)}
            <button class="button button-small" onClick={() => void refetch()}>
              Try again
            </button>
          </p>
        }
      >
        <Show
          when={projects.state === "ready" && projects()}
          fallback={<div class="skeleton h-14" aria-label="Loading" />}
        >
          {(all) => (
            <Show
              when={all().length > 0}
              fallback={
                <p class="card flex flex-wrap items-center justify-between gap-3 p-4 text-sm text-quiet">
                  A project begins with a sentence: say what to build and watch it being written.
                  <button class="button button-small" onClick={() => props.onNew()}>
                    Start one
                  </button>
                </p>
              }
            >
              <ul class="card divide-y divide-line">
                <For each={all()}>
                  {(project) => (
                    <li class="flex items-center gap-3 pr-3">
                      <A
                        href={`/projects/${project.id}`}
                        class="flex min-w-0 grow items-center gap-3 rounded-md px-4 py-3 hover:bg-panel"
                      >
                        {project.origin === "github" ? (
                          <FolderGit size={16} class="text-quiet" />
                        ) : (
                          <Sparkles size={16} class="text-quiet" />
                        )}
                        <span class="truncate font-medium">{project.name}</span>
                        <Show when={project.state !== "ready"}>
                          <span class="text-xs text-warn">{project.state}</span>
                        </Show>
                        <span class="ml-auto shrink-0 text-xs text-quiet">{relativeTime(project.activeAt)}</span>
                      </A>
                      <button
                        class="icon-button"
                        aria-label={`Delete ${project.name}`}
                        onClick={() => setDoomed(project)}
                      >
                        <Trash size={16} />
                      </button>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
          )}
        </Show>
      </Show>
      <DeleteDialog
        project={doomed()}
        onClose={() => setDoomed(undefined)}
        onDelete={(project) => void remove(project)}
      />
    </section>
  );
}

function DeleteDialog(props: { project: Project | undefined; onClose(): void; onDelete(project: Project): void }) {
  const [typed, setTyped] = createSignal("");
  return (
    <Dialog open={props.project !== undefined} title="Delete project" onClose={() => (setTyped(""), props.onClose())}>
      <p class="text-sm">
        All files and conversations of <strong>{props.project?.name}</strong> go, and cannot be brought back.
      </p>
      <label class="flex flex-col gap-1 text-sm">
        Type its name to confirm
        <input
          class="field"
          value={typed()}
          onInput={(event) => setTyped(event.currentTarget.value)}
          autocomplete="off"
        />
      </label>
      <button
        class="button button-bad"
        disabled={typed() !== props.project?.name}
        onClick={() => {
          setTyped("");
          if (props.project) props.onDelete(props.project);
        }}
      >
        Delete for good
      </button>
    </Dialog>
  );
}
