import { VisibleError } from "@slipway/contract/error";
import * as FileStore from "@slipway/core/file/system";
import * as Run from "@slipway/core/run/system";
import * as Sandbox from "@slipway/core/sandbox";
import * as Sandboxes from "@slipway/core/sandbox/system";
import { SandboxError } from "@slipway/sandbox/sandbox-error";
import type { SandboxSession } from "@slipway/sandbox/session";

/** The sandbox of a run: where its commands run. */
export interface Hands {
  /** Starts it if need be. Undefined while it starts: ask again. @throws VisibleError when it cannot be had */
  take(signal: AbortSignal): Promise<SandboxSession | undefined>;
  /** Without starting it. */
  running(): Promise<SandboxSession | undefined>;
  /** Whether it has ended, after it did not answer. */
  isGone(): Promise<boolean>;
  /** What it writes from now on is the run's, or is not. */
  attribute(isOwn: boolean): Promise<void>;
  /** The revision that a command must see. */
  revision(): Promise<number>;
  /** Whether the run has ended, so that nothing of it may continue. */
  hasEnded(): Promise<boolean>;
  /** Of this run, the name of a call's command. */
  nameOf(callID: string): string;
}

export function handsOf({ runID, userID, projectID }: Pick<Run.RunRecord, "runID" | "userID" | "projectID">): Hands {
  const actor = { userID };
  return {
    async take(signal) {
      const { state, steps, stoppedReason, openProjects } = await Sandbox.launch(actor, projectID);
      if (state === "creating" || state === "stopping") return undefined;
      const isOpen = state === "active" && openProjects.includes(projectID);
      if (isOpen) return Sandbox.session(actor, projectID, signal);
      const reason = steps.at(-1)?.error ?? stoppedReason;
      if (state === "active" && reason === undefined) return undefined;
      throw new VisibleError("unavailable", `The sandbox is not available. ${reason ?? "It could not be started."}`);
    },
    running: () => Sandboxes.runningSession(userID, projectID),
    async isGone() {
      try {
        // Its control plane looks whether the task still runs.
        await Sandbox.open(actor, projectID);
        return false;
      } catch (error) {
        if (error instanceof VisibleError) return (await Sandbox.current(actor)).state !== "active";
        if (error instanceof SandboxError) return false;
        throw error;
      }
    },
    attribute: (isOwn) => (isOwn ? Sandboxes.attribute : Sandboxes.release)(userID, projectID, runID),
    revision: async () => (await FileStore.head(projectID)).rev,
    hasEnded: async () => !["running", "waiting"].includes((await Run.status(runID)) ?? ""),
    nameOf: (callID) => Run.commandName(runID, callID),
  };
}
