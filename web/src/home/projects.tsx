import { A } from "@solidjs/router";
import Ellipsis from "lucide-solid/icons/ellipsis";
import FolderGit from "lucide-solid/icons/folder-git-2";
import Sparkles from "lucide-solid/icons/sparkles";
import { createMemo, createResource, createSignal, For, onCleanup, onMount, Show } from "solid-js";
import type { Project } from "@slipway/contract/project";
import { listProjects, removeProject, updateProject } from "@slipway/contract/routes/project";
import { text as common } from "#text/common.ts";
import { text } from "#text/home.ts";
import { text as loading } from "#text/loading.ts";
import { messageOf } from "../api/api-error.ts";
import { call, onReachable } from "../api/call.ts";
import { below } from "../components/below.ts";
import { lazyDialog } from "../components/lazy-dialog.tsx";
import { LazyMenu } from "../components/lazy-menu.tsx";
import { latest } from "../components/latest.ts";
import { relativeTime } from "../components/relative-time.ts";
import { toast } from "../components/toasts.tsx";
import { isComposing } from "../components/typing.ts";
import { ProductPicture } from "./product-picture.tsx";
import { WhySlipway } from "./why-slipway.tsx";

const DeleteProjectDialog = lazyDialog(loading.deletion, () => import("../components/delete-project.tsx"));

/** Milliseconds between looks while a run or an import is in progress: this page has no socket. */
const lookEvery = 4000;
/** Projects past which there is something to search. */
const fewProjects = 4;
const pageSize = 50;

type Filter = keyof typeof text.filters;
interface Page {
  projects: Project[];
  cursor?: string | undefined;
}

/** A person's projects, newest activity first: what each is about, and how its newest run goes. */
export default function Projects() {
  const [projects, { refetch, mutate }] = createResource(read);
  const [pendingDelete, setPendingDelete] = createSignal<Project>();
  const [menu, setMenu] = createSignal<{ project: Project; x: number; y: number }>();
  const [renaming, setRenaming] = createSignal<string>();
  const [words, setWords] = createSignal("");
  const [filter, setFilter] = createSignal<Filter>("all");
  let wanted = pageSize;

  /** As many as are shown, so that looking again keeps them. */
  async function read(): Promise<Page> {
    let page: Page = await call(listProjects, { query: { limit: pageSize } });
    while (page.cursor !== undefined && page.projects.length < wanted) page = await following(page);
    return page;
  }
  async function following({ projects: before, cursor }: Page): Promise<Page> {
    const next = await call(listProjects, { query: { limit: pageSize, cursor } });
    return { ...next, projects: [...before, ...next.projects] };
  }

  onMount(() => {
    // On return, show what agents have done meanwhile.
    const look = () => document.visibilityState === "visible" && projects.state === "ready" && void refetch();
    document.addEventListener("visibilitychange", look);
    const forget = onReachable(() => projects.error && void refetch());
    const watch = setInterval(() => latest(projects)?.projects.some(isBusy) && look(), lookEvery);
    onCleanup(() => {
      document.removeEventListener("visibilitychange", look);
      forget();
      clearInterval(watch);
    });
  });

  const found = createMemo(() => (latest(projects)?.projects ?? []).filter((each) => fits(each, words(), filter())));

  /** Looks in all projects, not only in those on the page. */
  function search(said: string, state: Filter): void {
    setWords(said);
    setFilter(state);
    if (said === "" && state === "all") {
      if (wanted === Infinity) wanted = pageSize;
      return;
    }
    if (wanted === Infinity) return;
    wanted = Infinity;
    if (latest(projects)?.cursor !== undefined) void refetch();
  }

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
    const given = name.trim();
    if (given === "" || given === project.name) return;
    change(project.id, (each) => ({ ...each, name: given }));
    try {
      await call(updateProject, { params: { id: project.id }, body: { name: given } });
    } catch (error) {
      change(project.id, (each) => ({ ...each, name: project.name }));
      toast(messageOf(error));
    }
  }

  async function more(page: Page): Promise<void> {
    wanted += pageSize;
    try {
      const longer = await following(page);
      mutate(longer);
    } catch (error) {
      toast(messageOf(error));
    }
  }

  const items = (project: Project) => [
    { label: common.rename, run: () => setRenaming(project.id) },
    { label: common.delete, danger: true, run: () => setPendingDelete(project) },
  ];

  return (
    <section aria-label={common.projects} class="flex flex-col gap-3">
      <Show
        when={!projects.error}
        fallback={
          <p role="alert" class="card flex items-center justify-between gap-3 p-4 text-sm">
            {messageOf(projects.error)}
            <button class="button button-small" onClick={() => void refetch()}>
              {common.tryAgain}
            </button>
          </p>
        }
      >
        <Show when={latest(projects)} fallback={<div class="skeleton h-14" aria-label={text.loadingProjects} />}>
          {(page) => (
            <Show
              when={page().projects.length > 0}
              fallback={
                <>
                  <h2 class="sr-only">{common.projects}</h2>
                  <p class="mb-5 text-quiet">{text.noProjects}</p>
                  <ProductPicture />
                  <div class="mt-5">
                    <WhySlipway />
                  </div>
                </>
              }
            >
              <div class="flex flex-wrap items-center gap-x-3 gap-y-2">
                <h2 class="grow text-sm font-medium text-quiet max-sm:w-full">{common.projects}</h2>
                <Show when={page().projects.length > fewProjects}>
                  <input
                    type="search"
                    class="field w-48 py-1 max-sm:grow"
                    aria-label={text.search}
                    placeholder={text.search}
                    value={words()}
                    onInput={(event) => search(event.currentTarget.value, filter())}
                  />
                  <select
                    class="field w-auto py-1"
                    aria-label={text.filter}
                    value={filter()}
                    onChange={(event) => search(words(), filterOf(event.currentTarget.value))}
                  >
                    <For each={filters}>{(each) => <option value={each}>{text.filters[each]}</option>}</For>
                  </select>
                </Show>
              </div>
              <p class="sr-only" role="status">
                {words() === "" && filter() === "all" ? "" : text.projectsFound(found().length)}
              </p>
              <Show
                when={found().length > 0}
                fallback={
                  <p class="card flex items-center justify-between gap-3 p-4 text-sm text-quiet">
                    {projects.loading ? common.loading : text.noneFound(words())}
                    <button class="button button-small" onClick={() => search("", "all")}>
                      {text.clearSearch}
                    </button>
                  </p>
                }
              >
                <ul class="card divide-y divide-line">
                  <For each={found()}>
                    {(project) => (
                      <li class="flex items-center gap-1 pr-2">
                        <Show
                          when={renaming() !== project.id}
                          fallback={
                            <input
                              class="field m-2 grow"
                              aria-label={text.newNameOf(project.name)}
                              value={project.name}
                              maxlength={100}
                              ref={(element) => queueMicrotask(() => element.select())}
                              onKeyDown={(event) => {
                                if (event.key === "Enter" && !isComposing(event))
                                  void rename(project, event.currentTarget.value);
                                if (event.key === "Escape") setRenaming(undefined);
                              }}
                              onBlur={(event) => renaming() && void rename(project, event.currentTarget.value)}
                            />
                          }
                        >
                          <ProjectLink project={project} />
                          <button
                            class="icon-button"
                            aria-haspopup="menu"
                            aria-label={text.moreFor(project.name)}
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
                  <button class="button self-center" onClick={() => void more(page())}>
                    {common.showMore}
                  </button>
                </Show>
              </Show>
            </Show>
          )}
        </Show>
      </Show>
      <Show when={menu()}>
        {(at) => (
          <LazyMenu
            at={at()}
            label={text.menuOf(at().project.name)}
            onClose={() => setMenu(undefined)}
            items={items(at().project)}
          />
        )}
      </Show>
      <Show when={pendingDelete()}>
        {(project) => (
          <DeleteProjectDialog
            name={project().name}
            onClose={() => setPendingDelete(undefined)}
            onDelete={() => void remove(project())}
          />
        )}
      </Show>
    </section>
  );
}

function ProjectLink(props: { project: Project }) {
  return (
    <A
      href={`/projects/${props.project.id}`}
      class="flex min-w-0 grow items-center gap-3 rounded-md px-4 py-2.5 hover:bg-panel"
    >
      <Show
        when={props.project.origin === "github"}
        fallback={<Sparkles size={16} class="shrink-0 text-quiet" aria-hidden="true" />}
      >
        <FolderGit size={16} class="shrink-0 text-quiet" aria-label={text.fromRepository} role="img" />
      </Show>
      <span class="min-w-0 grow">
        <span class="block truncate font-medium">{props.project.name}</span>
        <Show when={props.project.description}>
          <span class="block truncate text-xs text-quiet">{props.project.description}</span>
        </Show>
      </span>
      <span class="flex shrink-0 flex-col items-end gap-0.5 text-xs text-quiet">
        <State project={props.project} />
        {relativeTime(props.project.activeAt)}
      </span>
    </A>
  );
}

/** How the import goes, or the newest run. */
function State(props: { project: Project }) {
  const state = () => {
    const { state: imported, lastRun } = props.project;
    if (imported === "importing") return { label: text.importing, tone: "text-accent" };
    if (imported === "failed") return { label: text.importFailed, tone: "text-bad" };
    if (!lastRun) return undefined;
    return { label: text.run[lastRun.status], tone: tones[lastRun.status] };
  };
  return <Show when={state()}>{(now) => <span class={`font-medium ${now().tone}`}>{now().label}</span>}</Show>;
}
const tones = {
  queued: "",
  running: "text-accent",
  waiting: "text-warn",
  completed: "text-good",
  cancelled: "",
  failed: "text-bad",
};

const filters: readonly Filter[] = ["all", "running", "waiting", "failed"];
const filterOf = (value: string): Filter => filters.find((each) => each === value) ?? "all";

/** A run that waits for a person may do so for days: returning to the page looks again. */
function isBusy({ state, lastRun }: Project): boolean {
  return state === "importing" || ["queued", "running"].includes(lastRun?.status ?? "");
}

function fits({ name, description, state, lastRun }: Project, words: string, filter: Filter): boolean {
  const status = lastRun?.status;
  const isShown: Record<Filter, boolean> = {
    all: true,
    running: state === "importing" || status === "running" || status === "queued",
    waiting: status === "waiting",
    failed: state === "failed" || status === "failed",
  };
  const said = `${name}\n${description}`.toLocaleLowerCase();
  return (
    isShown[filter] &&
    words
      .toLocaleLowerCase()
      .split(/\s+/)
      .every((word) => said.includes(word))
  );
}
