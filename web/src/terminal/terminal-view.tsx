import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { Terminal, type ILink } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { createEffect, createSignal, on, onCleanup, onMount, Show } from "solid-js";
import { text } from "#text/terminal.ts";
import { text as common } from "#text/common.ts";
import { Dialog } from "../components/dialog.tsx";
import { toast } from "../components/toasts.tsx";
import { connectTerminal, type TerminalLink } from "../live/terminal-link.ts";
import type { Shown } from "../live/terminal-stream.ts";
import { preferences } from "../stores/preferences.ts";
import type { SandboxSession } from "../stores/sandbox-session.ts";
import { findLinks, type InnerLink, type Link } from "./find-links.ts";
import { controlKey } from "./control-key.ts";
import { FindBar } from "./find-bar.tsx";
import { terminalTheme } from "./terminal-theme.ts";

/** What is said of a server that has stopped. */
const tailLines = 12;

/** What the panel may do with a terminal that is shown. */
export interface TerminalHandle {
  focus(): void;
  clear(): void;
  find(): void;
  /** Types as the keyboard does. */
  type(data: string): void;
}

/** A terminal: what its shell prints, and where the person types. It keeps what was printed while the sandbox is away. */
export function TerminalView(props: {
  session: SandboxSession;
  id: string;
  isActive: boolean;
  isShown: boolean;
  /** Ctrl of the extra keys holds for the next key. */
  isControlHeld: boolean;
  onControlUsed(): void;
  hasFile(path: string): boolean;
  onLink(link: InnerLink): void;
  onFocus(): void;
  onExit(): void;
  /** While it is there. `close` ends its shell. */
  handle(handle?: TerminalHandle, close?: () => void): void;
}) {
  const { session, id } = props;
  let host!: HTMLDivElement;
  const [search, setSearch] = createSignal<SearchAddon>();
  const [pasting, setPasting] = createSignal<string>();
  const [isTabFree, setTabFree] = createSignal(false);
  const [hovered, setHovered] = createSignal<string>();
  const [isConnected, setConnected] = createSignal(false);
  const [ended, setEnded] = createSignal(false);

  onMount(() => {
    const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const terminal = new Terminal({
      allowProposedApi: true,
      cursorBlink: !reduced,
      cursorStyle: "bar",
      cursorWidth: 2,
      cursorInactiveStyle: "outline",
      fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
      fontSize: preferences().terminalFontSize,
      lineHeight: 1.25,
      minimumContrastRatio: 4.5,
      scrollback: 10_000,
      screenReaderMode: preferences().screenReader,
      theme: terminalTheme(isPageDark()),
      // OSC 8: the text may say anything, so what is shown on hovering is where it leads.
      linkHandler: {
        activate: (_, address) => openAddress(address),
        hover: (_, address) => setHovered(text.openAddress(address.slice(0, 200))),
        leave: () => setHovered(undefined),
      },
    });
    const fit = new FitAddon();
    const searching = new SearchAddon();
    terminal.loadAddon(fit);
    terminal.loadAddon(searching);
    terminal.open(host);
    // Programs may not rename the tab, nor read or write the clipboard.
    for (const code of [0, 1, 2, 52]) terminal.parser.registerOscHandler(code, () => true);

    let isReplaying = 0;
    let link: TerminalLink | undefined;
    let hasOutput = false;
    /** It is as large as on another page. */
    let isForeignSize = false;

    function send(data: string): boolean {
      if (isForeignSize) resize();
      const isSent = link?.send({ type: "input", data }) === true;
      if (!isSent && session.isReady()) toast(text.connecting);
      return isSent;
    }

    function show(shown: Shown): void {
      switch (shown.type) {
        case "output": {
          const { bytes, isReplay } = shown;
          const from = link;
          if (isReplay) isReplaying++;
          terminal.write(bytes, () => {
            if (isReplay) isReplaying--;
            from?.shown(bytes.byteLength);
          });
          if (!hasOutput) typeWaiting();
          hasOutput = true;
          return;
        }
        case "break":
          // A sequence that was begun has no end. A new shell knows nothing of the modes that were set.
          terminal.write("\x18\x1b[0m");
          if (shown.reason === "new-shell") {
            if (terminal.buffer.active.type === "alternate") terminal.write("\x1b[?1049l");
            terminal.write("\x1b[!p\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?2004l\x1b[?25h");
          }
          if (terminal.buffer.active.length > 1 || hasOutput)
            terminal.write(
              `\r\n\x1b[2m── ${shown.reason === "new-shell" ? text.newShell : text.skipped} ──\x1b[0m\r\n`,
            );
          if (shown.reason === "new-shell") hasOutput = false;
          return;
        case "resized":
          // Of several pages, the one that is used last has its size.
          if (shown.cols === terminal.cols && shown.rows === terminal.rows) return;
          isForeignSize = true;
          terminal.resize(shown.cols, shown.rows);
          return;
        case "exit":
          if (shown.code === 0 && shown.signal === null) return props.onExit();
          setEnded(true);
          link?.close();
          terminal.write(`\r\n\x1b[2m── ${text.exited(shown.code, shown.signal)} ──\x1b[0m\r\n`);
          return;
        case "error":
          return toast(shown.message);
      }
    }

    /** What a command of the project was asked for before the shell was there. */
    function typeWaiting(): void {
      session.terminals.sendTyped(id, send);
    }

    function resize(): void {
      if (!props.isShown || host.clientWidth < 20 || host.clientHeight < 20) return;
      isForeignSize = false;
      fit.fit();
      link?.send({ type: "resize", cols: Math.max(2, terminal.cols), rows: terminal.rows });
    }

    createEffect(
      on([session.isReady, () => session.sandbox()?.activeAt], ([isReady]) => {
        link?.close();
        link = undefined;
        setConnected(false);
        if (!isReady || ended()) return;
        if (props.isShown && host.clientWidth >= 20) fit.fit();
        link = connectTerminal(
          session.access,
          { id, offset: known, size: () => ({ cols: terminal.cols, rows: terminal.rows }) },
          {
            onShown: show,
            onState(state) {
              setConnected(state === "open");
              if (state === "open" && hasOutput) typeWaiting();
            },
            onOffset: (offset) => (known = offset),
          },
        );
      }),
    );

    terminal.onData((data) => {
      // Answers to what was asked in output that is shown again.
      if (isReplaying > 0 && data.startsWith("\x1b")) return;
      if (ended()) return;
      if (props.isControlHeld) {
        props.onControlUsed();
        return void send(controlKey(data));
      }
      send(data);
    });
    terminal.onBinary((data) => send(data));
    terminal.attachCustomKeyEventHandler((event) => onKey(event));
    terminal.registerLinkProvider({
      provideLinks(row, found) {
        found(linksIn(terminal, row, props.hasFile, activate, setHovered));
      },
    });
    terminal.textarea?.addEventListener("focus", () => {
      if (isForeignSize) resize();
      props.onFocus();
    });
    host.addEventListener("paste", onPaste, { capture: true });

    function activate(found: Link): void {
      if (terminal.hasSelection()) return;
      if (found.kind === "address") openAddress(found.url);
      else props.onLink(found);
    }

    function onPaste(event: ClipboardEvent): void {
      event.preventDefault();
      event.stopPropagation();
      const pasted = (event.clipboardData?.getData("text/plain") ?? "").replace(unsafe, "");
      const isMany = /[\r\n]./.test(pasted);
      if (isMany && !terminal.modes.bracketedPasteMode) setPasting(pasted);
      else terminal.paste(pasted);
    }
    pasteNow = (pasted) => {
      terminal.paste(pasted);
      terminal.focus();
    };

    let frame = 0;
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(resize);
    });
    observer.observe(host);
    // The page's tokens have changed once its attribute has.
    const themes = new MutationObserver(() => (terminal.options.theme = terminalTheme(isPageDark())));
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    createEffect(() => {
      terminal.options.fontSize = preferences().terminalFontSize;
      terminal.options.screenReaderMode = preferences().screenReader;
      resize();
    });
    createEffect(() => props.isShown && props.isActive && requestAnimationFrame(() => terminal.focus()));
    onCleanup(session.terminals.onTyped(() => hasOutput && typeWaiting()));
    const forgetTail = session.terminals.keepTail(id, () => tailOf(terminal));

    closeFind = () => {
      setSearch(undefined);
      terminal.focus();
    };
    const handle: TerminalHandle = {
      focus: () => terminal.focus(),
      clear: () => terminal.clear(),
      find: () => setSearch(searching),
      type: (data) => {
        if (props.isControlHeld) props.onControlUsed();
        send(data);
        terminal.focus();
      },
    };
    props.handle(handle, () => link?.send({ type: "close" }));

    function onKey(event: KeyboardEvent): boolean {
      if (event.type !== "keydown") return true;
      const { ctrlKey, shiftKey, altKey, metaKey } = event;
      const key = event.key.toLowerCase();
      const isPlain = ctrlKey && !shiftKey && !altKey && !metaKey;
      // The browser pastes, which `onPaste` hears.
      if ((ctrlKey || metaKey) && !altKey && key === "v") return false;
      const isCopy =
        (ctrlKey && shiftKey && key === "c") || ((isPlain || metaKey) && key === "c" && terminal.hasSelection());
      if (isCopy) {
        event.preventDefault();
        void copy(terminal);
        return false;
      }
      if ((isPlain || (metaKey && !ctrlKey)) && key === "f") {
        event.preventDefault();
        handle.find();
        return false;
      }
      if (isPlain && key === "m") {
        event.preventDefault();
        setTabFree((free) => !free);
        return false;
      }
      return !(event.key === "Tab" && isTabFree());
    }

    onCleanup(() => {
      props.handle();
      themes.disconnect();
      forgetTail();
      observer.disconnect();
      cancelAnimationFrame(frame);
      link?.close();
      terminal.dispose();
    });
  });

  let known = 0;
  let pasteNow: (pasted: string) => void = () => undefined;
  let closeFind: () => void = () => undefined;

  return (
    <div
      class="relative flex min-h-0 min-w-0 flex-1 flex-col"
      data-terminal={id}
      data-state={isConnected() ? "open" : "away"}
      role="group"
      aria-label={session.terminals.nameOf(id) ?? text.terminal}
      aria-description={text.help}
    >
      <div ref={host} class="min-h-0 grow overflow-hidden pt-1.5 pl-3" />
      <Show when={search()}>{(addon) => <FindBar search={addon()} onClose={() => closeFind()} />}</Show>
      <Show when={hovered() ?? (isTabFree() ? text.tabMovesFocus : undefined)}>
        {(hint) => (
          <p
            role="status"
            class="card pointer-events-none absolute bottom-1 left-2 z-10 max-w-[90%] truncate px-2 py-0.5 text-xs text-quiet shadow"
          >
            {hint()}
          </p>
        )}
      </Show>
      <Show when={pasting()}>
        {(pasted) => (
          <Dialog
            open
            title={text.pasteTitle(pasted().split(/\r\n|\r|\n/).length)}
            onClose={() => setPasting(undefined)}
          >
            <p class="text-sm text-quiet">{text.pasteAbout}</p>
            <pre class="max-h-48 overflow-auto rounded-sm bg-code p-2 font-mono text-xs">{pasted().slice(0, 4000)}</pre>
            <div class="flex justify-end gap-2">
              <button class="button" onClick={() => setPasting(undefined)}>
                {common.cancel}
              </button>
              <button
                class="button button-main"
                autofocus
                onClick={() => {
                  const accepted = pasted();
                  setPasting(undefined);
                  pasteNow(accepted);
                }}
              >
                {text.paste}
              </button>
            </div>
          </Dialog>
        )}
      </Show>
    </div>
  );
}

/** Control characters that no text has: an escape would end a bracketed paste. */
// eslint-disable-next-line no-control-regex -- removes control characters
const unsafe = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0080-\u009f]/g;

function isPageDark(): boolean {
  return document.documentElement.dataset.theme === "dark";
}

/** The last lines of a terminal that say something. */
function tailOf(terminal: Terminal): string[] {
  const { active } = terminal.buffer;
  const lines: string[] = [];
  for (let at = active.baseY + active.cursorY; at >= 0 && lines.length < tailLines; at--) {
    const line = active.getLine(at)?.translateToString(true) ?? "";
    if (line.trim() !== "") lines.unshift(line.slice(0, 300));
  }
  return lines;
}

async function copy(terminal: Terminal): Promise<void> {
  const selected = terminal.getSelection();
  if (selected === "") return;
  try {
    await navigator.clipboard.writeText(selected);
    terminal.clearSelection();
  } catch {
    toast(common.copyRefused);
  }
}

function openAddress(address: string): void {
  if (/^https?:\/\//i.test(address)) window.open(address, "_blank", "noopener,noreferrer");
}

/** Rows of one line of output are read together, as a long path wraps. */
function linksIn(
  terminal: Terminal,
  row: number,
  exists: (path: string) => boolean,
  activate: (link: Link) => void,
  onHover: (hint: string | undefined) => void,
): ILink[] {
  const { active } = terminal.buffer;
  let first = row - 1;
  const maxRows = 20;
  while (first > 0 && row - 1 - first < maxRows && active.getLine(first)?.isWrapped) first--;
  let line = "";
  for (let at = first; at < first + maxRows; at++) {
    const next = active.getLine(at);
    if (!next || (at > first && !next.isWrapped)) break;
    line += next.translateToString(false);
  }
  const { cols } = terminal;
  const cell = (offset: number) => ({ x: (offset % cols) + 1, y: first + 1 + Math.floor(offset / cols) });
  return findLinks(line.trimEnd(), exists).flatMap((found) => {
    const range = { start: cell(found.start), end: cell(found.end - 1) };
    if (row < range.start.y || row > range.end.y) return [];
    const hint =
      found.kind === "file"
        ? text.openFile([found.path, found.line, found.column].filter((part) => part !== undefined).join(":"))
        : found.kind === "port"
          ? text.openPort(found.port)
          : text.openAddress(found.url.slice(0, 200));
    return [
      {
        range,
        text: line.slice(found.start, found.end),
        activate: () => activate(found),
        hover: () => onHover(hint),
        leave: () => onHover(undefined),
      },
    ];
  });
}
