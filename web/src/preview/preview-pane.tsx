import { text } from "#text/preview.ts";
import { PreviewReport, type PreviewOrder } from "@slipway/contract/preview";
import { getPreview } from "@slipway/contract/routes/preview";
import ArrowLeft from "lucide-solid/icons/arrow-left";
import ArrowRight from "lucide-solid/icons/arrow-right";
import ExternalLink from "lucide-solid/icons/external-link";
import RotateCw from "lucide-solid/icons/rotate-cw";
import TriangleAlert from "lucide-solid/icons/triangle-alert";
import { createResource, createSignal, onCleanup, onMount, Show } from "solid-js";
import { call, onReachable } from "../api/call.ts";
import { Failure } from "../components/failure.tsx";
import { isDark } from "../components/theme.tsx";
import type { Workspace } from "../stores/workspace.ts";
import { ProblemList } from "./problem-list.tsx";
import { ToolButton } from "./tool-button.tsx";
import { addressOf, addressTyped, fileOf, readableAddress } from "./address.ts";

/** Milliseconds without a further change before the page loads anew: a run writes several files at once. */
const settleTime = 250;
/** Problems that are kept of a page. */
const maxProblems = 20;

/** A page of the project, served from an origin of its own and kept current. What the page says is only ever shown. */
export default function PreviewPane(props: { workspace: Workspace; path: string; onAsk(message: string): void }) {
  const [address, { refetch }] = createResource(
    () => props.workspace.projectID,
    async (id) => (await call(getPreview, { params: { id } })).url,
  );
  onCleanup(onReachable(() => address.error && void refetch()));
  return (
    <Show
      when={!address.error}
      fallback={<Failure what={text.unavailable} error={address.error} retry={() => void refetch()} />}
    >
      <Show when={address()} fallback={<p class="p-4 text-sm text-quiet">{text.loading}</p>}>
        {(site) => <Site {...props} site={site()} />}
      </Show>
    </Show>
  );
}

function Site(props: { workspace: Workspace; path: string; site: string; onAsk(message: string): void }) {
  let frame!: HTMLIFrameElement;
  /** Of the shown page, encoded. */
  const [address, setAddress] = createSignal(addressOf(props.path));
  const [title, setTitle] = createSignal("");
  const [problems, setProblems] = createSignal<readonly string[]>([]);
  const [showsProblems, setShowsProblems] = createSignal(false);
  const [loaded, setLoaded] = createSignal(false);
  /** Whether the page runs our script. An image or a plain text does not. */
  let reports = false;

  const urlOf = (at: string) => props.site + at;

  function go(to: string): void {
    reports = false;
    setProblems([]);
    setAddress(to);
    frame.src = urlOf(to);
  }

  function order(what: PreviewOrder): void {
    if (reports) frame.contentWindow?.postMessage(what, new URL(props.site).origin);
    // Nothing to go back to in the browser's history.
    else if (what === "reload" || what === "restyle") frame.contentWindow?.location.replace(urlOf(address()));
  }

  function reload(): void {
    setProblems([]);
    order("reload");
  }

  function hear(event: MessageEvent<unknown>): void {
    if (event.source !== frame.contentWindow) return;
    const { data: report } = PreviewReport.safeParse(event.data);
    if (!report) return;
    reports = true;
    if (report.type === "location") {
      setAddress(report.path);
      setTitle(report.title);
    } else setProblems((all) => (all.includes(report.text) ? all : [...all, report.text].slice(-maxProblems)));
  }

  onMount(() => {
    addEventListener("message", hear);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let pending = new Set<string>();
    const unsubscribe = props.workspace.files.onChange((changed) => {
      for (const path of changed.keys()) pending.add(path);
      clearTimeout(timer);
      timer = setTimeout(() => {
        const onlyStyles = [...pending].every((path) => path.endsWith(".css"));
        pending = new Set();
        if (onlyStyles) order("restyle");
        else reload();
      }, settleTime);
    });
    onCleanup(() => {
      removeEventListener("message", hear);
      clearTimeout(timer);
      unsubscribe();
    });
  });

  return (
    <div class="flex h-full min-h-0 flex-col">
      <div
        role="toolbar"
        aria-label={text.toolbar}
        class="flex h-9 shrink-0 items-center gap-1 border-b border-line px-1.5"
      >
        <ToolButton label={text.back} onClick={() => order("back")}>
          <ArrowLeft size={15} />
        </ToolButton>
        <ToolButton label={text.forward} onClick={() => order("forward")}>
          <ArrowRight size={15} />
        </ToolButton>
        <ToolButton label={text.reload} onClick={reload}>
          <RotateCw size={14} />
        </ToolButton>
        <form
          class="min-w-0 grow"
          onSubmit={(event) => {
            event.preventDefault();
            const path = new FormData(event.currentTarget).get("path");
            if (typeof path === "string") go(addressTyped(path));
          }}
        >
          <input
            name="path"
            class="field h-7 w-full px-2 py-0 font-mono text-xs"
            aria-label={text.address}
            value={readableAddress(address())}
            spellcheck={false}
            autocomplete="off"
          />
        </form>
        <Show when={problems().length > 0}>
          <button
            class="button button-small shrink-0 text-warn"
            aria-expanded={showsProblems()}
            onClick={() => setShowsProblems((shows) => !shows)}
          >
            <TriangleAlert size={13} /> {text.problems(problems().length)}
          </button>
        </Show>
        <a
          class="icon-button"
          href={urlOf(address())}
          target="_blank"
          rel="noopener noreferrer"
          aria-label={text.newTab}
          title={text.newTab}
        >
          <ExternalLink size={14} />
        </a>
      </div>
      <div class="relative min-h-0 grow bg-paper">
        <Show when={!loaded()}>
          <p class="absolute inset-0 p-4 text-sm text-quiet">{text.loading}</p>
        </Show>
        {/* Its own origin keeps the page from ours, and the sandbox from the tab around us. */}
        <iframe
          ref={frame}
          src={urlOf(addressOf(props.path))}
          title={text.frame(title())}
          class="relative h-full w-full border-0"
          // As in a tab of its own: white, or what the page makes of a dark scheme.
          style={{ "color-scheme": isDark() ? "dark" : "light", background: "Canvas" }}
          sandbox="allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-downloads allow-pointer-lock"
          allow="fullscreen; autoplay; clipboard-write"
          referrerpolicy="no-referrer"
          onLoad={() => setLoaded(true)}
        />
      </div>
      <Show when={showsProblems() && problems().length > 0}>
        <ProblemList
          problems={problems()}
          label={text.fix}
          onAsk={() => props.onAsk(text.ask(fileOf(address()) || "index.html", problems()))}
          onHide={() => setShowsProblems(false)}
        />
      </Show>
    </div>
  );
}
