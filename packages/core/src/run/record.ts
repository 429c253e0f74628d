import { VisibleError } from "@slipway/contract/error";
import type { Effort } from "@slipway/contract/model";
import type { ContextSize, Run, TokenCounts } from "@slipway/contract/run";
import { authorise, type Action, type Actor } from "../member/member.ts";
import * as Connections from "../connection/system.ts";
import { RunEntity } from "./run.entity.ts";

/** A run as it is stored. */
export interface RunRecord {
  runID: string;
  projectID: string;
  conversationID: string;
  userMessageID: string;
  messageID: string;
  userID: string;
  status: Run["status"];
  model: string;
  effort?: Effort | undefined;
  epoch: number;
  seq: number;
  step: number;
  attempt: number;
  cost: number;
  modelFailures?: number | undefined;
  modelFailingSince?: number | undefined;
  badAnswers?: number | undefined;
  openingHash?: string | undefined;
  openingStep?: number | undefined;
  compactions?: number | undefined;
  contextTokens?: number | undefined;
  contextLength?: number | undefined;
  tokens?: TokenCounts | undefined;
  context?: ContextSize | undefined;
  overflows?: number | undefined;
  sightless?: boolean | undefined;
  steers?: number | undefined;
  chargedMonth?: string | undefined;
  startRev?: number | undefined;
  endRev?: number | undefined;
  token?: string | undefined;
  errorCode?: string | undefined;
  errorMessage?: string | undefined;
  createdAt: number;
  endedAt?: number | undefined;
  touchedAt: number;
}

const openStatuses: readonly Run["status"][] = ["queued", "running", "waiting"];

export function isOpen(run: { status: Run["status"] }): boolean {
  return openStatuses.includes(run.status);
}

export async function find(runID: string): Promise<RunRecord | undefined> {
  const { data } = await RunEntity.get({ runID }).go({ consistent: true });
  return data ?? undefined;
}

/** @throws VisibleError not_found */
export async function findFor(actor: Actor, runID: string, action: Action): Promise<RunRecord> {
  const run = await find(runID);
  const missing = new VisibleError("not_found", "Run not found.");
  if (!run) throw missing;
  try {
    await authorise(actor, action, run.projectID);
  } catch (error) {
    if (error instanceof VisibleError && error.code === "not_found") throw missing;
    throw error;
  }
  return run;
}

export async function announce(run: RunRecord): Promise<void> {
  await Connections.broadcast(run.projectID, { type: "run", projectId: run.projectID, run: serialize(run) });
}

export function serialize(run: RunRecord): Run {
  return {
    id: run.runID,
    projectId: run.projectID,
    conversationId: run.conversationID,
    messageId: run.messageID,
    status: run.status,
    model: run.model,
    ...(run.effort ? { effort: run.effort } : {}),
    createdAt: run.createdAt,
    cost: run.cost,
    ...(run.startRev === undefined ? {} : { startRev: run.startRev }),
    ...(run.endRev === undefined ? {} : { endRev: run.endRev }),
    ...(run.endedAt === undefined ? {} : { endedAt: run.endedAt }),
    ...(run.errorCode ? { error: { code: run.errorCode, message: run.errorMessage ?? "" } } : {}),
  };
}
