import { createMemo, createSignal, onCleanup } from "solid-js";
import { text as loading } from "#text/loading.ts";
import { loadCode } from "../api/code.ts";
import { readText, writeText } from "../api/browser-store.ts";
import { toastError } from "../components/toasts.tsx";
import { tellRunningCommands } from "./running-commands.ts";
import type { SandboxSession } from "./sandbox-session.ts";
import type { Workspace } from "./workspace.ts";

/**
 * The way to the person's sandbox. Its code loads, and its first request is made, when it is first used: by the person here,
 * by an agent's run, or in an earlier visit to this page.
 */
export function createSandbox(workspace: Workspace) {
  const [session, setSession] = createSignal<SandboxSession>();
  const usedKey = `sandbox ${workspace.projectID}`;
  let loadingSession: Promise<SandboxSession> | undefined;
  let isDisposed = false;

  /** @throws NotLoaded */
  function use(): Promise<SandboxSession> {
    loadingSession ??= loadCode(loading.sandbox, () => import("./sandbox-session.ts")).then(
      ({ createSandboxSession }) => {
        const created = createSandboxSession(workspace);
        writeText(usedKey, "yes", "session");
        setSession(created);
        if (isDisposed) created.dispose();
        return created;
      },
      (error: unknown) => {
        loadingSession = undefined;
        throw error;
      },
    );
    return loadingSession;
  }

  const forget = workspace.onSandbox((sandbox) => {
    const isHere = sandbox.openProjects.includes(workspace.projectID);
    if (session() === undefined && (sandbox.state === "creating" || isHere)) void use().catch(() => undefined);
    session()?.take(sandbox);
  });
  onCleanup(() => {
    isDisposed = true;
    forget();
    session()?.dispose();
  });

  const running = createMemo(() => {
    const of = session();
    const phase = of?.phase();
    if (phase === "stopped" || phase === "stopping" || phase === "failed") return new Set<string>();
    const commands = phase === "active" ? of?.watch()?.commands : undefined;
    return commands && new Set(commands.filter(({ alive }) => alive > 0).map(({ call }) => call));
  });
  tellRunningCommands(running);

  return {
    /** Undefined before its first use. */
    session,
    use,
    /** Starts it, and opens the project in it. What fails is said by the session. */
    async launch(): Promise<void> {
      try {
        await (await use()).launch();
      } catch (error) {
        toastError(error);
      }
    },
    /** When the page opens. */
    begin(): void {
      const isPrestarted = workspace.project().settings.sandboxPrestart && workspace.project().role !== "viewer";
      if (isPrestarted) void this.launch();
      else if (readText(usedKey, "session") !== undefined) void use().catch(() => undefined);
    },
  };
}
export type SandboxStore = ReturnType<typeof createSandbox>;
