import { syntaxTree } from "@codemirror/language";
import type { Extension, Text } from "@codemirror/state";
import { EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { highlightTree, tagHighlighter, tags } from "@lezer/highlight";

/**
 * The whole text in small beside the editor: a pixel for a character, two for a line. It is drawn once typing pauses, never
 * between a key and its paint. Scrolling only moves the frame around what is visible, unless the text is longer than the
 * minimap.
 */

const width = 72;
const lineHeight = 2;
/** Milliseconds after the last change until it is drawn. */
const quiet = 150;

/** The colour of each kind of word, by its variable. */
const highlighter = tagHighlighter([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], class: "--code-keyword" },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], class: "--code-string" },
  { tag: [tags.comment, tags.meta], class: "--quiet" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], class: "--code-number" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], class: "--code-function" },
  { tag: [tags.typeName, tags.className, tags.tagName], class: "--code-type" },
]);

class Minimap {
  private readonly dom = document.createElement("div");
  private readonly canvas = document.createElement("canvas");
  private readonly frame = document.createElement("div");
  private readonly themes = new MutationObserver(() => this.schedule());
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The line at the top. */
  private first = 1;

  private readonly view: EditorView;

  constructor(view: EditorView) {
    this.view = view;
    this.dom.className = "cm-minimap";
    // It repeats the text beside it.
    this.dom.setAttribute("aria-hidden", "true");
    this.frame.className = "cm-minimap-frame";
    this.dom.append(this.canvas, this.frame);
    view.dom.append(this.dom);
    view.scrollDOM.addEventListener("scroll", this.place, { passive: true });
    this.dom.addEventListener("pointerdown", this.press);
    this.themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    this.place();
    this.schedule();
  }

  update({ docChanged, geometryChanged, startState, state }: ViewUpdate): void {
    if (geometryChanged) this.place();
    if (docChanged || geometryChanged || syntaxTree(startState) !== syntaxTree(state)) this.schedule();
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.themes.disconnect();
    this.view.scrollDOM.removeEventListener("scroll", this.place);
    this.dom.remove();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.draw(), quiet);
  }

  /** Puts the frame around what is visible. */
  private readonly place = (): void => {
    this.view.requestMeasure({
      key: this,
      read: (view) => {
        const { scrollTop, clientHeight, scrollHeight, offsetTop } = view.scrollDOM;
        const lineAt = (top: number) => view.state.doc.lineAt(view.lineBlockAtHeight(top).from).number;
        const rest = view.state.doc.lines - Math.floor(clientHeight / lineHeight);
        const share = scrollTop / Math.max(1, scrollHeight - clientHeight);
        const first = 1 + Math.max(0, Math.round(rest * share));
        return { offsetTop, clientHeight, first, top: lineAt(scrollTop), bottom: lineAt(scrollTop + clientHeight) };
      },
      write: ({ offsetTop, clientHeight, first, top, bottom }) => {
        this.dom.style.top = `${offsetTop}px`;
        this.dom.style.height = `${clientHeight}px`;
        this.frame.style.transform = `translateY(${(top - first) * lineHeight}px)`;
        this.frame.style.height = `${(bottom - top + 1) * lineHeight}px`;
        if (first === this.first) return;
        this.first = first;
        this.draw();
      },
    });
  };

  private draw(): void {
    const { state, scrollDOM, dom } = this.view;
    const scale = devicePixelRatio;
    const height = scrollDOM.clientHeight;
    this.canvas.width = width * scale;
    this.canvas.height = height * scale;
    const context = this.canvas.getContext("2d");
    if (!context || height === 0) return;
    context.scale(scale, scale);
    const { doc, tabSize } = state;
    const last = Math.min(doc.lines, this.first + Math.ceil(height / lineHeight));
    if (this.first > last) return;
    const style = getComputedStyle(dom);
    const color = (name: string) => style.getPropertyValue(name);
    context.globalAlpha = 0.55;
    const paint = (from: number, to: number, name: string) => {
      context.fillStyle = color(name);
      for (const [x, y, length] of words(doc, from, to, tabSize))
        context.fillRect(2 + x, (y - this.first) * lineHeight, Math.min(length, width - x), lineHeight - 0.5);
    };
    let at = doc.line(this.first).from;
    const end = doc.line(last).to;
    highlightTree(
      syntaxTree(state),
      highlighter,
      (from, to, name) => {
        if (from > at) paint(at, Math.min(from, end), "--ink");
        paint(Math.max(from, at), Math.min(to, end), name.split(" ", 1)[0] ?? "--ink");
        at = to;
      },
      at,
      end,
    );
    if (at < end) paint(at, end, "--ink");
  }

  /** Scrolls to where it is pressed, and follows the pointer; the frame is dragged by where it was taken. */
  private readonly press = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    const { top } = this.dom.getBoundingClientRect();
    const frame = this.frame.getBoundingClientRect();
    const isOnFrame = event.clientY >= frame.top && event.clientY <= frame.bottom;
    const grip = isOnFrame ? event.clientY - frame.top : frame.height / 2;
    const { scrollDOM, contentHeight } = this.view;
    const shown = Math.min(this.dom.clientHeight, this.view.state.doc.lines * lineHeight) - frame.height;
    const follow = ({ clientY }: PointerEvent) => {
      const share = Math.min(1, Math.max(0, (clientY - top - grip) / Math.max(1, shown)));
      scrollDOM.scrollTop = share * (contentHeight - scrollDOM.clientHeight);
    };
    if (!isOnFrame) follow(event);
    this.dom.setPointerCapture(event.pointerId);
    this.dom.addEventListener("pointermove", follow);
    this.dom.addEventListener("lostpointercapture", () => this.dom.removeEventListener("pointermove", follow), {
      once: true,
    });
  };
}

/** The words between two places, as column, line number and length. What is right of the minimap is left out. */
function* words(doc: Text, from: number, to: number, tabSize: number): Generator<[number, number, number]> {
  for (let at = from; at < to;) {
    const line = doc.lineAt(at);
    let column = 0;
    let began = -1;
    const stop = Math.min(to, line.to) - line.from;
    for (let n = 0; n < stop && column < width; n++) {
      const code = line.text.charCodeAt(n);
      const isSpace = code === 32 || code === 9;
      const isBefore = n < at - line.from;
      if (began >= 0 && isSpace) {
        yield [began, line.number, column - began];
        began = -1;
      } else if (began < 0 && !isSpace && !isBefore) began = column;
      column += code === 9 ? tabSize - (column % tabSize) : 1;
    }
    if (began >= 0) yield [began, line.number, column - began];
    at = line.to + 1;
  }
}

export const minimap: Extension = [
  ViewPlugin.fromClass(Minimap),
  EditorView.theme({
    ".cm-scroller": { marginRight: `${width + 4}px` },
    ".cm-minimap": {
      position: "absolute",
      right: "0",
      width: `${width + 4}px`,
      boxSizing: "border-box",
      overflow: "hidden",
      borderLeft: "1px solid var(--line)",
      background: "var(--paper)",
      touchAction: "none",
    },
    ".cm-minimap canvas": { width: `${width}px`, height: "100%", display: "block" },
    ".cm-minimap-frame": {
      position: "absolute",
      inset: "0 0 auto",
      background: "color-mix(in srgb, var(--quiet) 20%, transparent)",
    },
  }),
];
