import { z } from "zod";
import { ProjectID, SandboxID, Time } from "./id.ts";

/** A person's sandbox, as the control plane knows it. What happens inside, the runner says itself (`sandbox.ts`). */

/**
 * A sandbox stops this long after it was last used: by a page that is looked at, or that is open while something runs in it; by
 * a command, typing in a terminal, or a request to a preview. The control plane decides it.
 */
export const idleTime = 30 * 60_000;

export const SandboxState = z.enum(["stopped", "creating", "active", "stopping"]);
export type SandboxState = z.infer<typeof SandboxState>;

/**
 * What a launch does, in this order: `start` takes a machine (a warm one, or a new one), `connect` waits until its runner
 * answers and binds it, `open` brings a project's files into it.
 */
export const LaunchStepName = z.enum(["start", "connect", "open"]);
export type LaunchStepName = z.infer<typeof LaunchStepName>;

export const LaunchStep = z.object({
  name: LaunchStepName,
  startedAt: Time,
  endedAt: Time.optional(),
  note: z.string().max(2000).optional().meta({ description: "Why it takes longer, for people." }),
  error: z.string().max(2000).optional().meta({ description: "Why it failed. Launching again retries it." }),
});
export type LaunchStep = z.infer<typeof LaunchStep>;

export const Sandbox = z
  .object({
    id: SandboxID,
    state: SandboxState,
    path: z.enum(["instant", "claim", "cold"]).optional().meta({ description: "How the last launch got its machine." }),
    steps: z
      .array(LaunchStep)
      .max(10)
      .meta({ description: "Of the last launch; the last one is in progress or failed." }),
    launchedAt: Time.optional(),
    activeAt: Time.optional(),
    stopsAt: Time.optional().meta({ description: "When it stops if it is not used before." }),
    endsAt: Time.optional().meta({ description: "When it stops in any case. Launching again brings everything back." }),
    stoppedReason: z.string().max(2000).optional().meta({ description: "Why it has stopped, for people." }),
    openProjects: z.array(ProjectID).max(200),
  })
  .meta({ id: "Sandbox" });
export type Sandbox = z.infer<typeof Sandbox>;

/** By what a page reaches a project in the sandbox. */
export const SandboxAccess = z.object({
  url: z.url().meta({
    description:
      "For `watch` and `terminal` a WebSocket: offer the subprotocols `slipway.sandbox.1` and `slipway.token.<token>`. For `preview` the address to open, which becomes a cookie.",
  }),
  token: z.string(),
  expiresAt: Time,
});
export type SandboxAccess = z.infer<typeof SandboxAccess>;
