import { syntaxTree } from "@codemirror/language";
import { RangeSetBuilder, type Extension } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, type DecorationSet, type ViewUpdate } from "@codemirror/view";

const open = /^[([{]$/;
const close = /^[)\]}]$/;
const colors = 3;
const marks = Array.from({ length: colors }, (_, n) => Decoration.mark({ class: `cm-bracket-${n}` }));

/** Colours brackets by their nesting, so that the two of a pair look alike. What is on the screen alone is coloured. */
export const bracketColors: Extension = [
  ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = decorate(view);
      }
      update(update: ViewUpdate): void {
        const isParsed = syntaxTree(update.startState) !== syntaxTree(update.state);
        if (update.docChanged || update.viewportChanged || isParsed) this.decorations = decorate(update.view);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  ),
  EditorView.theme({
    ".cm-bracket-0, .cm-bracket-0 *": { color: "var(--code-function)" },
    ".cm-bracket-1, .cm-bracket-1 *": { color: "var(--code-number)" },
    ".cm-bracket-2, .cm-bracket-2 *": { color: "var(--code-keyword)" },
  }),
];

function decorate(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const tree = syntaxTree(view.state);
  for (const { from, to } of view.visibleRanges) {
    // Brackets that are open before the first visible line.
    let depth = 0;
    for (let node = tree.resolve(from, -1).parent; node; node = node.parent)
      if (node.from < from && node.firstChild && open.test(node.firstChild.name)) depth++;
    tree.iterate({
      from,
      to,
      enter({ name, from: start, to: end }) {
        if (end - start !== 1 || start < from) return;
        if (open.test(name)) builder.add(start, end, marks[depth++ % colors] ?? Decoration.mark({}));
        else if (close.test(name)) {
          depth = Math.max(0, depth - 1);
          builder.add(start, end, marks[depth % colors] ?? Decoration.mark({}));
        }
      },
    });
  }
  return builder.finish();
}
