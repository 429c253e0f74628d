import { A, useSearchParams } from "@solidjs/router";
import Ellipsis from "lucide-solid/icons/ellipsis";
import FolderGit from "lucide-solid/icons/folder-git-2";
import Plus from "lucide-solid/icons/plus";
import Sparkles from "lucide-solid/icons/sparkles";
import { createResource, createSignal, For, lazy, onCleanup, onMount, Show, Suspense } from "solid-js";
import type { Project } from "@slipway/contract/project";
import { listProjects, removeProject, updateProject } from "@slipway/contract/routes/project";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { latest } from "../components/latest.ts";
import { Mark } from "../components/mark.tsx";
import { below, Menu } from "../components/menu.tsx";
import { relativeTime } from "../components/relative-time.ts";
import { toast } from "../components/toasts.tsx";
import { pageState } from "../api/page-state.ts";
import { shownKeys } from "../stores/commands.ts";
import { Inbox } from "../shell/inbox.tsx";
import { Keys } from "../components/keys.tsx";
import { openDialog, refuseSignIn, setImportAddress } from "../stores/dialogs.ts";
import { UserMenu } from "../shell/user-menu.tsx";
import { showConnectionResult } from "../stores/github-connection.ts";

const DeleteProjectDialog = lazy(() => import("../components/delete-project.tsx"));

export default function Home() {
  const { user } = pageState();
  const [search, setSearch] = useSearchParams();
  onMount(() => {
    if (search.signin && !user) openDialog("sign-in");
    if (typeof search.error === "string") {
      // Back from a failed sign-in.
      if (!user) refuseSignIn(search.error);
      setSearch({ error: undefined }, { replace: true });
    }
    if (typeof search.import === "string") {
      // Back from GitHub: reopen the import dialog with its address.
      setImportAddress(search.import);
      openDialog(user ? "import" : "sign-in");
      setSearch({ import: undefined }, { replace: true });
    }
    showConnectionResult();
  });
  const openNew = () => openDialog(user ? "new" : "sign-in");
  const openImport = () => (setImportAddress(""), openDialog(user ? "import" : "sign-in"));
  return (
    <div class="flex min-h-full flex-col">
      <header class="flex h-12 items-center justify-end gap-2 px-4">
        <Show when={user}>
          <Inbox />
        </Show>
        <UserMenu />
      </header>
      <main class="mx-auto flex w-full max-w-3xl grow flex-col gap-12 px-4 pt-[10vh] pb-16">
        <section class="flex flex-col items-center gap-5 text-center">
          <Mark size={56} />
          <h1 class="text-2xl font-semibold tracking-tight">Slipway</h1>
          <p class="max-w-md text-lg text-balance text-quiet">
            Spin up an AI-powered workspace from GitHub or a prompt.
          </p>
          <div class="flex flex-wrap justify-center gap-3">
            <button
              class="button button-main h-10 px-5 text-base"
              onClick={openNew}
              aria-keyshortcuts="Control+J Meta+J"
            >
              <Plus size={16} /> New
            </button>
            <button class="button h-10 px-5 text-base" onClick={openImport} aria-keyshortcuts="Control+I Meta+I">
              <FolderGit size={16} /> Import
            </button>
          </div>
          <p class="hidden items-center gap-4 text-xs text-quiet sm:flex">
            <span class="inline-flex items-center gap-1.5">
              <Keys keys={shownKeys("Mod+J")} /> new
            </span>
            <span class="inline-flex items-center gap-1.5">
              <Keys keys={shownKeys("Mod+I")} /> import
            </span>
            <span class="inline-flex items-center gap-1.5">
              <Keys keys={shownKeys("Mod+K")} /> go to anything
            </span>
            <span class="inline-flex items-center gap-1.5">
              <Keys keys={["?"]} /> all shortcuts
            </span>
          </p>
        </section>
        <Show when={user}>
          <ProjectList onNew={openNew} onImport={openImport} />
        </Show>
      </main>
    </div>
  );
}

function ProjectList(props: { onNew(): void; onImport(): void }) {
  const [mounted, setMounted] = createSignal(false);
  const [projects, { refetch, mutate }] = createResource(mounted, () => call(listProjects));
  const [pendingDelete, setPendingDelete] = createSignal<Project>();
  const [menu, setMenu] = createSignal<{ project: Project; x: number; y: number }>();
  const [renaming, setRenaming] = createSignal<string>();

  onMount(() => {
    setMounted(true);
    // On return, show what agents have done meanwhile.
    const look = () => document.visibilityState === "visible" && projects.state === "ready" && void refetch();
    document.addEventListener("visibilitychange", look);
    // This page has no socket, so poll while an import is running.
    const watch = setInterval(
      () => latest(projects)?.projects.some(({ state }) => state === "importing") && look(),
      2500,
    );
    onCleanup(() => {
      document.removeEventListener("visibilitychange", look);
      clearInterval(watch);
    });
  });

  const change = (id: string, to: (project: Project) => Project | undefined) =>
    mutate(
      (page) =>
        page && { ...page, projects: page.projects.flatMap((each) => (each.id === id ? (to(each) ?? []) : each)) },
    );

  async function remove(project: Project): Promise<void> {
    setPendingDelete(undefined);
    try {
      await call(removeProject, { params: { id: project.id } });
      change(project.id, () => undefined);
    } catch (error) {
      toast(messageOf(error));
    }
  }

  async function rename(project: Project, name: string): Promise<void> {
    setRenaming(undefined);
    const wanted = name.trim();
    if (wanted === "" || wanted === project.name) return;
    change(project.id, (each) => ({ ...each, name: wanted }));
    try {
      await call(updateProject, { params: { id: project.id }, body: { name: wanted } });
    } catch (error) {
      change(project.id, (each) => ({ ...each, name: project.name }));
      toast(messageOf(error));
    }
  }

  async function more(cursor: string): Promise<void> {
    try {
      const next = await call(listProjects, { query: { cursor } });
      mutate((page) => ({ ...next, projects: [...(page?.projects ?? []), ...next.projects] }));
    } catch (error) {
      toast(messageOf(error));
    }
  }

  const items = (project: Project | undefined) => [
    { label: "Rename", run: () => setRenaming(project?.id) },
    { label: "Delete", danger: true, run: () => setPendingDelete(project) },
  ];

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
        <Show when={mounted() && latest(projects)} fallback={<div class="skeleton h-14" aria-label="Loading" />}>
          {(page) => (
            <Show
              when={page().projects.length > 0}
              fallback={
                <p class="card flex flex-wrap items-center justify-between gap-3 p-4 text-sm text-quiet">
                  A project begins with a sentence, or with a repository that you have.
                  <span class="flex gap-2">
                    <button class="button button-small" onClick={() => props.onNew()}>
                      Start one
                    </button>
                    <button class="button button-small" onClick={() => props.onImport()}>
                      Import one
                    </button>
                  </span>
                </p>
              }
            >
              <ul class="card divide-y divide-line">
                <For each={page().projects}>
                  {(project) => (
                    <li class="flex items-center gap-1 pr-2">
                      <Show
                        when={renaming() !== project.id}
                        fallback={
                          <input
                            class="field m-2 grow"
                            aria-label={`New name of ${project.name}`}
                            value={project.name}
                            maxlength={100}
                            ref={(element) => queueMicrotask(() => element.select())}
                            onKeyDown={(event) => {
                              if (event.key === "Enter" && !event.isComposing)
                                void rename(project, event.currentTarget.value);
                              if (event.key === "Escape") setRenaming(undefined);
                            }}
                            onBlur={(event) => renaming() && void rename(project, event.currentTarget.value)}
                          />
                        }
                      >
                        <A
                          href={`/projects/${project.id}`}
                          class="flex min-w-0 grow items-center gap-3 rounded-md px-4 py-3 hover:bg-panel"
                        >
                          <Show
                            when={project.origin === "github"}
                            fallback={<Sparkles size={16} class="shrink-0 text-quiet" />}
                          >
                            <FolderGit size={16} class="shrink-0 text-quiet" />
                          </Show>
                          <span class="truncate font-medium">{project.name}</span>
                          <Show when={project.state !== "ready"}>
                            <span
                              class="shrink-0 text-xs"
                              classList={{
                                "text-quiet": project.state === "importing",
                                "text-bad": project.state === "failed",
                              }}
                            >
                              {project.state === "importing" ? "importing…" : "import failed"}
                            </span>
                          </Show>
                          <span class="ml-auto shrink-0 text-xs text-quiet">{relativeTime(project.activeAt)}</span>
                        </A>
                        <button
                          class="icon-button"
                          aria-haspopup="menu"
                          aria-label={`More for ${project.name}`}
                          onClick={(event) => setMenu({ project, ...below(event) })}
                        >
                          <Ellipsis size={16} />
                        </button>
                      </Show>
                    </li>
                  )}
                </For>
              </ul>
              <Show when={page().cursor}>
                {(cursor) => (
                  <button class="button self-center" onClick={() => void more(cursor())}>
                    Show more
                  </button>
                )}
              </Show>
            </Show>
          )}
        </Show>
      </Show>
      <Menu at={menu()} label="For this project" onClose={() => setMenu(undefined)} items={items(menu()?.project)} />
      <Suspense>
        <Show when={pendingDelete()}>
          {(project) => (
            <DeleteProjectDialog
              name={project().name}
              onClose={() => setPendingDelete(undefined)}
              onDelete={() => void remove(project())}
            />
          )}
        </Show>
      </Suspense>
    </section>
  );
}
