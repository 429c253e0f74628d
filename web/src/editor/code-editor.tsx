import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  crosshairCursor,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { indentationMarkers } from "@replit/codemirror-indentation-markers";
import { createEffect, on, onCleanup, onMount } from "solid-js";
import type { Documents } from "./documents.ts";
import { languageOf } from "./languages.ts";
import { theme } from "./theme.ts";

const markerColors = {
  light: "var(--line)",
  dark: "var(--line)",
  activeLight: "var(--quiet)",
  activeDark: "var(--quiet)",
};

/** Marks what came from elsewhere, so that it is not taken for typing. */
const remote = Annotation.define<boolean>();
/** Characters past which a file is shown, and not edited. */
const editLimit = 2 * 1024 * 1024;

/** One editor for all tabs: each file keeps its own state, with its history, cursor and scroll. */
export default function CodeEditor(props: { path: string; documents: Documents; wrap: boolean }) {
  let parent!: HTMLDivElement;
  let view: EditorView;
  const states = new Map<string, { state: EditorState; scroll: number }>();
  const wrapping = new Compartment();
  const language = new Compartment();
  let shown = "";

  const wrapExtension = (): Extension => (props.wrap ? EditorView.lineWrapping : []);

  function createState(path: string): EditorState {
    const text = props.documents.documents[path]?.text ?? "";
    const readOnly = text.length > editLimit;
    return EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        highlightActiveLineGutter(),
        highlightActiveLine(),
        history(),
        foldGutter(),
        drawSelection(),
        EditorState.allowMultipleSelections.of(true),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        autocompletion(),
        rectangularSelection(),
        crosshairCursor(),
        highlightSelectionMatches(),
        indentationMarkers({ colors: markerColors }),
        keymap.of([
          { key: "Mod-s", preventDefault: true, run: () => (void props.documents.save(path), true) },
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...searchKeymap,
          ...historyKeymap,
          ...foldKeymap,
          ...completionKeymap,
          indentWithTab,
        ]),
        EditorState.readOnly.of(readOnly),
        EditorView.contentAttributes.of({ "aria-label": path, spellcheck: "false", tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          const isTyping =
            update.docChanged && !update.transactions.some((transaction) => transaction.annotation(remote));
          if (isTyping) props.documents.edit(path, update.state.doc.toString());
        }),
        EditorView.domEventHandlers({ blur: () => void props.documents.save(path) }),
        wrapping.of(wrapExtension()),
        language.of([]),
        theme,
      ],
    });
  }

  function show(path: string): void {
    if (shown !== "" && shown !== path) {
      states.set(shown, { state: view.state, scroll: view.scrollDOM.scrollTop });
      void props.documents.save(shown);
    }
    const known = states.get(path);
    const text = props.documents.documents[path]?.text ?? "";
    const isCurrent = known?.state.doc.toString() === text;
    shown = path;
    view.setState(isCurrent && known ? known.state : createState(path));
    requestAnimationFrame(() => (view.scrollDOM.scrollTop = known?.scroll ?? 0));
    void languageOf(path).then((extension) => {
      if (shown === path) view.dispatch({ effects: language.reconfigure(extension) });
    });
  }

  onMount(() => {
    view = new EditorView({ parent });
    // Lines were measured in whatever font was there first.
    void document.fonts.ready.then(() => view.requestMeasure());
    props.documents.onText((path, change) => {
      if (path === shown) view.dispatch({ changes: change, annotations: remote.of(true) });
    });
    // Only another path shows another file: the text itself changes with every key.
    createEffect(on(() => props.path, show));
    createEffect(() => view.dispatch({ effects: wrapping.reconfigure(wrapExtension()) }));
  });
  onCleanup(() => {
    props.documents.onText(() => undefined);
    view?.destroy();
  });
  return <div ref={parent} class="h-full min-h-0 overflow-hidden" />;
}
