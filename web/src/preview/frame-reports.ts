import { PreviewReport, type PreviewOrder } from "@slipway/contract/preview";
import { createSignal, onCleanup, onMount } from "solid-js";

/** Problems that are kept of a page. */
const maxProblems = 20;

/** What the page in a frame says of itself, and what it is told. It may be anyone's page: what it says is only ever shown. */
export function createFrameReports(frame: () => HTMLIFrameElement | undefined, onAddress: (path: string) => void) {
  const [title, setTitle] = createSignal("");
  const [problems, setProblems] = createSignal<readonly string[]>([]);
  /** Whether the page runs our script. An image or a plain text does not. */
  let reports = false;

  function hear(event: MessageEvent<unknown>): void {
    if (event.source !== frame()?.contentWindow) return;
    const { data: report } = PreviewReport.safeParse(event.data);
    if (!report) return;
    reports = true;
    if (report.type === "location") {
      onAddress(report.path);
      setTitle(report.title);
    } else setProblems((all) => (all.includes(report.text) ? all : [...all, report.text].slice(-maxProblems)));
  }
  onMount(() => addEventListener("message", hear));
  onCleanup(() => removeEventListener("message", hear));

  return {
    title,
    problems,
    forgetProblems: () => setProblems([]),
    /** Another page is loaded. */
    begin(): void {
      reports = false;
      setProblems([]);
    },
    /** False if the page takes no orders. */
    order(what: PreviewOrder, origin: string): boolean {
      if (reports) frame()?.contentWindow?.postMessage(what, origin);
      return reports;
    },
  };
}

/** What a previewed page may do: run, on an origin of its own, and nothing to the tab around it. */
export const frameAttributes = {
  sandbox: "allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-downloads allow-pointer-lock",
  allow: "fullscreen; autoplay; clipboard-write",
  referrerpolicy: "no-referrer",
} as const;
