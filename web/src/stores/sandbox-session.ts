import {
  destroySandbox,
  getSandbox,
  launchSandbox,
  openInSandbox,
  sandboxHeartbeat,
  stopSandbox,
} from "@slipway/contract/routes/sandbox";
import { WatchEvent } from "@slipway/contract/sandbox";
import type { Sandbox } from "@slipway/contract/sandbox-state";
import { createEffect, createRoot, createSignal, on } from "solid-js";
import { ApiError, messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { parseJson } from "../api/parsing.ts";
import { createAccess } from "../live/sandbox-access.ts";
import { openSandboxSocket, type SandboxSocket } from "../live/sandbox-socket.ts";
import { toast } from "../components/toasts.tsx";
import { isInUse, isShell } from "./sandbox-use.ts";
import { createTerminals } from "./terminals.ts";
import type { Workspace } from "./workspace.ts";

const pollEvery = 700;
const soon = 100;
const heartbeatEvery = 60_000;

const terminalNames = { devCommand: "dev", testCommand: "test", installCommand: "install" } as const;

/** How it stands: as the server says, and whether it answers this page. */
export type Phase = "unknown" | "stopped" | "failed" | "creating" | "active" | "lost" | "stopping";

/** The person's sandbox while this page uses it: its launch, its heartbeat, and what it tells of the project. */
export function createSandboxSession(workspace: Workspace) {
  const { projectID } = workspace;
  const [sandbox, setSandbox] = createSignal<Sandbox>();
  const [watch, setWatch] = createSignal<WatchEvent>();
  const [isConnected, setConnected] = createSignal(false);
  const [isLaunching, setLaunching] = createSignal(false);
  const [error, setError] = createSignal<string>();
  const access = createAccess(projectID);
  const terminals = createTerminals(projectID);
  let socket: SandboxSocket | undefined;
  let launching: Promise<void> | undefined;
  let polling: ReturnType<typeof setTimeout> | undefined;
  let firstPorts: ReadonlySet<number> | undefined;
  let isDisposed = false;

  const isHere = () => sandbox()?.state === "active" && (sandbox()?.openProjects.includes(projectID) ?? false);

  function phase(): Phase {
    const state = sandbox()?.state;
    if (isLaunching() || state === "creating") return "creating";
    if (error() !== undefined || failedStep() !== undefined) return "failed";
    if (state === undefined) return "unknown";
    if (state !== "active") return state;
    if (!isHere()) return "stopped";
    return isConnected() ? "active" : "lost";
  }
  function failedStep(): string | undefined {
    return isHere() ? undefined : sandbox()?.steps.at(-1)?.error;
  }

  /** The server has told how it stands. */
  function take(next: Sandbox): void {
    if (isDisposed) return;
    const before = sandbox();
    setSandbox(next);
    if (before?.activeAt !== next.activeAt) access.forget();
    if (isHere()) {
      setError(undefined);
      connect();
    } else disconnect();
    clearTimeout(polling);
    const isUnderWay = next.state === "creating" || next.state === "stopping";
    if (isUnderWay && launching === undefined) polling = setTimeout(() => void look(), pollEvery);
  }

  async function look(): Promise<void> {
    try {
      take(await call(getSandbox));
    } catch {
      clearTimeout(polling);
      if (!isDisposed) polling = setTimeout(() => void look(), pollEvery * 4);
    }
  }

  function connect(): void {
    socket ??= openSandboxSocket(access, (base) => new URL("watch", base).href, {
      onState: (state) => setConnected(state === "open"),
      onText(text) {
        const { data } = WatchEvent.safeParse(parseJson(text));
        if (!data) return;
        // First: once the state is known, a panel without terminals opens one.
        terminals.include(data.terminals.map(({ id }) => id));
        firstPorts ??= new Set(data.ports.map(({ port }) => port));
        setWatch(data);
      },
      onFailure: () => void doubt(),
    });
  }

  function disconnect(): void {
    socket?.close();
    socket = undefined;
    setConnected(false);
  }

  /** It does not answer: the server looks whether it is there, and says why if it has stopped. */
  async function doubt(): Promise<void> {
    try {
      take(await call(getSandbox));
    } catch {
      // The next failure asks again.
    }
  }

  function launch(): Promise<void> {
    launching ??= runLaunch().finally(() => {
      launching = undefined;
      setLaunching(false);
    });
    return launching;
  }

  async function runLaunch(): Promise<void> {
    setLaunching(true);
    setError(undefined);
    try {
      while (!isDisposed) {
        const answer = await call(launchSandbox, { body: { projectId: projectID } });
        take(answer);
        if (isHere()) return;
        if (answer.state !== "creating" && answer.steps.at(-1)?.error !== undefined) return;
        while (!isDisposed && sandbox()?.state === "creating") {
          await sleep(pollEvery);
          take(await call(getSandbox));
        }
        if (sandbox()?.state === "stopped") return;
        // Active: the next launch opens the project. Stopping: it begins anew once that is done.
        await sleep(sandbox()?.state === "stopping" ? pollEvery : soon);
      }
    } catch (failure) {
      setError(messageOf(failure));
    }
  }

  async function end(route: typeof stopSandbox | typeof destroySandbox): Promise<void> {
    try {
      take(await call(route));
      setWatch(undefined);
      // Its snapshot may be large.
      while (!isDisposed && sandbox()?.state === "stopping") {
        await sleep(pollEvery);
        take(await call(getSandbox));
      }
    } catch (failure) {
      setError(messageOf(failure));
    }
  }

  async function beat(): Promise<void> {
    if (!isHere() || !isInUse(document.visibilityState === "visible", watch())) return;
    try {
      take(await call(sandboxHeartbeat, { body: { projectId: projectID } }));
    } catch (failure) {
      // Offline, it is sent again in a minute. Otherwise the sandbox may be gone.
      if (failure instanceof ApiError && failure.status !== 0) await look();
    }
  }

  const beating = setInterval(() => void beat(), heartbeatEvery);
  document.addEventListener("visibilitychange", onVisible);
  function onVisible(): void {
    if (document.visibilityState === "visible") void beat();
  }
  const forgetRevisions = workspace.files.onRevision((rev) => {
    socket?.send({ type: "changed", rev });
  });
  // A machine that ended takes with it what it told.
  const forgetEffects = createRoot((dispose) => {
    createEffect(
      on(isHere, (here) => {
        if (!here) setWatch(undefined);
      }),
    );
    return dispose;
  });
  void look();

  return {
    projectID,
    sandbox,
    watch,
    phase,
    /** Ports on which servers ran already when this page came. */
    firstPorts: () => firstPorts ?? new Set<number>(),
    /** Why it could not be launched or stopped. */
    error: () => error() ?? failedStep(),
    access,
    terminals,
    isReady: isHere,
    take,
    launch,
    /** Types a command of the project into its terminal, unless something runs there. Undefined if there are too many. */
    run(name: keyof typeof terminalNames, line: string): string | undefined {
      const programOf = (id: string) => watch()?.terminals.find((each) => each.id === id)?.title ?? "sh";
      return terminals.run(terminalNames[name], line, (id) => isShell(programOf(id)));
    },
    /** Tries again what sync could not do. How it goes arrives with the watched state. */
    async retrySync(): Promise<void> {
      try {
        await call(openInSandbox, { params: { id: projectID } });
      } catch (failure) {
        toast(messageOf(failure));
      }
    },
    stop: () => end(stopSandbox),
    destroy: () => end(destroySandbox),
    async restart(): Promise<void> {
      await end(stopSandbox);
      await launch();
    },
    dispose(): void {
      isDisposed = true;
      clearTimeout(polling);
      clearInterval(beating);
      document.removeEventListener("visibilitychange", onVisible);
      forgetRevisions();
      forgetEffects();
      disconnect();
    },
  };
}
export type SandboxSession = ReturnType<typeof createSandboxSession>;

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
