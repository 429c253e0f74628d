import { useParams } from "@solidjs/router";
import { clientOnly, HttpStatusCode } from "@solidjs/start";
import { createResource, createSignal, onMount, Show, Suspense } from "solid-js";
import { isServer } from "solid-js/web";
import type { Project } from "@slipway/contract/project";
import { getProject } from "@slipway/contract/routes/project";
import { text } from "#text/common.ts";
import { title } from "#text/titles.ts";
import { text as loading } from "#text/loading.ts";
import { lazyPart } from "../../components/lazy-part.tsx";
import { ApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { useTitle } from "../../components/title.ts";
import { Failure } from "../../components/failure.tsx";
import { orFailure } from "../../components/or-failure.tsx";
import { Mark } from "../../components/mark.tsx";
import { NotFound } from "../../components/not-found.tsx";
import { pageState } from "../../api/page-state.ts";
import { openDialog } from "../../stores/dialogs.ts";
import { activeFile } from "../../stores/stored-tabs.ts";

const loadWorkspace = () => import("../../workspace/workspace.tsx");
const Workspace = clientOnly(() => orFailure(loading.workspace, loadWorkspace));
/** Not `clientOnly`, which would load it for every project. */
const ImportPage = lazyPart(loading.importing, () => import("../../workspace/import-page.tsx"));
/** The path that the server rendered. */
const firstPath = isServer ? "" : location.pathname;
if (!isServer) begin();

/** Preloads the page's code while it hydrates. */
function begin(): void {
  const { project } = pageState();
  if (typeof project !== "object" || !location.pathname.endsWith(project.id)) return;
  const workspace = loadWorkspace();
  // After the workspace, so that the text can be read before the editor has loaded.
  if (activeFile(project.id) !== undefined)
    void workspace.then(() => import("../../editor/code-editor.tsx")).catch(() => undefined);
}

/** Keyed by project: navigating to another one keeps no state. */
export default function ProjectPage() {
  const params = useParams();
  return (
    <Show when={params.id} keyed>
      {(id) => <OpenProject id={id} />}
    </Show>
  );
}

function OpenProject(props: { id: string }) {
  const { user, project: rendered } = pageState();
  // After client-side navigation the browser fetches the project itself.
  const known = typeof rendered === "object" && rendered.id === props.id ? rendered : undefined;
  const isMissing = rendered === "missing" && (isServer || firstPath.endsWith(props.id));
  const [project, { refetch }] = createResource(
    () => (user && !known && !isServer ? props.id : undefined),
    (id) => call(getProject, { params: { id } }),
  );
  const [imported, setImported] = createSignal<Project>();
  const found = () => imported() ?? known ?? (project.error ? undefined : project());
  const missing = () =>
    (isMissing && !found()) || (project.error instanceof ApiError && [404, 422].includes(project.error.status));
  const [isMounted, setMounted] = createSignal(false);
  onMount(() => {
    setMounted(true);
    if (!user) openDialog("sign-in");
  });
  useTitle(() => {
    const name = found()?.name;
    return missing() ? title.notFound : name === undefined ? title.home : title.project(name);
  });
  return (
    <Show
      when={user}
      fallback={
        <main
          id="main"
          tabindex="-1"
          class="flex outline-none min-h-full flex-col items-center justify-center gap-4 p-6"
        >
          <Mark size={40} />
          <p>{text.signInToOpen}</p>
          <button class="button button-main" onClick={() => openDialog("sign-in")}>
            {text.signIn}
          </button>
        </main>
      }
    >
      <Show
        when={!missing()}
        fallback={
          <>
            <HttpStatusCode code={404} />
            <NotFound kind="project" />
          </>
        }
      >
        <Show
          when={!project.error}
          fallback={<Failure what={text.theProject} error={project.error} retry={() => void refetch()} />}
        >
          <Show when={found()} fallback={<Skeleton />}>
            {(ready) => (
              <Show
                when={ready().state === "ready"}
                fallback={
                  <Show when={isMounted()} fallback={<Skeleton />}>
                    <Suspense fallback={<Skeleton />}>
                      <ImportPage project={ready()} onReady={(imported) => setImported(imported)} />
                    </Suspense>
                  </Show>
                }
              >
                <Workspace project={ready()} fallback={<Skeleton />} />
              </Show>
            )}
          </Show>
        </Show>
      </Show>
    </Show>
  );
}

function Skeleton() {
  return (
    <div class="flex h-full flex-col" aria-busy="true" aria-label={text.openingProject}>
      <div class="flex h-9 items-center gap-3 border-b border-line px-3">
        <Mark size={20} />
        <div class="skeleton h-4 w-40" />
      </div>
      <div class="grid grow grid-cols-1 md:grid-cols-[240px_1fr_380px]">
        <div class="hidden border-r border-line p-3 md:block">
          <div class="skeleton mb-2 h-4" />
          <div class="skeleton mb-2 h-4 w-2/3" />
          <div class="skeleton h-4 w-1/2" />
        </div>
        <div class="hidden md:block" />
        <div class="border-l border-line p-3">
          <div class="skeleton h-16" />
        </div>
      </div>
    </div>
  );
}
