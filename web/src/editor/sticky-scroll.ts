import { syntaxTree } from "@codemirror/language";
import type { EditorState, Extension } from "@codemirror/state";
import { EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { isScope } from "./symbols.ts";

const maxLines = 4;

/** Lines of the declarations around a position that begin above it, from the outermost. */
export function scopesAt(state: EditorState, position: number): number[] {
  const top = state.doc.lineAt(position);
  const lines: number[] = [];
  for (let node = syntaxTree(state).resolveInner(top.from, 1).parent; node; node = node.parent) {
    if (!isScope(node) || node.from >= top.from || node.to <= top.to) continue;
    const line = state.doc.lineAt(node.from).number;
    if (lines[0] !== line) lines.unshift(line);
  }
  return lines.slice(0, maxLines);
}

/** Keeps the first lines of the declarations that enclose the top of the screen in sight. A click goes there. */
export const stickyScroll: Extension = [
  ViewPlugin.fromClass(
    class {
      readonly view: EditorView;
      readonly dom = document.createElement("div");
      shown = "";
      constructor(view: EditorView) {
        this.view = view;
        this.dom.className = "cm-sticky";
        // It repeats lines of the text.
        this.dom.setAttribute("aria-hidden", "true");
        this.dom.addEventListener("mousedown", (event) => this.go(event));
        view.dom.append(this.dom);
        view.scrollDOM.addEventListener("scroll", this.measure, { passive: true });
        this.measure();
      }
      measure = (): void => {
        this.view.requestMeasure({
          key: this,
          read: (view) => {
            const { top, height } = view.scrollDOM.getBoundingClientRect();
            if (view.scrollDOM.scrollTop < 4 || height === 0) return { lines: [], left: 0 };
            // Below the lines that are stuck already.
            const y = top - view.documentTop + 1;
            const lines = scopesAt(view.state, view.lineBlockAtHeight(y).from);
            const under = view.lineBlockAtHeight(y + lines.length * view.defaultLineHeight);
            return {
              lines: scopesAt(view.state, under.from),
              left: view.scrollDOM.querySelector<HTMLElement>(".cm-gutters")?.offsetWidth ?? 0,
            };
          },
          write: ({ lines, left }) => this.draw(lines, left),
        });
      };
      draw(lines: readonly number[], left: number): void {
        const { doc } = this.view.state;
        const texts = lines.flatMap((n) => (n <= doc.lines ? [[n, doc.line(n).text.slice(0, 400)] as const] : []));
        const now = `${left} ${JSON.stringify(texts)}`;
        if (now === this.shown) return;
        this.shown = now;
        this.dom.style.paddingLeft = `${left}px`;
        this.dom.style.top = `${this.view.scrollDOM.offsetTop}px`;
        this.dom.hidden = texts.length === 0;
        this.dom.replaceChildren(
          ...texts.map(([n, text]) => {
            const line = document.createElement("div");
            line.dataset.line = String(n);
            line.textContent = text;
            return line;
          }),
        );
      }
      go(event: MouseEvent): void {
        event.preventDefault();
        const line = Number((event.target as HTMLElement).dataset.line);
        if (!(line >= 1)) return;
        const { from } = this.view.state.doc.line(line);
        this.view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "start" }) });
        this.view.focus();
      }
      update(update: ViewUpdate): void {
        if (update.docChanged || update.viewportChanged || update.geometryChanged) this.measure();
      }
      destroy(): void {
        this.view.scrollDOM.removeEventListener("scroll", this.measure);
        this.dom.remove();
      }
    },
  ),
  EditorView.theme({
    ".cm-sticky": {
      position: "absolute",
      left: "0",
      right: "0",
      zIndex: "5",
      overflow: "hidden",
      whiteSpace: "pre",
      fontFamily: "var(--font-mono)",
      lineHeight: "1.54",
      background: "var(--paper)",
      borderBottom: "1px solid var(--line)",
      cursor: "pointer",
    },
    ".cm-sticky > div": { padding: "0 6px", overflow: "hidden", textOverflow: "ellipsis" },
    ".cm-sticky > div:hover": { background: "var(--panel)" },
  }),
];
