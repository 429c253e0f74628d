import {
  closeSearchPanel,
  findNext,
  findPrevious,
  getSearchQuery,
  openSearchPanel,
  replaceAll,
  replaceNext,
  search,
  SearchQuery,
  setSearchQuery,
} from "@codemirror/search";
import { Prec, type Extension } from "@codemirror/state";
import { EditorView, keymap, type Panel, type ViewUpdate } from "@codemirror/view";
import { text } from "#text/editor.ts";
import { countMatches } from "./count-matches.ts";

/** Milliseconds without a change before the matches are counted. */
const countAfter = 60;

/** Finding and replacing in a file: Mod+F and Mod+H. */
export const findPanel: Extension = [
  search({ top: true, createPanel: (view) => new FindPanel(view) }),
  Prec.high(
    keymap.of([
      { key: "Mod-f", run: (view) => openFind(view, false), scope: "editor search-panel", preventDefault: true },
      { key: "Mod-h", run: (view) => openFind(view, true), scope: "editor search-panel", preventDefault: true },
      { key: "F3", run: findNext, shift: findPrevious, scope: "editor search-panel", preventDefault: true },
      { key: "Escape", run: closeSearchPanel, scope: "editor search-panel" },
    ]),
  ),
  EditorView.theme({
    ".cm-find": {
      display: "grid",
      gridTemplateColumns: "minmax(0, 420px) auto",
      gap: "6px 8px",
      padding: "6px 12px",
      fontFamily: "var(--font-sans)",
    },
    ".cm-find-row": { display: "contents" },
    ".cm-find-row[hidden]": { display: "none" },
    ".cm-find-field": { position: "relative" },
    ".cm-find-field > .field": { padding: "3px 84px 3px 8px", fontSize: "13px" },
    ".cm-find-options": { position: "absolute", top: "1px", right: "2px", display: "flex" },
    ".cm-find-options > button": { width: "26px", height: "26px", fontSize: "12px" },
    ".cm-find-options > [aria-pressed=true]": { background: "var(--accent-soft)", color: "var(--accent)" },
    ".cm-find-actions": { display: "flex", alignItems: "center", gap: "4px", fontSize: "12px" },
    ".cm-find-count": { minWidth: "76px", color: "var(--quiet)", whiteSpace: "nowrap" },
  }),
];

/** Opens the panel, or focuses it; `replaces` shows the field for the replacement. */
export function openFind(view: EditorView, replaces: boolean): boolean {
  if (replaces && view.state.readOnly) return openFind(view, false);
  openSearchPanel(view);
  view.dom.querySelector<HTMLElement>(".cm-find")?.dispatchEvent(new CustomEvent("show", { detail: replaces }));
  return true;
}

class FindPanel implements Panel {
  readonly top = true;
  readonly dom = element("div", "cm-find");
  readonly view: EditorView;
  readonly find = field(text.find);
  readonly replacement = field(text.replaceWith);
  readonly count = element("span", "cm-find-count");
  readonly replaceRow = element("div", "cm-find-row");
  readonly options: readonly { name: "caseSensitive" | "wholeWord" | "regexp"; button: HTMLButtonElement }[];
  timer: ReturnType<typeof setTimeout> | undefined;

  constructor(view: EditorView) {
    this.view = view;
    const query = getSearchQuery(view.state);
    this.find.value = query.search;
    this.replacement.value = query.replace;
    this.count.setAttribute("role", "status");
    this.options = (["caseSensitive", "wholeWord", "regexp"] as const).map((name) => {
      const [sign, label] = text.findOptions[name];
      const button = action(sign, label, () => {
        button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
        this.commit();
      });
      button.setAttribute("aria-pressed", String(query[name]));
      return { name, button };
    });
    const inField = (input: HTMLElement, ...buttons: HTMLElement[]) => {
      const [frame, options] = [element("div", "cm-find-field"), element("div", "cm-find-options")];
      options.append(...buttons);
      frame.append(input, options);
      return frame;
    };
    const inActions = (...buttons: HTMLElement[]) => {
      const actions = element("div", "cm-find-actions");
      actions.append(...buttons);
      return actions;
    };
    const findRow = element("div", "cm-find-row");
    findRow.append(
      inField(this.find, ...this.options.map(({ button }) => button)),
      inActions(
        this.count,
        action("↑", text.previousMatch, () => findPrevious(view)),
        action("↓", text.nextMatch, () => findNext(view)),
        action("✕", text.closeFind, () => (closeSearchPanel(view), view.focus())),
      ),
    );
    this.replaceRow.hidden = true;
    this.replaceRow.append(
      inField(this.replacement),
      inActions(
        wide(text.replace, () => replaceNext(view)),
        wide(text.replaceAll, () => replaceAll(view)),
      ),
    );
    this.dom.append(findRow, this.replaceRow);
    this.dom.setAttribute("role", "search");
    this.dom.setAttribute("aria-label", text.findAndReplace);
    this.dom.addEventListener("show", (event) => this.show((event as CustomEvent<boolean>).detail));
    this.find.addEventListener("input", () => this.commit());
    this.replacement.addEventListener("input", () => this.commit());
    this.dom.addEventListener("keydown", (event) => this.onKeyDown(event));
    this.recount();
  }

  show(replaces: boolean): void {
    this.replaceRow.hidden = !replaces;
    const field = replaces && this.find.value !== "" ? this.replacement : this.find;
    field.select();
    field.focus();
  }
  onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (event.target === this.replacement) replaceNext(this.view);
      else if (event.shiftKey) findPrevious(this.view);
      else findNext(this.view);
    } else if (event.key === "Escape") {
      event.preventDefault();
      closeSearchPanel(this.view);
      this.view.focus();
    } else if ((event.ctrlKey || event.metaKey) && ["f", "h"].includes(event.key.toLowerCase())) {
      event.preventDefault();
      this.show(event.key.toLowerCase() === "h" && !this.view.state.readOnly);
    }
  }
  /** Searches for what the fields say. */
  commit(): void {
    const on = (name: string) =>
      this.options.find((option) => option.name === name)?.button.getAttribute("aria-pressed") === "true";
    const query = new SearchQuery({
      search: this.find.value,
      replace: this.replacement.value,
      caseSensitive: on("caseSensitive"),
      wholeWord: on("wholeWord"),
      regexp: on("regexp"),
      literal: !on("regexp"),
    });
    if (query.eq(getSearchQuery(this.view.state))) return;
    this.view.dispatch({ effects: setSearchQuery.of(query) });
    this.selectNearest(query);
  }
  /** Selects the first match from the selection on, so that typing finds it. */
  selectNearest(query: SearchQuery): void {
    if (!query.valid || query.search === "") return;
    const { state } = this.view;
    let next = query.getCursor(state, state.selection.main.from).next();
    if (next.done) next = query.getCursor(state).next();
    if (next.done) return;
    const { from, to } = next.value;
    this.view.dispatch({
      selection: { anchor: from, head: to },
      effects: EditorView.scrollIntoView(from, { y: "nearest", yMargin: 40 }),
      userEvent: "select.search",
    });
  }
  update(update: ViewUpdate): void {
    const query = getSearchQuery(update.state);
    if (query.search !== this.find.value && document.activeElement !== this.find) this.find.value = query.search;
    const isAsked = update.transactions.some(({ effects }) => effects.some((effect) => effect.is(setSearchQuery)));
    if (update.docChanged || update.selectionSet || isAsked) this.recount();
  }
  recount(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const query = getSearchQuery(this.view.state);
      this.count.classList.toggle("text-bad", query.search !== "" && !query.valid);
      if (query.search === "") this.count.textContent = "";
      else if (!query.valid) this.count.textContent = text.invalidPattern;
      else this.count.textContent = text.matches(countMatches(query, this.view.state));
    }, countAfter);
  }
  destroy(): void {
    clearTimeout(this.timer);
  }
}

function element<K extends keyof HTMLElementTagNameMap>(name: K, className: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.className = className;
  return made;
}
function field(label: string): HTMLInputElement {
  const input = element("input", "field");
  input.type = "text";
  input.placeholder = label;
  input.spellcheck = false;
  input.autocomplete = "off";
  input.setAttribute("aria-label", label);
  return input;
}
function action(sign: string, label: string, run: () => unknown): HTMLButtonElement {
  const button = element("button", "icon-button");
  button.type = "button";
  const shown = element("span", "");
  shown.textContent = sign;
  shown.setAttribute("aria-hidden", "true");
  button.append(shown);
  button.title = label;
  button.setAttribute("aria-label", label);
  button.addEventListener("click", run);
  return button;
}
function wide(label: string, run: () => unknown): HTMLButtonElement {
  const button = element("button", "button button-small");
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", run);
  return button;
}
