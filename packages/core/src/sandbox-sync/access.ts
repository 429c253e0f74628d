import { VisibleError } from "@slipway/contract/error";
import type { Guard } from "../file/system.ts";
import type { Writer } from "../file/writer.ts";
import { authorise, type Actor } from "../member/member.ts";
import * as Run from "../run/system.ts";
import * as Sandboxes from "../sandbox/system.ts";

/** What a runner's token permits: one project, for the person whose sandbox it is, under one launch. */
export interface Access {
  actor: Actor;
  projectID: string;
  sandboxID: string;
  writer: Writer;
  /** Refuses a commit once another launch has begun. */
  guard: Guard;
}

/** @throws VisibleError not_signed_in for a token that is not valid; not_found once the person is no member */
export async function open(token: string | undefined, projectID: string): Promise<Access> {
  const granted = token === undefined ? undefined : await Sandboxes.syncAccess(token, projectID);
  if (granted === undefined) throw new VisibleError("not_signed_in", "The token of this sandbox is not valid here.");
  const { sandboxID, userID, runID, guard } = granted;
  const actor: Actor = { userID };
  await authorise(actor, "write", projectID);
  // What a command changes belongs to its run, so that it is reviewed and reverted with it.
  const isRun = runID !== undefined && (await Run.status(runID)) === "running";
  const writer: Writer = isRun ? { kind: "run", id: runID } : { kind: "sync", id: sandboxID };
  return { actor, projectID, sandboxID, writer, guard };
}
