import { For, Match, Show, Suspense, Switch } from "solid-js";
import { text } from "#text/editor.ts";
import { text as loading } from "#text/loading.ts";
import { getFile } from "@slipway/contract/routes/file";
import { lazyPart } from "../components/lazy-part.tsx";
import { call } from "../api/call.ts";
import { useCommands } from "../stores/commands.ts";
import type { Documents } from "../stores/documents.ts";
import { preferences, setPreference } from "../stores/preferences.ts";
import type { Place } from "../stores/tabs.ts";
import type { Workspace } from "../stores/workspace.ts";
import type { Selected } from "./selection-menu.ts";

const CodeEditor = lazyPart(loading.editor, () => import("./code-editor.tsx"));
const Media = lazyPart(loading.media, () => import("./media.tsx"));
const ConflictView = lazyPart(loading.comparison, () => import("./conflict-view.tsx"));

/** An open file: breadcrumbs, notices, and its text, media or conflict. */
export function FileView(props: {
  workspace: Workspace;
  documents: Documents;
  path: string;
  group: number;
  isFocused: boolean;
  place: Place | undefined;
  onReveal(path: string): void;
  onChat(path: string, selected: Selected): void;
}) {
  const document = () => props.documents.at(props.path);
  const isText = () => document() !== undefined && document()?.url === undefined;

  useCommands(() =>
    !props.isFocused
      ? []
      : [
          {
            id: "minimap",
            title: text.toggleMinimap,
            group: text.commandsGroup,
            run: () => setPreference("minimap", !preferences().minimap),
          },
        ],
  );

  async function download(path: string): Promise<void> {
    const { url = "" } = await call(getFile, { params: { id: props.workspace.projectID, path } });
    window.open(url, "_blank", "noopener");
  }

  return (
    <div class="flex h-full min-h-0 flex-col">
      <Breadcrumbs path={props.path} onReveal={props.onReveal} />
      <Show when={document()?.deleted}>
        <div role="alert" class="notice">
          <span class="grow">{text.deletedElsewhere}</span>
          <button class="button button-small" onClick={() => void props.documents.recreate(props.path)}>
            {text.restoreFile}
          </button>
        </div>
      </Show>
      <Show when={document()?.readOnly}>
        <p class="notice">{props.workspace.project().role === "viewer" ? text.readOnlyRole : text.tooLarge}</p>
      </Show>
      <Show when={document()?.failed}>
        {(why) => (
          <p role="alert" class="notice">
            {text.notSaved(why())}
          </p>
        )}
      </Show>
      <div class="min-h-0 grow">
        <Switch
          fallback={
            <div class="p-4" aria-busy="true">
              <div class="skeleton mb-2 h-4 w-1/2" />
              <div class="skeleton h-4 w-1/3" />
            </div>
          }
        >
          <Match when={document()?.conflict && document()}>
            {(conflicting) => (
              <Suspense fallback={<div class="skeleton m-4 h-24" />}>
                <ConflictView document={conflicting()} documents={props.documents} />
              </Suspense>
            )}
          </Match>
          <Match when={document()?.url !== undefined && document()}>
            {(media) => (
              <Suspense fallback={<div class="skeleton m-4 h-24" />}>
                <Media document={media()} onDownload={() => void download(media().path)} />
              </Suspense>
            )}
          </Match>
          <Match when={isText()}>
            <Suspense fallback={<PlainText text={document()?.text ?? ""} />}>
              <CodeEditor
                projectID={props.workspace.projectID}
                path={props.path}
                group={props.group}
                isFocused={props.isFocused}
                documents={props.documents}
                place={props.place}
                onChat={props.onChat}
              />
            </Suspense>
          </Match>
        </Switch>
      </div>
    </div>
  );
}

/** The path as buttons; each reveals its folder in the tree. */
function Breadcrumbs(props: { path: string; onReveal(path: string): void }) {
  const parts = () => props.path.split("/");
  return (
    <div class="h-7 shrink-0 overflow-x-auto px-3 text-xs whitespace-nowrap text-quiet">
      <ol aria-label={text.pathOfFile} class="flex h-full items-center gap-1">
        <For each={parts()}>
          {(name, index) => (
            <li class="flex items-center gap-1">
              <Show when={index() > 0}>
                <span aria-hidden="true">›</span>
              </Show>
              <button
                class="rounded-sm px-0.5 hover:text-ink hover:underline"
                onClick={() =>
                  props.onReveal(
                    parts()
                      .slice(0, index() + 1)
                      .join("/"),
                  )
                }
              >
                {name}
              </button>
            </li>
          )}
        </For>
      </ol>
    </div>
  );
}

/** More lines than fit on a screen. */
const maxPlainLines = 150;

/** The text while the editor loads, in the same place and type, so it can be read at once. */
function PlainText(props: { text: string }) {
  const lines = () => props.text.split("\n", maxPlainLines);
  return (
    <div
      class="grid h-full grid-cols-[auto_minmax(0,1fr)] overflow-hidden pt-1 font-mono leading-[1.54] whitespace-pre"
      style={{ "font-size": `${preferences().fontSize}px` }}
      aria-busy="true"
    >
      <div class="min-w-8 pr-[15px] pl-[5px] text-right text-quiet" aria-hidden="true">
        {lines()
          .map((_, at) => at + 1)
          .join("\n")}
      </div>
      <div class="pl-1.5">{lines().join("\n")}</div>
    </div>
  );
}
