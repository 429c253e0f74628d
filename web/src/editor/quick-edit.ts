import { Prec, StateEffect, StateField, type EditorState, type Extension } from "@codemirror/state";
import { Decoration, EditorView, keymap, WidgetType, type DecorationSet } from "@codemirror/view";
import { text as common } from "#text/common.ts";
import { text as words } from "#text/editor.ts";
import { diffLines } from "../code/line-diff.ts";

/** Asks the model to rewrite a selection. @throws Error with a message for the person */
export type QuickEdit = (
  part: { before: string; selection: string; after: string; instruction: string },
  signal: AbortSignal,
) => Promise<{ text: string; unread: readonly string[] }>;

type Phase =
  | { kind: "asking"; failure: string }
  | { kind: "waiting"; instruction: string; aborted: AbortController }
  | { kind: "offered"; instruction: string; text: string; unread: readonly string[] };
interface Editing {
  from: number;
  to: number;
  /** The selected text. Once it changes, the edit is stale and discarded. */
  selection: string;
  phase: Phase;
}

const set = StateEffect.define<Editing | null>();

const editing = StateField.define<Editing | null>({
  create: () => null,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(set)) return effect.value;
    if (value === null || !transaction.docChanged) return value;
    const from = transaction.changes.mapPos(value.from, 1);
    const to = transaction.changes.mapPos(value.to, -1);
    const isSame = transaction.newDoc.sliceString(from, to) === value.selection;
    if (isSame) return { ...value, from, to };
    if (value.phase.kind === "waiting") value.phase.aborted.abort();
    return null;
  },
});

/** Whether a quick edit is open, in any phase. */
export function isQuickEditing(state: EditorState): boolean {
  return (state.field(editing, false) ?? null) !== null;
}

/** The selection extended to whole lines; the cursor's line if nothing is selected. */
export function linesSelected(state: EditorState): { from: number; to: number } {
  const { main } = state.selection;
  const last = state.doc.lineAt(main.to);
  const endsBefore = !main.empty && last.from === main.to;
  return { from: state.doc.lineAt(main.from).from, to: endsBefore ? main.to - 1 : last.to };
}

export function beginQuickEdit(view: EditorView): boolean {
  if (view.state.readOnly) return false;
  const { from, to } = linesSelected(view.state);
  view.dispatch({
    effects: set.of({ from, to, selection: view.state.sliceDoc(from, to), phase: { kind: "asking", failure: "" } }),
  });
  return true;
}

/** Rewrites lines by an instruction and shows the result as a diff. The text changes only once it is accepted. */
export function quickEdit(ask: QuickEdit): Extension {
  function end(view: EditorView): boolean {
    const value = view.state.field(editing);
    if (value === null) return false;
    if (value.phase.kind === "waiting") value.phase.aborted.abort();
    view.dispatch({ effects: set.of(null) });
    view.focus();
    return true;
  }

  function take(view: EditorView): boolean {
    const value = view.state.field(editing);
    if (value?.phase.kind !== "offered") return false;
    view.dispatch({
      changes: { from: value.from, to: value.to, insert: value.phase.text },
      effects: set.of(null),
      userEvent: "input.quick-edit",
    });
    view.focus();
    return true;
  }

  async function submit(view: EditorView, instruction: string): Promise<void> {
    const value = view.state.field(editing);
    if (value === null || instruction.trim() === "") return;
    const aborted = new AbortController();
    view.dispatch({ effects: set.of({ ...value, phase: { kind: "waiting", instruction, aborted } }) });
    const { from, to, selection } = value;
    const before = view.state.sliceDoc(Math.max(0, from - 6000), from);
    const after = view.state.sliceDoc(to, Math.min(view.state.doc.length, to + 6000));
    let phase: Phase;
    try {
      const { text, unread } = await ask({ before, selection, after, instruction }, aborted.signal);
      phase = { kind: "offered", instruction, text, unread };
    } catch (error) {
      phase = { kind: "asking", failure: error instanceof Error ? error.message : words.quickEditFailed };
    }
    const now = view.state.field(editing);
    if (aborted.signal.aborted || now?.phase.kind !== "waiting" || now.phase.aborted !== aborted) return;
    view.dispatch({ effects: set.of({ ...now, phase }) });
  }

  const shown = EditorView.decorations.compute([editing], (state): DecorationSet => {
    const value = state.field(editing);
    if (value === null) return Decoration.none;
    const { from, to, phase } = value;
    const bar = Decoration.widget({ widget: new Bar(phase, { submit, end, take }), block: true, side: -1 }).range(from);
    if (phase.kind !== "offered") {
      const marked = from < to ? [Decoration.mark({ class: "cm-quick-selected" }).range(from, to)] : [];
      return Decoration.set([bar, ...marked], true);
    }
    const removed: ReturnType<Decoration["range"]>[] = [];
    const added: ReturnType<Decoration["range"]>[] = [];
    const lines = value.selection.split("\n");
    const starts: number[] = [];
    let at = from;
    for (const line of lines) {
      starts.push(at);
      at += line.length + 1;
    }
    for (const { oldFrom, oldTo, text } of diffLines(value.selection, phase.text)) {
      for (let line = oldFrom; line < oldTo; line++)
        removed.push(Decoration.line({ class: "cm-quick-removed" }).range(starts[line] ?? from));
      if (text.length > 0) {
        const isAtEnd = oldTo >= lines.length;
        const place = isAtEnd ? to : (starts[oldTo] ?? from);
        const widget = new Added(text.join("\n"));
        added.push(Decoration.widget({ widget, block: true, side: isAtEnd ? 1 : -1 }).range(place));
      }
    }
    return Decoration.set([bar, ...removed, ...added], true);
  });

  return [
    editing,
    shown,
    Prec.high(
      keymap.of([
        { key: "Mod-e", preventDefault: true, run: beginQuickEdit },
        { key: "Mod-Enter", run: take },
        { key: "Escape", run: end },
      ]),
    ),
  ];
}

interface Actions {
  submit(view: EditorView, instruction: string): Promise<void>;
  end(view: EditorView): boolean;
  take(view: EditorView): boolean;
}

class Bar extends WidgetType {
  readonly phase: Phase;
  readonly actions: Actions;
  constructor(phase: Phase, actions: Actions) {
    super();
    this.phase = phase;
    this.actions = actions;
  }
  override eq(other: Bar): boolean {
    return other.phase === this.phase;
  }
  override toDOM(view: EditorView): HTMLElement {
    const { phase, actions } = this;
    const bar = element("div", "cm-quick");
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", words.quickEdit);
    if (phase.kind === "asking") {
      const input = element("input", "field");
      input.placeholder = words.quickEditPlaceholder;
      input.setAttribute("aria-label", words.quickEditLabel);
      input.maxLength = 4000;
      input.addEventListener("keydown", (event) => {
        event.stopPropagation();
        if (event.isComposing) return;
        if (event.key === "Enter") void actions.submit(view, input.value);
        if (event.key === "Escape") actions.end(view);
      });
      bar.append(
        input,
        button(words.change, "button-main", () => void actions.submit(view, input.value)),
      );
      bar.append(button(common.cancel, "", () => actions.end(view)));
      if (phase.failure !== "") {
        const failure = element("span", "text-bad");
        failure.setAttribute("role", "alert");
        failure.textContent = phase.failure;
        bar.append(failure);
      }
      setTimeout(() => input.focus());
    } else if (phase.kind === "waiting") {
      const text = element("span", "animate-pulse");
      text.setAttribute("role", "status");
      text.textContent = words.changing(phase.instruction);
      bar.append(
        text,
        button(common.cancel, "", () => actions.end(view)),
      );
    } else {
      const text = element("span", "");
      text.setAttribute("role", "status");
      text.textContent = phase.unread.length > 0 ? words.notRead(phase.unread) : phase.instruction;
      const accept = button(words.accept, "button-main", () => actions.take(view));
      bar.append(
        text,
        accept,
        button(words.reject, "", () => actions.end(view)),
      );
      setTimeout(() => accept.focus());
    }
    return bar;
  }
  override ignoreEvent(): boolean {
    return true;
  }
}

class Added extends WidgetType {
  readonly text: string;
  constructor(text: string) {
    super();
    this.text = text;
  }
  override eq(other: Added): boolean {
    return other.text === this.text;
  }
  override toDOM(): HTMLElement {
    const block = element("pre", "cm-quick-added");
    block.textContent = this.text;
    return block;
  }
}

function element<K extends keyof HTMLElementTagNameMap>(name: K, className: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

function button(label: string, className: string, run: () => unknown): HTMLButtonElement {
  const made = element("button", `button button-small ${className}`);
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", run);
  return made;
}
