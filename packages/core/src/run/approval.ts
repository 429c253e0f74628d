import { createHash } from "node:crypto";
import { VisibleError } from "@slipway/contract/error";
import type { Approval, ApprovalScope } from "@slipway/contract/run";
import { now } from "../clock/clock.ts";
import { create as createID } from "../id/id.ts";
import { authorise, type Actor } from "../member/member.ts";
import { putItem, transact, updateItem, type WriteItem } from "../table/table.ts";
import * as Execution from "./execution.ts";
import { find, findFor, isOpen } from "./record.ts";
import { ApprovalEntity, GrantEntity, RunEntity } from "./run.entity.ts";

/** The gate's memory: what was asked, what was answered, and which answers last. */

export function callHash(callID: string, input: unknown): string {
  return createHash("sha256")
    .update(`${callID}\n${JSON.stringify(input)}`)
    .digest("base64url");
}

export function newApproval(request: { runID: string; callID: string; tool: string; reason: string; input: unknown }): {
  approval: Approval;
  item: WriteItem;
} {
  const approvalID = createID("approval");
  const createdAt = now();
  const { runID, callID, tool, reason, input } = request;
  const row = { runID, approvalID, callID, tool, reason, input, hash: callHash(callID, input), createdAt };
  return { approval: serialize(row), item: putItem(ApprovalEntity.create(row)) };
}

/** Every question of a run. */
export async function approvals(runID: string): Promise<(Approval & { hash: string })[]> {
  const { data } = await ApprovalEntity.query.byRun({ runID }).go({ pages: "all", consistent: true });
  return data.map((row) => ({ ...serialize({ ...row, input: row.input as unknown }), hash: row.hash }));
}

/** What nobody answered in time counts as no. */
export function expireItem(runID: string, approvalID: string): WriteItem {
  return updateItem(
    ApprovalEntity.patch({ runID, approvalID })
      .set({ answer: "expired" })
      .where((attribute, operation) => operation.notExists(attribute.answer)),
  );
}

/** Answers a question, once. @throws VisibleError not_found, run_ended, approval_answered */
export async function answerApproval(
  actor: Actor,
  runID: string,
  approvalID: string,
  answer: { answer: "allow" | "deny"; scope: ApprovalScope },
): Promise<Approval> {
  const run = await findFor(actor, runID, "run");
  const { data: asked } = await ApprovalEntity.get({ runID, approvalID }).go({ consistent: true });
  if (!asked) throw new VisibleError("not_found", "There is no such question.");
  if (!isOpen(run)) throw new VisibleError("run_ended", "The run has ended; nothing waits for this answer any more.");
  const grant =
    answer.scope === "once"
      ? []
      : [
          putItem(
            GrantEntity.create({
              projectID: run.projectID,
              grantID: createID("grant"),
              tool: asked.tool,
              answer: answer.answer,
              by: actor.userID,
              createdAt: now(),
              ...(answer.scope === "conversation" ? { conversationID: run.conversationID } : {}),
            }),
          ),
        ];
  const written = await transact([
    updateItem(
      ApprovalEntity.patch({ runID, approvalID })
        .set({ answer: answer.answer, by: actor.userID })
        .where((attribute, operation) => operation.notExists(attribute.answer)),
    ),
    ...grant,
  ]);
  if (!written.ok) throw new VisibleError("approval_answered", "This has been answered already.");
  await resumeIfAnswered(runID);
  return { ...serialize({ ...asked, input: asked.input as unknown }), answer: answer.answer };
}

/**
 * (internal) Keeps the workflow's token. Whoever comes second, the token or the last answer, lets the run go on: each
 * writes first and looks then.
 */
export async function keepToken(runID: string, token: string): Promise<void> {
  const written = await transact([
    updateItem(
      RunEntity.patch({ runID })
        .set({ token, touchedAt: now(), state: "open" })
        .where((attribute, operation) => operation.eq(attribute.status, "waiting")),
    ),
  ]);
  if (!written.ok) return Execution.resume(token);
  await resumeIfAnswered(runID);
}

async function resumeIfAnswered(runID: string): Promise<void> {
  const [run, asked] = await Promise.all([find(runID), approvals(runID)]);
  if (run?.token && asked.every((approval) => approval.answer !== undefined)) await Execution.resume(run.token);
}

export interface Grant {
  id: string;
  tool: string;
  answer: "allow" | "deny";
  conversationId?: string;
  createdAt: number;
}

/** (internal) The lasting answers that hold in a conversation. */
export async function grantsIn(projectID: string, conversationID: string): Promise<Grant[]> {
  const grants = await readGrants(projectID);
  return grants.filter((grant) => grant.conversationId === undefined || grant.conversationId === conversationID);
}

export async function listGrants(actor: Actor, projectID: string): Promise<Grant[]> {
  await authorise(actor, "read", projectID);
  return readGrants(projectID);
}

export async function revokeGrant(actor: Actor, projectID: string, grantID: string): Promise<void> {
  await authorise(actor, "run", projectID);
  await GrantEntity.delete({ projectID, grantID }).go();
}

async function readGrants(projectID: string): Promise<Grant[]> {
  const { data } = await GrantEntity.query.byProject({ projectID }).go({ pages: "all", consistent: true });
  return data.map(({ grantID, tool, answer, conversationID, createdAt }) => ({
    id: grantID,
    tool,
    answer,
    createdAt,
    ...(conversationID ? { conversationId: conversationID } : {}),
  }));
}

interface Row {
  runID: string;
  approvalID: string;
  callID: string;
  tool: string;
  reason: string;
  input?: unknown;
  answer?: "allow" | "deny" | "expired" | undefined;
  createdAt: number;
}

function serialize(row: Row): Approval {
  return {
    id: row.approvalID,
    runId: row.runID,
    toolCallId: row.callID,
    tool: row.tool,
    reason: row.reason,
    input: row.input,
    createdAt: row.createdAt,
    ...(row.answer ? { answer: row.answer } : {}),
  };
}
