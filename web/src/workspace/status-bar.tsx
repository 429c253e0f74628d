import { Show, type JSX } from "solid-js";
import { text } from "#text/workspace.ts";
import { languageName } from "../code/language-name.ts";
import { openPalette } from "../stores/dialogs.ts";
import type { Documents } from "../stores/documents.ts";
import { editorStatus } from "../stores/editor-status.ts";

/** Below the editors: what holds for the focused one. */
export function StatusBar(props: { documents: Documents; path: string | undefined; children: JSX.Element }) {
  const document = () => props.documents.at(props.path ?? "");
  const now = () => {
    const status = editorStatus();
    return status?.path === props.path ? status : undefined;
  };
  const saving = () => {
    const open = document();
    if (!open) return "";
    if (open.conflict) return text.conflict;
    if (open.failed) return text.notSavedNow;
    if (open.saving) return text.saving;
    return open.dirty ? text.unsaved : text.saved;
  };
  const indentation = (unit: string) => (unit === "\t" ? text.tabs : text.spaces(unit.length));
  return (
    <footer
      aria-label={text.statusBar}
      class="flex h-6 shrink-0 items-center gap-4 overflow-hidden border-t border-line bg-panel px-3 text-xs whitespace-nowrap text-quiet max-md:hidden"
    >
      {props.children}
      <Show when={document()}>
        {(open) => (
          <>
            <span
              classList={{ "text-warn": open().conflict !== undefined || open().failed !== undefined }}
              title={open().failed ?? ""}
            >
              {saving()}
            </span>
            <span class="grow" />
            <Show when={now()}>
              {(status) => (
                <>
                  <Show when={status().isTabFree}>
                    <span class="text-accent">{text.tabMovesFocus}</span>
                  </Show>
                  <span>{text.selected(status().selected, status().cursors)}</span>
                  <button class="hover:text-ink" onClick={() => openPalette(":")}>
                    {text.lineColumn(status().line, status().column)}
                  </button>
                  <span>{indentation(status().indentation)}</span>
                  <span>{open().format.ending === "\r\n" ? text.crlf : text.lf}</span>
                  <span>{open().format.hasMark ? text.utf8Mark : text.utf8}</span>
                  <Show when={status().isReadOnly}>
                    <span>{text.readOnly}</span>
                  </Show>
                  <span>{status().isPlain ? text.noColours : (languageName(status().path) ?? text.plainText)}</span>
                </>
              )}
            </Show>
          </>
        )}
      </Show>
    </footer>
  );
}
