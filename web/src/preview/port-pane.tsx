import type { PreviewOrder } from "@slipway/contract/preview";
import { createSandboxToken } from "@slipway/contract/routes/sandbox";
import ExternalLink from "lucide-solid/icons/external-link";
import Monitor from "lucide-solid/icons/monitor";
import Smartphone from "lucide-solid/icons/smartphone";
import Tablet from "lucide-solid/icons/tablet";
import { createEffect, createSignal, For, on, onCleanup, onMount, Show } from "solid-js";
import { text } from "#text/preview.ts";
import { text as sandboxText } from "#text/sandbox.ts";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { LaunchSteps } from "../components/launch-steps.tsx";
import { runCommand } from "../stores/commands.ts";
import type { SandboxSession } from "../stores/sandbox-session.ts";
import type { SandboxStore } from "../stores/sandbox.ts";
import { readableAddress } from "./address.ts";
import { createFrameReports, frameAttributes } from "./frame-reports.ts";
import { PreviewBar } from "./preview-bar.tsx";
import { ProblemList } from "./problem-list.tsx";
import { ToolButton } from "./tool-button.tsx";

/** Of the hour that a preview's token lives. */
const renewAfter = 50 * 60_000;
const widths = { full: undefined, tablet: 768, phone: 390 } as const;
type Width = keyof typeof widths;

/** What a server in the sandbox serves on a port, on an origin of its own. What the page says is only ever shown. */
export default function PortPane(props: {
  store: SandboxStore;
  port: number;
  path: string;
  onPort(port: number): void;
  onAsk(message: string): void;
}) {
  onMount(() => void props.store.use().catch(() => undefined));
  return (
    <Show when={props.store.session()} fallback={<p class="p-4 text-sm text-quiet">{text.starting}</p>}>
      {(session) => (
        <Show
          when={session().isReady()}
          fallback={
            <div class="flex h-full overflow-auto">
              <LaunchSteps
                sandbox={session().sandbox()}
                isLaunching={session().phase() === "creating"}
                error={session().error()}
                onLaunch={() => void session().launch()}
              />
            </div>
          }
        >
          <Page {...props} session={session()} />
        </Show>
      )}
    </Show>
  );
}

function Page(props: {
  session: SandboxSession;
  port: number;
  path: string;
  onPort(port: number): void;
  onAsk(message: string): void;
}) {
  let frame: HTMLIFrameElement | undefined;
  const { session } = props;
  /** Below the port, without the slash. */
  const [address, setAddress] = createSignal(props.path.replace(/^\/+/, ""));
  const [site, setSite] = createSignal<{ entrance: string; origin: string }>();
  const [renewal, setRenewal] = createSignal<string>();
  const [failure, setFailure] = createSignal<string>();
  const [showsProblems, setShowsProblems] = createSignal(false);
  const [width, setWidth] = createSignal<Width>("full");
  const reports = createFrameReports(
    () => frame,
    (path) => setAddress(path.replace(/^\/+/, "")),
  );

  const ports = () => session.watch()?.ports ?? [];
  const isListening = () => ports().some(({ port }) => port === props.port);
  /** The command or terminal whose server was here. */
  const [server, setServer] = createSignal<string>();
  createEffect(() => {
    const call = ports().find(({ port }) => port === props.port)?.call;
    if (call) setServer(call);
  });
  /** How the server ended that was here. */
  const ended = (): string | undefined => {
    const id = server();
    if (id === undefined || isListening() || session.watch() === undefined) return undefined;
    const command = session.watch()?.commands.find((each) => each.call === id && each.endedAt !== null);
    if (!command) return text.stopped(props.port);
    const { code, signal } = command;
    return text.crashed(
      command.command.slice(0, 80),
      signal === null ? text.withCode(code ?? 0) : text.bySignal(signal),
    );
  };
  const lastLines = () => (ended() === undefined ? [] : session.terminals.tailOf(server() ?? ""));

  async function ask(path: string): Promise<string> {
    const body = { scope: "preview" as const, port: props.port, path: `/${path}` };
    return (await call(createSandboxToken, { params: { id: session.projectID }, body })).url;
  }

  /** A new address of the frame, by way of a token that becomes its cookie. */
  async function enter(path: string): Promise<void> {
    reports.begin();
    setFailure(undefined);
    setAddress(path);
    try {
      const entrance = await ask(path);
      setSite({ entrance, origin: new URL(entrance).origin });
      if (frame) frame.src = entrance;
    } catch (error) {
      setFailure(messageOf(error));
    }
  }

  /** Renews the cookie in a frame that shows nothing and runs nothing: the page stays as it is. */
  async function renew(): Promise<void> {
    try {
      setRenewal(await ask("robots.txt"));
    } catch {
      // The next minute tries again.
      renewing = setTimeout(() => void renew(), 60_000);
      return;
    }
    renewing = setTimeout(() => void renew(), renewAfter);
  }
  let renewing = setTimeout(() => void renew(), renewAfter);

  function order(what: PreviewOrder): void {
    const at = site();
    if (what === "reload") reports.forgetProblems();
    if (at && reports.order(what, at.origin)) return;
    if (what === "reload") void enter(address());
  }

  onCleanup(() => clearTimeout(renewing));
  // Another machine has another origin behind the same address.
  createEffect(
    on(
      () => session.sandbox()?.activeAt,
      () => void enter(address()),
    ),
  );
  createEffect(
    on(
      () => props.path,
      (path) => void enter(path.replace(/^\/+/, "")),
      { defer: true },
    ),
  );
  // A server that answers again is shown again.
  createEffect(on(isListening, (is, was) => is && was === false && void enter(address()), { defer: true }));

  return (
    <div class="flex h-full min-h-0 flex-col">
      <PreviewBar
        address={`/${readableAddress(address())}`}
        addressLabel={text.portAddress(props.port)}
        problems={reports.problems().length}
        showsProblems={showsProblems()}
        onOrder={order}
        onGo={(to) => void enter(to)}
        onProblems={() => setShowsProblems((shows) => !shows)}
        before={
          <select
            class="field h-7 w-auto shrink-0 py-0 pr-1 pl-1.5 font-mono text-xs"
            aria-label={text.port}
            value={props.port}
            onChange={(event) => props.onPort(Number(event.currentTarget.value))}
          >
            <For each={[...new Set([props.port, ...ports().map(({ port }) => port)])]}>
              {(port) => (
                <option value={port} selected={port === props.port}>
                  :{port}
                </option>
              )}
            </For>
          </select>
        }
      >
        <span role="group" aria-label={text.width} class="flex max-lg:hidden">
          <For each={["full", "tablet", "phone"] as const}>
            {(each) => (
              <ToolButton label={text.widths[each]} isPressed={width() === each} onClick={() => setWidth(each)}>
                {each === "full" ? (
                  <Monitor size={14} />
                ) : each === "tablet" ? (
                  <Tablet size={14} />
                ) : (
                  <Smartphone size={14} />
                )}
              </ToolButton>
            )}
          </For>
        </span>
        <ToolButton
          label={text.newTab}
          onClick={() => {
            // Opened by the click itself, or the browser blocks it.
            const opened = window.open("about:blank", "_blank");
            void ask(address()).then(
              (url) => {
                if (!opened) return;
                opened.opener = null;
                opened.location.replace(url);
              },
              (error: unknown) => {
                opened?.close();
                setFailure(messageOf(error));
              },
            );
          }}
        >
          <ExternalLink size={14} />
        </ToolButton>
      </PreviewBar>
      <Show when={!isListening() && session.watch() !== undefined}>
        <div
          role="status"
          class="flex shrink-0 flex-col gap-2 border-b border-line px-3 py-1.5 text-sm"
          classList={{ "bg-bad-soft": ended() !== undefined, "bg-warn-soft": ended() === undefined }}
        >
          <div class="flex flex-wrap items-center gap-2">
            <span class="min-w-40 grow">{ended() ?? text.noServer(props.port)}</span>
            <Show when={ended()}>
              {(end) => (
                <button
                  class="button button-small"
                  onClick={() => props.onAsk(text.askServer(props.port, end(), lastLines()))}
                >
                  {text.fix}
                </button>
              )}
            </Show>
            <button class="button button-small" onClick={() => runCommand("terminal-show")}>
              {text.showOutput}
            </button>
            <button class="button button-small" onClick={() => runCommand("run-devCommand")}>
              {text.runDev}
            </button>
          </div>
          <Show when={lastLines().length > 0}>
            <pre class="max-h-32 overflow-auto rounded-sm bg-code px-2 py-1 font-mono text-xs whitespace-pre-wrap">
              {lastLines().join("\n")}
            </pre>
          </Show>
        </div>
      </Show>
      <Show when={failure()}>
        {(message) => (
          <div
            role="alert"
            class="flex shrink-0 items-center gap-2 border-b border-line bg-bad-soft px-3 py-1.5 text-sm"
          >
            <span class="grow">{message()}</span>
            <button class="button button-small" onClick={() => void enter(address())}>
              {sandboxText.retry}
            </button>
          </div>
        )}
      </Show>
      <div
        class="flex min-h-0 grow justify-center"
        classList={{ "bg-panel": width() !== "full", "bg-paper": width() === "full" }}
      >
        <Show when={site()}>
          {(at) => (
            <iframe
              ref={(element) => {
                frame = element;
                element.src = at().entrance;
              }}
              title={text.portFrame(props.port, reports.title())}
              class="h-full border-0"
              classList={{ "border-x border-line": width() !== "full" }}
              // As a browser shows a page that sets no colours.
              style={{
                width: width() === "full" ? "100%" : `${widths[width()]}px`,
                "max-width": "100%",
                background: "white",
              }}
              {...frameAttributes}
            />
          )}
        </Show>
      </div>
      <Show when={renewal()} keyed>
        {(src) => (
          <iframe
            src={src}
            hidden
            title=""
            aria-hidden="true"
            tabindex="-1"
            sandbox="allow-same-origin"
            referrerpolicy="no-referrer"
          />
        )}
      </Show>
      <Show when={showsProblems() && reports.problems().length > 0}>
        <ProblemList
          problems={reports.problems()}
          label={text.sendToChat}
          onAsk={() => props.onAsk(text.askPort(`localhost:${props.port}/${address()}`, reports.problems()))}
          onHide={() => setShowsProblems(false)}
        />
      </Show>
    </div>
  );
}
