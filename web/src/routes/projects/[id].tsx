import { useParams } from "@solidjs/router";
import { clientOnly, HttpStatusCode } from "@solidjs/start";
import { createResource, createSignal, Show } from "solid-js";
import { isServer } from "solid-js/web";
import type { Project } from "@slipway/contract/project";
import { ApiError, get } from "../../api.ts";
import { Failure } from "../../components/failure.tsx";
import { Mark } from "../../components/mark.tsx";
import { NotFound } from "../../components/not-found.tsx";
import { SignInDialog } from "../../components/sign-in.tsx";
import { pageState } from "../../page-state.ts";

const Workspace = clientOnly(() => import("../../workspace/workspace.tsx"));

export default function ProjectPage() {
  const params = useParams();
  const { user, project: rendered } = pageState();
  // The page may have been reached without the server: then the browser asks for the project itself.
  const known = typeof rendered === "object" && rendered.id === params.id ? rendered : undefined;
  const isMissing = rendered === "missing" && (isServer || location.pathname.endsWith(String(params.id)));
  const [project, { refetch }] = createResource(
    () => (user && !known && !isServer ? params.id : undefined),
    (id) => get<Project>(`/api/projects/${id}`),
  );
  const found = () => known ?? (project.error ? undefined : project());
  const missing = () =>
    (isMissing && !found()) || (project.error instanceof ApiError && [404, 422].includes(project.error.status));
  const [signIn, setSignIn] = createSignal(true);
  return (
    <Show
      when={user}
      fallback={
        <main class="flex min-h-full flex-col items-center justify-center gap-4 p-6">
          <Mark size={40} />
          <p>Sign in to open this project.</p>
          <button class="button button-main" onClick={() => setSignIn(true)}>
            Sign in
          </button>
          <SignInDialog open={signIn()} onClose={() => setSignIn(false)} />
        </main>
      }
    >
      <Show
        when={!missing()}
        fallback={
          <>
            <HttpStatusCode code={404} />
            <NotFound what="project" />
          </>
        }
      >
        <Show
          when={!project.error}
          fallback={<Failure what="The project" error={project.error} retry={() => void refetch()} />}
        >
          <Show when={found()} fallback={<Skeleton />}>
            {(ready) => <Workspace project={ready()} fallback={<Skeleton />} />}
          </Show>
        </Show>
      </Show>
    </Show>
  );
}

function Skeleton() {
  return (
    <div class="flex h-full flex-col" aria-busy="true" aria-label="Opening the project">
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
