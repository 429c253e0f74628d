import { text } from "#text/preview.ts";
import type { PreviewOrder } from "@slipway/contract/preview";
import { getPreview } from "@slipway/contract/routes/preview";
import ExternalLink from "lucide-solid/icons/external-link";
import { createResource, createSignal, onCleanup, onMount, Show } from "solid-js";
import { call, onReachable } from "../api/call.ts";
import { Failure } from "../components/failure.tsx";
import { isDark } from "../components/theme.tsx";
import type { Workspace } from "../stores/workspace.ts";
import { ProblemList } from "./problem-list.tsx";
import { addressOf, fileOf, readableAddress } from "./address.ts";
import { createFrameReports, frameAttributes } from "./frame-reports.ts";
import { PreviewBar } from "./preview-bar.tsx";

/** Milliseconds without a further change before the page loads anew: a run writes several files at once. */
const settleTime = 250;
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
  const [showsProblems, setShowsProblems] = createSignal(false);
  const [loaded, setLoaded] = createSignal(false);
  const reports = createFrameReports(() => frame, setAddress);

  const urlOf = (at: string) => props.site + at;

  function go(to: string): void {
    reports.begin();
    setAddress(to);
    frame.src = urlOf(to);
  }

  function order(what: PreviewOrder): void {
    if (what === "reload") reports.forgetProblems();
    if (reports.order(what, new URL(props.site).origin)) return;
    // Nothing to go back to in the browser's history.
    if (what === "reload" || what === "restyle") frame.contentWindow?.location.replace(urlOf(address()));
  }

  onMount(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let pending = new Set<string>();
    const unsubscribe = props.workspace.files.onChange((changed) => {
      for (const path of changed.keys()) pending.add(path);
      clearTimeout(timer);
      timer = setTimeout(() => {
        const onlyStyles = [...pending].every((path) => path.endsWith(".css"));
        pending = new Set();
        order(onlyStyles ? "restyle" : "reload");
      }, settleTime);
    });
    onCleanup(() => {
      clearTimeout(timer);
      unsubscribe();
    });
  });

  return (
    <div class="flex h-full min-h-0 flex-col">
      <PreviewBar
        address={readableAddress(address())}
        addressLabel={text.address}
        problems={reports.problems().length}
        showsProblems={showsProblems()}
        onOrder={order}
        onGo={go}
        onProblems={() => setShowsProblems((shows) => !shows)}
      >
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
      </PreviewBar>
      <div class="relative min-h-0 grow bg-paper">
        <Show when={!loaded()}>
          <p class="absolute inset-0 p-4 text-sm text-quiet">{text.loading}</p>
        </Show>
        {/* Its own origin keeps the page from ours, and the sandbox from the tab around us. */}
        <iframe
          ref={frame}
          src={urlOf(addressOf(props.path))}
          title={text.frame(reports.title())}
          class="relative h-full w-full border-0"
          // As in a tab of its own: white, or what the page makes of a dark scheme.
          style={{ "color-scheme": isDark() ? "dark" : "light", background: "Canvas" }}
          {...frameAttributes}
          onLoad={() => setLoaded(true)}
        />
      </div>
      <Show when={showsProblems() && reports.problems().length > 0}>
        <ProblemList
          problems={reports.problems()}
          label={text.fix}
          onAsk={() => props.onAsk(text.ask(fileOf(address()) || "index.html", reports.problems()))}
          onHide={() => setShowsProblems(false)}
        />
      </Show>
    </div>
  );
}
