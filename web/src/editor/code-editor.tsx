import { indentUnit } from "@codemirror/language";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, type ViewUpdate } from "@codemirror/view";
import { createEffect, createMemo, createSignal, on, onCleanup, onMount, Show } from "solid-js";
import { complete, quickEdit as requestQuickEdit } from "@slipway/contract/routes/assist";
import { text } from "#text/editor.ts";
import { text as loading } from "#text/loading.ts";
import { call } from "../api/call.ts";
import { loadCode, NotLoaded } from "../api/code.ts";
import { HeldKeyboard } from "../components/lazy-dialog.tsx";
import type { Missing } from "../components/lazy-part.tsx";
import { toast, toastError } from "../components/toasts.tsx";
import { indentationOf } from "../code/indentation.ts";
import { languageOf } from "../code/languages.ts";
import { lineChanges } from "../stores/merge.ts";
import { hasLongLine, isLongAt } from "../code/long-lines.ts";
import { useCommands, useSource, type Command } from "../stores/commands.ts";
import { openPalette } from "../stores/dialogs.ts";
import type { Documents } from "../stores/documents.ts";
import { setEditorStatus, setOutline } from "../stores/editor-status.ts";
import { layout } from "../stores/layout.ts";
import { preferences } from "../stores/preferences.ts";
import type { Place } from "../stores/tabs.ts";
import { bracketColors } from "./bracket-colors.ts";
import { basics, markers } from "./extensions.ts";
import { keepShown, panesOf, remote, remoteChange } from "./panes.ts";
import type { Selected } from "./selection-menu.ts";
import { recall, remember } from "./view-memory.ts";

/** Milliseconds from the first text to the minimap. */
const settleAfter = 250;
/** Milliseconds without a change before the outline is read again. */
const outlineAfter = 400;
/** Lines past which the minimap costs more than it shows. */
const minimapLimit = 10_000;

/** What differs by file, preferences and editor. Shared, so that a state can move to another editor. */
const [looks, help, language, access, own] = [
  new Compartment(),
  new Compartment(),
  new Compartment(),
  new Compartment(),
  new Compartment(),
] as const;

type Extras = typeof import("./extras.ts");
let extras: Extras | undefined;
const loadExtras = async (): Promise<Extras> =>
  (extras ??= await loadCode(loading.editorTools, () => import("./extras.ts")));
/** With Ctrl or ⌘: add to chat, quick edit, and what searches bind. */
const keysOfExtras = new Set(["l", "e", "d", "g"]);
/** Signs that a person turns to the editor. */
const signs = ["focusin", "pointermove", "pointerdown", "wheel", "scroll"] as const;

/** CodeMirror's own keys, for the shortcut sheet. */
const keysOfTheEditor: readonly Command[] = (
  [
    [text.find, "Mod+F"],
    [text.quickEdit, "Mod+E"],
    [text.addToChat, "Mod+L"],
    [text.selectNext, "Mod+D"],
    [text.addCursor, "Alt+Click"],
    [text.moveLine, "Alt+ArrowUp"],
    [text.toggleComment, "Mod+/"],
    [text.complete, "Ctrl+Space"],
    [text.tabMovesFocus, "Ctrl+M"],
  ] as const
).map(([title, keys]) => ({ id: title, title, group: text.keysGroup, keys: [keys], hidden: true, listed: true }));

/** One editor for all tabs. Each file keeps its state: history, cursor and scroll. */
export default function CodeEditor(props: {
  projectID: string;
  path: string;
  /** The editor group that it is in. */
  group: number;
  isFocused: boolean;
  documents: Documents;
  place: Place | undefined;
  onChat(path: string, selected: Selected): void;
}) {
  let parent!: HTMLDivElement;
  let view: EditorView;
  const panes = panesOf(props.documents);
  const pane = panes.pane(props.group);
  /** The minimap, once the text has been painted and there is something to scroll. */
  let minimap: Extension | undefined;
  /** Whether the shown file has lines too long for colours. */
  let isPlain = false;
  /** Tab moves the focus. */
  let isTabFree = false;
  /** Settled once the language of the shown file is loaded. */
  let speaks = Promise.resolve();
  const shown = () => pane.shown?.path ?? "";

  /** A file that fits on the screen needs no minimap. */
  function hasMinimap(content: string): boolean {
    const lines = content.split("\n", minimapLimit).length;
    const isTall = lines * view.defaultLineHeight > parent.clientHeight;
    return preferences().minimap && !isPlain && isTall && lines < minimapLimit && parent.clientWidth > 600;
  }

  function looksExtension(content: string): Extension {
    const { wrap, tabSize, stickyScroll: sticks, bracketColors: colors } = preferences();
    return [
      wrap ? EditorView.lineWrapping : [],
      EditorState.tabSize.of(tabSize),
      indentUnit.of(indentationOf(content) ?? " ".repeat(tabSize)),
      isPlain ? [] : markers,
      isPlain || !colors ? [] : bracketColors,
      isPlain || !extras ? [] : [extras.matchMarkers, sticks ? extras.stickyScroll : []],
      minimap && hasMinimap(content) ? minimap : [],
    ];
  }

  /** A key of what has not loaded yet is pressed again once it has. */
  function pressAgain(view: EditorView, event: KeyboardEvent): boolean {
    const isMod = event.ctrlKey || event.metaKey;
    if (event.key !== "F3" && !(isMod && keysOfExtras.has(event.key.toLowerCase()))) return false;
    event.preventDefault();
    void withExtras(() => view.contentDOM.dispatchEvent(new KeyboardEvent("keydown", event)));
    return true;
  }

  function helpExtension(): Extension {
    if (!extras) {
      const open = (replaces: boolean) => (void withExtras(({ openFind }) => openFind(view, replaces)), true);
      return keymap.of([
        { key: "Mod-f", run: () => open(false), preventDefault: true },
        { key: "Mod-h", run: () => open(true), preventDefault: true },
        { any: pressAgain },
      ]);
    }
    const { finding, ghostText, quickEdit, selectionMenu } = extras;
    const { ghostText: completes, quickEdit: edits } = preferences();
    const { projectID } = props;
    return [
      finding,
      selectionMenu({ hasQuickEdit: edits, onChat: (selected) => props.onChat(shown(), selected) }),
      edits
        ? quickEdit((part, signal) =>
            call(requestQuickEdit, { body: { projectId: projectID, path: shown(), ...part }, signal }),
          )
        : [],
      completes
        ? ghostText(async (before, after, signal) => {
            const body = { projectId: projectID, path: shown(), before, after };
            return (await call(complete, { body, signal })).text;
          }, props.documents.isDirty(shown()))
        : [],
    ];
  }

  function tellStatus(): void {
    if (!props.isFocused || !pane.shown) return;
    const { state } = view;
    const { main, ranges } = state.selection;
    const line = state.doc.lineAt(main.head);
    setEditorStatus({
      path: shown(),
      line: line.number,
      column: main.head - line.from + 1,
      selected: ranges.reduce((sum, { from, to }) => sum + to - from, 0),
      cursors: ranges.length,
      indentation: state.facet(indentUnit),
      isPlain,
      isReadOnly: state.readOnly,
      isTabFree,
    });
  }

  let outlining: ReturnType<typeof setTimeout> | undefined;
  /** Lists the declarations for the outline, once typing rests. */
  function tellOutline(): void {
    clearTimeout(outlining);
    if (!layout().hasOutline || !props.isFocused) return;
    const list = async () => {
      const [{ symbolsOf }] = await Promise.all([loadExtras(), speaks]);
      if (!pane.shown) return;
      const { state } = view;
      const width = state.facet(indentUnit) === "\t" ? 1 : state.facet(indentUnit).length;
      const depthAt = (line: number) => Math.floor((/^\s*/.exec(state.doc.line(line).text)?.[0].length ?? 0) / width);
      setOutline(isPlain ? [] : symbolsOf(state).map(({ name, line }) => ({ name, line, depth: depthAt(line) })));
    };
    outlining = setTimeout(() => void list().catch(() => undefined), outlineAfter);
  }

  /** After the paint: a key need not wait for it. */
  const scheduleStatus = afterPaint(tellStatus);

  function onUpdate(update: ViewUpdate): void {
    if (update.docChanged || update.selectionSet) scheduleStatus();
    if (update.docChanged) tellOutline();
    if (!update.docChanged || update.transactions.every((transaction) => transaction.annotation(remote))) return;
    const { state, changes } = update;
    props.documents.edit(shown(), state.doc);
    panes.change(shown(), changes, pane);
    if (!isPlain) {
      changes.iterChangedRanges((_a, _b, from, to) => (isPlain ||= isLongAt(state.doc, from, to)));
      // Not inside an update.
      if (isPlain) queueMicrotask(dress);
    }
  }

  /** What is bound to this editor. */
  const bound: Extension = [
    keymap.of([
      {
        key: "Ctrl-m",
        preventDefault: true,
        run() {
          isTabFree = !isTabFree;
          view.setTabFocusMode(isTabFree);
          tellStatus();
          return true;
        },
      },
    ]),
    EditorView.contentAttributes.of(() => ({
      "aria-label": shown(),
      "aria-description": text.leaveHint,
      spellcheck: "false",
      tabindex: "0",
    })),
    EditorView.updateListener.of(onUpdate),
    EditorView.domEventHandlers({ blur: () => void props.documents.save(shown()) }),
  ];

  function createState(path: string, content: string): EditorState {
    const at = Math.min(recall(props.projectID, path)?.head ?? 0, content.length);
    return EditorState.create({
      doc: content,
      selection: { anchor: at },
      extensions: [
        help.of(helpExtension()),
        own.of(bound),
        basics,
        access.of(EditorState.readOnly.of(props.documents.at(path)?.readOnly ?? false)),
        looks.of(looksExtension(content)),
        language.of([]),
      ],
    });
  }

  /** What a kept state lacks: preferences may have changed, and the text while the file was closed. */
  function refresh(state: EditorState, content: string): EditorState {
    const changes = lineChanges(state.doc.toString(), content);
    const current = changes.length > 0 ? state.update(remoteChange(changes)).state : state;
    return current.update({
      effects: [own.reconfigure(bound), help.reconfigure(helpExtension()), looks.reconfigure(looksExtension(content))],
    }).state;
  }

  /** Applies preferences and the minimap to the shown file. */
  function dress(): void {
    const effects = [
      looks.reconfigure(looksExtension(view.state.doc.toString())),
      help.reconfigure(helpExtension()),
      ...(isPlain ? [language.reconfigure([])] : []),
    ];
    view.dispatch({ effects });
    view.requestMeasure();
  }

  function rememberPlace(): void {
    if (!pane.shown) return;
    const { head } = view.state.selection.main;
    remember(props.projectID, shown(), { head, scroll: view.scrollDOM.scrollTop });
  }

  function leave(): void {
    rememberPlace();
    keepShown(pane);
    pane.shown = undefined;
  }

  function show(path: string): void {
    if (pane.shown) {
      void props.documents.save(shown());
      leave();
    }
    const content = props.documents.at(path)?.text ?? "";
    const kept = panes.take(pane, path);
    const scroll = kept?.scroll ?? recall(props.projectID, path)?.scroll ?? 0;
    isPlain = hasLongLine(content);
    pane.shown = { path, view };
    scheduleStatus();
    view.setState(kept ? refresh(kept.state, content) : createState(path, content));
    if (!go(props.place)) requestAnimationFrame(() => shown() === path && (view.scrollDOM.scrollTop = scroll));
    speaks = isPlain
      ? Promise.resolve()
      : languageOf(path).then((grammar) => {
          if (shown() === path) view.dispatch({ effects: language.reconfigure(grammar) });
        });
  }

  let settling: ReturnType<typeof setTimeout> | undefined;
  let gone: Place | undefined;
  /** Goes to a place once. Returns whether it did. */
  function go(place: Place | undefined): boolean {
    if (!place || place === gone || place.path !== shown()) return false;
    gone = place;
    const { doc } = view.state;
    const line = doc.line(Math.max(1, Math.min(doc.lines, place.line)));
    const from = Math.min(line.to, line.from + (place.column ?? 0));
    const to = Math.min(doc.length, from + (place.length ?? 0));
    if (place.isQuiet) view.dispatch({ effects: EditorView.scrollIntoView(from, { y: "center" }) });
    else goTo(from, to);
    return true;
  }
  function goTo(from: number, to = from): void {
    view.dispatch({
      selection: { anchor: from, head: to },
      effects: EditorView.scrollIntoView(from, { y: "center" }),
    });
    view.focus();
  }

  const toLine = (event: Event) => {
    if (!props.isFocused) return;
    const { detail } = event as CustomEvent<number>;
    go({ path: shown(), line: detail });
  };

  const [awaited, setAwaited] = createSignal<{ missing?: Missing }>();
  /** Does what a key asks for once the code is there. Until then what is typed is held: it is not meant for the text. */
  async function withExtras(run: (extras: Extras) => void): Promise<void> {
    const asked = {};
    setAwaited(asked);
    try {
      const loaded = await loadExtras();
      await equip();
      if (awaited() !== asked) return;
      setAwaited(undefined);
      run(loaded);
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error;
      if (awaited() === asked) setAwaited({ missing: { error, retry: () => void withExtras(run) } });
    }
  }

  let isEquipped = extras !== undefined;
  let isEquipping = false;
  /** Adds what only a person at the editor needs. */
  async function equip(): Promise<void> {
    if (isEquipped) return;
    await loadExtras();
    if (isEquipped) return;
    isEquipped = true;
    for (const sign of signs) parent.removeEventListener(sign, onSign, { capture: true });
    if (pane.shown) dress();
  }
  /** Where it fails, as without a connection, the next sign tries again. */
  async function turnTo(): Promise<void> {
    if (isEquipping) return;
    isEquipping = true;
    await equip().catch(() => undefined);
    isEquipping = false;
  }
  const onSign = () => void turnTo();

  /** After the first paint. */
  async function settle(): Promise<void> {
    if (minimap || !pane.shown || !hasMinimap(view.state.doc.toString())) return;
    // Without it the text is the same.
    minimap = (await import("./minimap.ts").catch(() => undefined))?.minimap;
    if (minimap && pane.shown) dress();
  }

  /** Formats the shown file, as one step of undo. */
  async function formatShown(isAsked: boolean): Promise<void> {
    const [path, { doc }] = [shown(), view.state];
    try {
      const { canFormat, format } = await loadCode(loading.formatter, () => import("./format.ts"));
      if (!canFormat(path)) {
        if (isAsked) toast(text.cannotFormat(path.slice(path.lastIndexOf("/") + 1)));
        return;
      }
      const before = doc.toString();
      const after = await format(path, before, view.state.facet(indentUnit));
      // What was typed meanwhile has not been formatted.
      if (view.state.doc !== doc || shown() !== path || view.state.readOnly) return;
      view.dispatch({ changes: lineChanges(before, after), userEvent: "input.format" });
    } catch (error) {
      if (!isAsked) return;
      if (error instanceof NotLoaded) toastError(error);
      else toast(text.formatFailed(error instanceof Error ? (error.message.split("\n")[0] ?? "") : ""));
    }
  }
  async function saveShown(): Promise<void> {
    if (preferences().formatOnSave) await formatShown(false);
    await props.documents.save(shown());
  }

  useCommands(() =>
    !props.isFocused
      ? []
      : [
          {
            id: "save",
            title: text.saveNow,
            group: text.commandsGroup,
            keys: ["Mod+S"],
            run: () => void saveShown(),
          },
          {
            id: "format",
            title: text.format,
            group: text.commandsGroup,
            keys: ["Shift+Alt+F"],
            run: () => void formatShown(true),
          },
          {
            id: "symbol",
            title: text.goToSymbol,
            group: text.commandsGroup,
            keys: ["Mod+Shift+O"],
            run: () => openPalette("@"),
          },
          {
            id: "line",
            title: text.goToLine,
            group: text.commandsGroup,
            keys: ["Ctrl+G"],
            run: () => openPalette(":"),
          },
          ...keysOfTheEditor,
        ],
  );
  useSource({
    group: text.symbolGroup,
    prefix: "@",
    items: async () => {
      if (!props.isFocused) return [];
      const [{ symbolsOf }] = await Promise.all([loadExtras(), speaks]);
      return symbolsOf(view.state).map(({ name, line, position }) => ({
        title: name,
        detail: text.line(line),
        run: () => goTo(position),
      }));
    },
  });
  useSource({
    group: text.lineGroup,
    prefix: ":",
    items: () => (props.isFocused ? [{ title: text.goToLine, run: () => undefined }] : []),
  });

  onMount(() => {
    view = new EditorView({ parent });
    if (!isEquipped) for (const sign of signs) parent.addEventListener(sign, onSign, { capture: true, passive: true });
    // Lines were measured in the fallback font.
    void document.fonts.ready.then(() => view.requestMeasure());
    // Depends on the path alone: the text changes with every key. A moved file is shown already.
    createEffect(
      on(
        createMemo(() => props.path),
        (path) => {
          if (path === shown()) return;
          show(path);
          clearTimeout(settling);
          settling = setTimeout(() => void settle(), settleAfter);
        },
      ),
    );
    createEffect(on(() => props.isFocused, tellStatus));
    createEffect(on([() => props.isFocused, () => props.path, () => layout().hasOutline], tellOutline));
    createEffect(on(() => props.place, go, { defer: true }));
    createEffect(
      on(
        () => props.documents.at(props.path)?.readOnly,
        (isReadOnly) => view.dispatch({ effects: access.reconfigure(EditorState.readOnly.of(isReadOnly ?? false)) }),
        { defer: true },
      ),
    );
    createEffect(on(preferences, () => (dress(), void settle()), { defer: true }));
    addEventListener("pagehide", rememberPlace);
    document.addEventListener("go-to-line", toLine);
  });
  onCleanup(() => {
    clearTimeout(settling);
    clearTimeout(outlining);
    leave();
    removeEventListener("pagehide", rememberPlace);
    document.removeEventListener("go-to-line", toLine);
    if (props.isFocused) {
      setOutline([]);
      setEditorStatus(undefined);
    }
    view?.destroy();
  });
  return (
    <>
      <div
        ref={parent}
        class="h-full min-h-0 overflow-hidden"
        style={{ "--editor-size": `${preferences().fontSize}px` }}
      />
      <Show when={awaited()}>
        {(waits) => <HeldKeyboard missing={waits().missing} onClose={() => setAwaited(undefined)} />}
      </Show>
    </>
  );
}

/** Runs once after the next paint, however often it is asked to. */
function afterPaint(run: () => void): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() =>
      setTimeout(() => {
        isAsked = false;
        run();
      }),
    );
  };
}
