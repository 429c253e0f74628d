import type { ListeningPort } from "@slipway/contract/sandbox";
import { createEffect, on } from "solid-js";
import { text } from "#text/sandbox.ts";
import { offer, toast } from "../components/toasts.tsx";
import type { SandboxSession } from "../stores/sandbox-session.ts";

/** Tells of servers that begin to listen while the page is open, and of what was done to the sandbox from outside. */
export function announce(
  session: SandboxSession,
  options: { isShown(port: number): boolean; onPreview(port: number): void },
): void {
  let known: ReadonlySet<number> | undefined;
  let lastNotice = Date.now();
  const dismissals = new Map<number, () => void>();
  createEffect(
    on(session.watch, (state) => {
      if (state === undefined) return;
      const before = known ?? session.firstPorts();
      known = new Set(state.ports.map(({ port }: ListeningPort) => port));
      for (const port of known) {
        if (before.has(port) || options.isShown(port)) continue;
        const run = () => options.onPreview(port);
        dismissals.set(port, offer(text.portFound(port), { label: text.openPreview, run }));
      }
      for (const [port, dismiss] of dismissals) {
        if (known.has(port)) continue;
        dismiss();
        dismissals.delete(port);
      }
      for (const { at, message } of state.notices) if (at > lastNotice) toast(message);
      lastNotice = Math.max(lastNotice, ...state.notices.map(({ at }) => at));
    }),
  );
}
