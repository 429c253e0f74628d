import Columns2 from "lucide-solid/icons/columns-2";
import Plus from "lucide-solid/icons/plus";
import SquareTerminal from "lucide-solid/icons/square-terminal";
import Trash from "lucide-solid/icons/trash";
import X from "lucide-solid/icons/x";
import { createEffect, createMemo, createSignal, For, on, onCleanup, Show, type JSX } from "solid-js";
import { text as sandboxText } from "#text/sandbox.ts";
import { text } from "#text/terminal.ts";
import { LaunchSteps } from "../components/launch-steps.tsx";
import { LazyMenu } from "../components/lazy-menu.tsx";
import type { MenuItem } from "../components/menu.tsx";
import { toast } from "../components/toasts.tsx";
import { shownKeys, useCommands } from "../stores/commands.ts";
import { preferences, setPreference } from "../stores/preferences.ts";
import type { SandboxSession } from "../stores/sandbox-session.ts";
import type { Workspace } from "../stores/workspace.ts";
import { ExtraKeys } from "./extra-keys.tsx";
import { FileStatusLine } from "./file-status-line.tsx";
import type { InnerLink } from "./find-links.ts";
import { TerminalView, type TerminalHandle } from "./terminal-view.tsx";

/** The terminals of the project in the person's sandbox. */
export default function TerminalPanel(props: {
  workspace: Workspace;
  session: SandboxSession;
  isShown: boolean;
  /** The sandbox's own controls, where the page has no other place for them. */
  status: JSX.Element;
  onLink(link: InnerLink): void;
  onHide(): void;
}) {
  const { session } = props;
  const { terminals } = session;
  const handles = new Map<string, TerminalHandle>();
  const [menu, setMenu] = createSignal<{ x: number; y: number; id: string }>();
  const [renaming, setRenaming] = createSignal<string>();
  const [isControlHeld, setControlHeld] = createSignal(false);

  const paths = createMemo(
    () => new Set(props.workspace.files.list()?.flatMap(({ path, kind }) => (kind === "folder" ? [] : [path]))),
  );
  const isLaunching = () => session.phase() === "creating";
  const groupOf = (id: string | undefined) =>
    terminals.groups().find((group) => id !== undefined && group.includes(id));
  const activeGroup = () => groupOf(terminals.active());
  const programOf = (id: string) => session.watch()?.terminals.find((each) => each.id === id)?.title;
  const nameOf = (id: string) => terminals.nameOf(id) ?? (programOf(id) || text.terminal);
  const labelOf = (group: readonly string[]) => group.map(nameOf).join(" | ");
  const handle = () => handles.get(terminals.active() ?? "");

  // The first terminal opens with the panel, once it is known that no other window has opened one.
  createEffect(
    on([() => session.watch() !== undefined, () => props.isShown], ([isKnown, isShown]) => {
      if (isKnown && isShown && terminals.all().length === 0) open();
    }),
  );
  createEffect(() => props.isShown && handle()?.focus());

  function open(beside?: string): void {
    if (terminals.add(beside) === undefined) toast(text.tooMany);
  }

  function kill(id: string): void {
    const after = terminals.all().length === 1;
    closers.get(id)?.();
    terminals.remove(id);
    if (after) props.onHide();
  }
  /** Ends the shell of a terminal. */
  const closers = new Map<string, () => void>();

  function onExit(id: string): void {
    terminals.remove(id);
    if (terminals.all().length === 0) props.onHide();
  }

  function menuItems(id: string): MenuItem[] {
    return [
      { label: text.split, run: () => open(id) },
      { label: text.rename, run: () => setRenaming(id) },
      { label: text.find, keys: "Ctrl+F", run: () => handles.get(id)?.find() },
      { label: text.clear, run: () => handles.get(id)?.clear() },
      {
        label: `${preferences().screenReader ? "✓ " : ""}${text.screenReader}`,
        separated: true,
        run: () => setPreference("screenReader", !preferences().screenReader),
      },
      { label: text.kill, danger: true, separated: true, run: () => kill(id) },
    ];
  }

  const { group } = text;
  useCommands(() => [
    {
      id: "terminal-new",
      title: text.new,
      group,
      keys: ["Mod+Shift+`", "Mod+Shift+~"],
      inTerminal: true,
      run: () => open(),
    },
    {
      id: "terminal-split",
      title: text.split,
      group,
      keys: ["Mod+Shift+5", "Mod+Shift+%"],
      inTerminal: true,
      run: () => open(terminals.active()),
    },
    { id: "terminal-kill", title: text.kill, group, run: () => terminals.active() && kill(terminals.active() ?? "") },
    { id: "terminal-clear", title: text.clear, group, run: () => handle()?.clear() },
    { id: "terminal-find", title: text.find, group, keys: ["Mod+F"], listed: true, run: () => handle()?.find() },
    {
      id: "terminal-rename",
      title: text.rename,
      group,
      run: () => setRenaming(terminals.active()),
    },
  ]);
  onCleanup(() => handles.clear());

  function onTabKey(event: KeyboardEvent, at: number): void {
    const groups = terminals.groups();
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step !== 0) {
      const next = groups[(at + step + groups.length) % groups.length]?.[0];
      if (next === undefined) return;
      terminals.activate(next);
      queueMicrotask(() => document.querySelector<HTMLElement>(`[data-terminal-tab="${next}"]`)?.focus());
    } else if (event.key === "Delete") groups[at]?.forEach(kill);
    else if (event.key === "F2") setRenaming(groups[at]?.[0]);
    else return;
    event.preventDefault();
  }

  return (
    <div class="flex h-full min-h-0 flex-col">
      <header class="flex min-h-9 shrink-0 items-center gap-1 border-b border-line bg-panel pr-1.5 pl-2 max-sm:flex-wrap pointer-coarse:[&_button]:min-h-11">
        <div
          role={terminals.all().length > 0 ? "tablist" : undefined}
          aria-label={terminals.all().length > 0 ? text.terminals : undefined}
          class="flex min-w-0 items-stretch gap-0.5 self-stretch overflow-x-auto max-sm:order-last max-sm:min-h-9 max-sm:basis-full pointer-coarse:min-h-11"
        >
          <For each={terminals.groups()}>
            {(each, at) => {
              const first = () => each[0] ?? "";
              const isActive = () => activeGroup() === each;
              return (
                <Show
                  when={renaming() !== undefined && each.includes(renaming() ?? "")}
                  fallback={
                    <div
                      role="tab"
                      data-terminal-tab={first()}
                      aria-selected={isActive()}
                      aria-label={labelOf(each)}
                      aria-keyshortcuts="Delete F2"
                      tabindex={isActive() ? 0 : -1}
                      class="group flex max-w-48 shrink-0 cursor-pointer items-center gap-1.5 border-b-2 pr-0.5 pl-2 text-xs pointer-coarse:min-w-11"
                      classList={{
                        "border-accent text-ink": isActive(),
                        "border-transparent text-quiet hover:text-ink": !isActive(),
                      }}
                      onClick={() => {
                        terminals.activate(first());
                        handles.get(first())?.focus();
                      }}
                      onDblClick={() => setRenaming(first())}
                      onAuxClick={(event) => event.button === 1 && [...each].forEach(kill)}
                      onKeyDown={(event) => onTabKey(event, at())}
                      onContextMenu={(event) => {
                        event.preventDefault();
                        setMenu({ x: event.clientX, y: event.clientY, id: first() });
                      }}
                    >
                      <SquareTerminal size={14} class="shrink-0" />
                      <span class="truncate">{labelOf(each)}</span>
                      {/* For the pointer; with the keyboard, Delete ends the terminal. */}
                      <span
                        class="icon-button size-5 opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100 pointer-coarse:opacity-100"
                        aria-hidden="true"
                        title={text.closeNamed(labelOf(each))}
                        onClick={(event) => {
                          event.stopPropagation();
                          [...each].forEach(kill);
                        }}
                      >
                        <X size={12} />
                      </span>
                    </div>
                  }
                >
                  <input
                    class="field my-1 h-6 w-28 px-1 py-0 text-xs"
                    aria-label={text.nameLabel}
                    maxlength={40}
                    value={nameOf(renaming() ?? "")}
                    ref={(element) => queueMicrotask(() => (element.focus(), element.select()))}
                    onKeyDown={(event) => {
                      if (event.key === "Enter" && !event.isComposing) event.currentTarget.blur();
                      if (event.key === "Escape") setRenaming(undefined);
                    }}
                    onBlur={(event) => {
                      const id = renaming();
                      if (id !== undefined) terminals.rename(id, event.currentTarget.value.trim());
                      setRenaming(undefined);
                      handle()?.focus();
                    }}
                  />
                </Show>
              );
            }}
          </For>
        </div>
        <button
          class="icon-button"
          aria-label={text.new}
          title={`${text.new} (${shownKeys("Mod+Shift+`").join("+")})`}
          disabled={!session.isReady()}
          onClick={() => open()}
        >
          <Plus size={15} />
        </button>
        <span class="grow" />
        {props.status}
        <Show when={terminals.active()}>
          {(id) => (
            <>
              <button
                class="icon-button max-sm:hidden"
                aria-label={text.split}
                title={`${text.split} (${shownKeys("Mod+Shift+5").join("+")})`}
                disabled={!session.isReady()}
                onClick={() => open(id())}
              >
                <Columns2 size={15} />
              </button>
              <button
                class="icon-button max-sm:hidden"
                aria-label={text.kill}
                title={text.kill}
                onClick={() => kill(id())}
              >
                <Trash size={14} />
              </button>
            </>
          )}
        </Show>
        <button
          class="icon-button"
          aria-label={text.close}
          title={`${text.close} (${shownKeys("Ctrl+`").join("+")})`}
          onClick={() => props.onHide()}
        >
          <X size={15} />
        </button>
      </header>
      <Show when={!session.isReady() && terminals.all().length > 0}>
        <div
          role="status"
          class="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-warn-soft px-3 py-1.5 text-sm"
        >
          <span class="grow">
            {isLaunching()
              ? sandboxText.states.creating
              : (session.error() ?? session.sandbox()?.stoppedReason ?? text.away)}
          </span>
          <Show when={!isLaunching()}>
            <button class="button button-small" onClick={() => void session.launch()}>
              {sandboxText.restart}
            </button>
          </Show>
        </div>
      </Show>
      <FileStatusLine session={session} />
      <div class="relative flex min-h-0 grow bg-paper max-sm:flex-col">
        <Show when={terminals.all().length === 0 && !session.isReady()}>
          <LaunchSteps
            sandbox={session.sandbox()}
            isLaunching={isLaunching()}
            error={session.error()}
            onLaunch={() => void session.launch()}
          />
        </Show>
        <For each={terminals.all()}>
          {(id) => {
            const isShown = () => activeGroup()?.includes(id) ?? false;
            const order = () => activeGroup()?.indexOf(id) ?? 0;
            return (
              <div
                class="min-h-0 min-w-0 flex-1 border-line"
                classList={{ flex: isShown(), hidden: !isShown(), "sm:border-l max-sm:border-t": order() > 0 }}
                style={{ order: order() }}
                onContextMenu={(event) => {
                  if (event.shiftKey) return;
                  event.preventDefault();
                  setMenu({ x: event.clientX, y: event.clientY, id });
                }}
              >
                <TerminalView
                  session={session}
                  id={id}
                  isActive={terminals.active() === id}
                  isShown={props.isShown && isShown()}
                  isControlHeld={isControlHeld()}
                  onControlUsed={() => setControlHeld(false)}
                  hasFile={(path) => paths().has(path)}
                  onLink={(link) => props.onLink(link)}
                  onFocus={() => terminals.active() !== id && terminals.activate(id)}
                  onExit={() => onExit(id)}
                  handle={(given, close) => {
                    if (given) handles.set(id, given);
                    else handles.delete(id);
                    if (close) closers.set(id, close);
                    else closers.delete(id);
                  }}
                />
              </div>
            );
          }}
        </For>
      </div>
      <ExtraKeys
        isControlHeld={isControlHeld()}
        onControl={() => {
          setControlHeld((held) => !held);
          handle()?.focus();
        }}
        onKey={(data) => handle()?.type(data)}
      />
      <LazyMenu
        at={menu()}
        label={text.actions}
        items={menu() ? menuItems(menu()?.id ?? "") : []}
        onClose={() => setMenu(undefined)}
      />
    </div>
  );
}
