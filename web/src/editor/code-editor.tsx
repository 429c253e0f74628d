import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap, search } from "@codemirror/search";
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
import { showMinimap } from "@replit/codemirror-minimap";
import { createEffect, on, onCleanup, onMount } from "solid-js";
import { complete, quickEdit as requestQuickEdit } from "@slipway/contract/routes/assist";
import { call } from "../api/call.ts";
import { preferences } from "../stores/preferences.ts";
import { useCommands, useSource, type Command } from "../stores/commands.ts";
import { openPalette } from "../stores/dialogs.ts";
import type { Documents } from "../stores/documents.ts";
import type { Place } from "../stores/tabs.ts";
import { ghostText } from "./ghost-text.ts";
import { languageOf } from "../code/languages.ts";
import { quickEdit } from "./quick-edit.ts";
import { selectionMenu, type Selected } from "./selection-menu.ts";
import { symbolsOf } from "./symbols.ts";
import { theme } from "../code/theme.ts";
import { recall, remember } from "./view-memory.ts";

const markerColors = {
  light: "var(--line)",
  dark: "var(--line)",
  activeLight: "var(--quiet)",
  activeDark: "var(--quiet)",
};

/** Milliseconds from the first text to the minimap. */
const settleAfter = 250;

/** Marks remote changes, so they are not taken for typing. */
const remote = Annotation.define<boolean>();
/** Lines past which the minimap costs more than it shows. */
const minimapLimit = 10_000;

/** CodeMirror's own keys, for the shortcut sheet. */
const keysOfTheEditor: readonly Command[] = (
  [
    ["Find and replace in the file", "Mod+F"],
    ["Quick edit", "Mod+E"],
    ["Add to chat", "Mod+L"],
    ["Select the next occurrence", "Mod+D"],
    ["Move the line", "Alt+ArrowUp"],
    ["Comment out", "Mod+/"],
    ["Complete", "Ctrl+Space"],
  ] as const
).map(([title, keys]) => ({ id: title, title, group: "Text", keys: [keys], hidden: true, listed: true }));

/** One editor for all tabs. Each file keeps its state: history, cursor and scroll. */
export default function CodeEditor(props: {
  projectID: string;
  path: string;
  documents: Documents;
  place: Place | undefined;
  onChat(path: string, selected: Selected): void;
}) {
  let parent!: HTMLDivElement;
  let view: EditorView;
  const states = new Map<string, { state: EditorState; scroll: number }>();
  const [looks, help, language] = [new Compartment(), new Compartment(), new Compartment()];
  let shown = "";
  /** The text has been painted; the minimap may follow. */
  let isSettled = false;
  /** Settled once the language of the shown file is loaded. */
  let speaks = Promise.resolve();

  const looksExtension = (lines: number): Extension => {
    const { wrap, tabSize, minimap } = preferences();
    const hasMinimap = isSettled && minimap && lines < minimapLimit && parent.clientWidth > 600;
    return [
      wrap ? EditorView.lineWrapping : [],
      EditorState.tabSize.of(tabSize),
      indentUnit.of(" ".repeat(tabSize)),
      hasMinimap ? showMinimap.of({ create: createMinimap, displayText: "blocks", showOverlay: "always" }) : [],
    ];
  };

  function applyLooks(): void {
    view.dispatch({ effects: looks.reconfigure(looksExtension(view.state.doc.lines)) });
    view.requestMeasure();
    // The minimap draws at the first update after it is added.
    requestAnimationFrame(() => view.dispatch({}));
  }

  const helpExtension = (path: string): Extension => {
    const { ghostText: completes, quickEdit: edits } = preferences();
    const { projectID } = props;
    return [
      selectionMenu({ hasQuickEdit: edits, onChat: (selected) => props.onChat(path, selected) }),
      edits
        ? quickEdit((part, signal) => call(requestQuickEdit, { body: { projectId: projectID, path, ...part }, signal }))
        : [],
      completes
        ? ghostText(async (before, after, signal) => {
            const body = { projectId: projectID, path, before, after };
            return (await call(complete, { body, signal })).text;
          })
        : [],
    ];
  };

  function createState(path: string): EditorState {
    const document = props.documents.documents[path];
    const text = document?.text ?? "";
    const kept = recall(props.projectID, path);
    const at = Math.min(kept?.head ?? 0, text.length);
    return EditorState.create({
      doc: text,
      selection: { anchor: at },
      extensions: [
        help.of(helpExtension(path)),
        // Only \n separates lines; other separators stay in the text as they are.
        EditorState.lineSeparator.of("\n"),
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
        search({ top: true }),
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
        EditorState.readOnly.of(document?.readOnly ?? false),
        EditorView.contentAttributes.of({ "aria-label": path, spellcheck: "false", tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          const isTyping =
            update.docChanged && !update.transactions.some((transaction) => transaction.annotation(remote));
          if (isTyping) props.documents.edit(path, update.state.doc);
        }),
        EditorView.domEventHandlers({ blur: () => void props.documents.save(path) }),
        looks.of(looksExtension(text === "" ? 1 : text.split("\n", minimapLimit).length)),
        language.of([]),
        theme,
      ],
    });
  }

  function keepPlace(): void {
    if (shown === "" || !view) return;
    remember(props.projectID, shown, { head: view.state.selection.main.head, scroll: view.scrollDOM.scrollTop });
  }

  function show(path: string): void {
    if (shown !== "" && shown !== path) {
      keepPlace();
      states.set(shown, { state: view.state, scroll: view.scrollDOM.scrollTop });
      void props.documents.save(shown);
    }
    const known = states.get(path);
    const text = props.documents.documents[path]?.text ?? "";
    const isCurrent = known?.state.doc.length === text.length && known.state.doc.toString() === text;
    const scroll = known?.scroll ?? recall(props.projectID, path)?.scroll ?? 0;
    shown = path;
    view.setState(isCurrent && known ? known.state : createState(path));
    if (!go(props.place)) requestAnimationFrame(() => shown === path && (view.scrollDOM.scrollTop = scroll));
    speaks = languageOf(path).then((extension) => {
      if (shown === path) view.dispatch({ effects: language.reconfigure(extension) });
    });
  }

  let gone: Place | undefined;
  /** Goes to a place once. Returns whether it did. */
  function go(place: Place | undefined): boolean {
    if (!place || place === gone || place.path !== shown) return false;
    gone = place;
    const { doc } = view.state;
    const line = doc.line(Math.max(1, Math.min(doc.lines, place.line)));
    const from = Math.min(line.to, line.from + (place.column ?? 0));
    const to = Math.min(doc.length, from + (place.length ?? 0));
    view.dispatch({
      selection: { anchor: from, head: to },
      effects: EditorView.scrollIntoView(from, { y: "center" }),
    });
    view.focus();
    return true;
  }

  const toLine = (event: Event) => {
    const { detail } = event as CustomEvent<number>;
    go({ path: shown, line: detail });
  };

  useCommands(() => [
    {
      id: "symbol",
      title: "Go to a symbol of the file",
      group: "Editor",
      keys: ["Mod+Shift+O"],
      run: () => openPalette("@"),
    },
    { id: "line", title: "Go to a line", group: "Editor", run: () => openPalette(":") },
    ...keysOfTheEditor,
  ]);
  useSource({
    group: "Symbol",
    prefix: "@",
    items: async () => {
      await speaks;
      return symbolsOf(view.state).map(({ name, line, position }) => ({
        title: name,
        detail: `line ${line}`,
        run: () => {
          view.dispatch({
            selection: { anchor: position },
            effects: EditorView.scrollIntoView(position, { y: "center" }),
          });
          view.focus();
        },
      }));
    },
  });
  useSource({ group: "Line", prefix: ":", items: () => [{ title: "line", run: () => undefined }] });

  onMount(() => {
    view = new EditorView({ parent });
    // Lines were measured in the fallback font.
    void document.fonts.ready.then(() => view.requestMeasure());
    props.documents.onText((path, change) => {
      if (path === shown) view.dispatch({ changes: change, annotations: remote.of(true) });
    });
    // Depends on the path alone: the text changes with every key.
    createEffect(on(() => props.path, show));
    createEffect(on(() => props.place, go, { defer: true }));
    createEffect(
      on(
        preferences,
        () => {
          view.dispatch({ effects: help.reconfigure(helpExtension(shown)) });
          applyLooks();
          states.clear();
        },
        { defer: true },
      ),
    );
    const settle = () => {
      isSettled = true;
      applyLooks();
    };
    const settling = setTimeout(settle, settleAfter);
    onCleanup(() => clearTimeout(settling));
    addEventListener("pagehide", keepPlace);
    document.addEventListener("go-to-line", toLine);
  });
  onCleanup(() => {
    keepPlace();
    removeEventListener("pagehide", keepPlace);
    document.removeEventListener("go-to-line", toLine);
    props.documents.onText(() => undefined);
    view?.destroy();
  });
  return (
    <div
      ref={parent}
      class="h-full min-h-0 overflow-hidden"
      style={{ "--editor-size": `${preferences().fontSize}px` }}
    />
  );
}

function createMinimap(): { dom: HTMLElement } {
  const dom = document.createElement("div");
  // It repeats the text beside it.
  dom.setAttribute("aria-hidden", "true");
  return { dom };
}
