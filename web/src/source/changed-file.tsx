import { createResource, onCleanup, Show, Suspense } from "solid-js";
import { text } from "#text/source.ts";
import { text as loading } from "#text/loading.ts";
import { getSourceFile } from "@slipway/contract/routes/github";
import { lazyPart } from "../components/lazy-part.tsx";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { latest } from "../components/latest.ts";
import type { Workspace } from "../stores/workspace.ts";

const CompareView = lazyPart(loading.comparison, () => import("../code/compare-view.tsx"));

/** A diff of a file against the last commit in common with GitHub. */
export default function ChangedFile(props: { workspace: Workspace; path: string; onOpen(path: string): void }) {
  const [sides, { refetch }] = createResource(
    () => props.path,
    (path) => call(getSourceFile, { params: { id: props.workspace.projectID }, query: { path } }),
  );
  const both = () => latest(sides);
  const isBytes = () => both() !== undefined && both()?.base === undefined && both()?.content === undefined;
  onCleanup(props.workspace.files.onChange((changed) => changed.has(props.path) && void refetch()));
  return (
    <div class="h-full overflow-y-auto bg-paper">
      <div class="flex flex-wrap items-center gap-2 border-b border-line bg-panel px-3 py-1.5 text-xs text-quiet">
        <span class="min-w-0 grow truncate">{text.changes.compared(props.path)}</span>
        <Show when={both()?.content !== undefined}>
          <button class="button button-small" onClick={() => props.onOpen(props.path)}>
            {text.changes.open}
          </button>
        </Show>
      </div>
      <Show when={sides.error}>
        <p role="alert" class="flex items-center gap-3 px-4 py-3 text-sm">
          {messageOf(sides.error)}
          <button class="button button-small" onClick={() => void refetch()}>
            {text.retry}
          </button>
        </p>
      </Show>
      <Show when={isBytes()}>
        <p class="px-4 py-3 text-sm text-quiet">{text.changes.notText}</p>
      </Show>
      <Show when={both() && !isBytes() && both()}>
        {(now) => (
          <Suspense fallback={<div class="skeleton m-4 h-24" />}>
            <CompareView
              path={props.path}
              label={text.changes.comparison(props.path)}
              before={now().base ?? ""}
              after={now().content ?? ""}
            />
          </Suspense>
        )}
      </Show>
    </div>
  );
}
