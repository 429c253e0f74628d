import { createHash } from "node:crypto";
import { VisibleError } from "@slipway/contract/error";
import { Approval, type ApprovalScope, type PendingApproval } from "@slipway/contract/approval";
import { now } from "../clock/clock.ts";
import * as Connections from "../connection/system.ts";
import { create as createID } from "../id/id.ts";
import { authorise, type Actor } from "../member/member.ts";
import * as ProjectStore from "../project/system.ts";
import { deleteItem, putItem, transact, updateItem, type WriteItem } from "../table/table.ts";
import * as Execution from "../execution/execution.ts";
import { preview } from "./preview.ts";
import { find, findFor, isOpen, type RunRecord } from "./record.ts";
import { ApprovalEntity, RuleEntity, InboxEntity, RunEntity } from "./run.entity.ts";

/** Approvals: what a run asked, what was answered, and the standing rules that some answers make. */

export function callHash(callID: string, input: unknown): string {
  return createHash("sha256")
    .update(`${callID}\n${JSON.stringify(input)}`)
    .digest("base64url");
}

export function newApproval(
  run: RunRecord,
  request: { callID: string; tool: string; title: string; reason: string; input: unknown; patterns?: string[] },
): {
  approval: Approval;
  items: WriteItem[];
} {
  const approvalID = createID("approval");
  const createdAt = now();
  const { runID, userID, projectID, conversationID } = run;
  const { input, ...asked } = request;
  const hash = callHash(asked.callID, input);
  const row = { runID, approvalID, ...asked, input: preview(input), hash, createdAt };
  const approval = serialize(row);
  return {
    approval,
    items: [
      putItem(ApprovalEntity.create(row)),
      putItem(InboxEntity.create({ userID, approvalID, runID, projectID, conversationID, approval })),
    ],
  };
}

/** Every pending question of a person, oldest first. One query, and one read for the projects' names. */
export async function inbox(actor: Actor): Promise<PendingApproval[]> {
  const { data } = await InboxEntity.query.byUser({ userID: actor.userID }).go({ pages: "all", consistent: true });
  const names = await ProjectStore.namesOf(data.map(({ projectID }) => projectID));
  return data.map(({ approval, projectID, conversationID }) => ({
    ...Approval.parse(approval),
    projectId: projectID,
    projectName: names.get(projectID) ?? "",
    conversationId: conversationID,
  }));
}

/** Tells the person's pages that their pending questions changed. */
export async function announceInbox(userID: string): Promise<void> {
  await Connections.notify(userID, { type: "inbox" });
}

/** Removes the questions of an ended run from the inbox. */
export async function clearInbox(run: RunRecord): Promise<void> {
  const asked = await approvals(run.runID);
  await Promise.all(asked.map(({ id }) => InboxEntity.delete({ userID: run.userID, approvalID: id }).go()));
  if (asked.length > 0) await announceInbox(run.userID);
}

/** Every question of a run. */
export async function approvals(runID: string): Promise<(Approval & { hash: string })[]> {
  const { data } = await ApprovalEntity.query.byRun({ runID }).go({ pages: "all", consistent: true });
  return data.map((row) => ({ ...serialize({ ...row, input: row.input as unknown }), hash: row.hash }));
}

/** A question without an answer in time counts as denied. */
export function expireItems({ runID, userID }: RunRecord, approvalID: string): WriteItem[] {
  return [
    updateItem(
      ApprovalEntity.patch({ runID, approvalID })
        .set({ answer: "expired" })
        .where((attribute, operation) => operation.notExists(attribute.answer)),
    ),
    deleteItem(InboxEntity.delete({ userID, approvalID })),
  ];
}

/** Answers a question, once. @throws VisibleError not_found, run_ended, approval_answered, invalid_input */
export async function answerApproval(
  actor: Actor,
  runID: string,
  approvalID: string,
  answer: { answer: "allow" | "deny"; scope: ApprovalScope },
): Promise<Approval> {
  const run = await findFor(actor, runID, "run");
  const { data: asked } = await ApprovalEntity.get({ runID, approvalID }).go({ consistent: true });
  if (!asked) throw new VisibleError("not_found", "Approval request not found.");
  if (!isOpen(run)) throw new VisibleError("run_ended", "The run has ended. No approval is needed.");
  const covered = asked.patterns ?? [undefined];
  if (answer.scope !== "once" && covered.length === 0)
    throw new VisibleError("invalid_input", "This request can only be answered for once.");
  const rules = covered.map((pattern) =>
    putItem(
      RuleEntity.create({
        projectID: run.projectID,
        ruleID: createID("rule"),
        tool: asked.tool,
        title: asked.title,
        answer: answer.answer,
        by: actor.userID,
        createdAt: now(),
        ...(pattern === undefined ? {} : { pattern }),
        ...(answer.scope === "conversation" ? { conversationID: run.conversationID } : {}),
      }),
    ),
  );
  const written = await transact([
    updateItem(
      ApprovalEntity.patch({ runID, approvalID })
        .set({ answer: answer.answer, by: actor.userID })
        .where((attribute, operation) => operation.notExists(attribute.answer)),
    ),
    deleteItem(InboxEntity.delete({ userID: run.userID, approvalID })),
    ...(answer.scope === "once" ? [] : rules),
  ]);
  if (!written.ok) throw new VisibleError("approval_answered", "This request has been answered already.");
  await Promise.all([resumeIfAnswered(runID), announceInbox(run.userID)]);
  return { ...serialize({ ...asked, input: asked.input as unknown }), answer: answer.answer };
}

/**
 * Keeps the workflow's token. The token and the last answer may arrive in either order: both write first, then
 * check, so the second one resumes the run.
 */
export async function keepToken(runID: string, token: string): Promise<void> {
  const written = await transact([
    updateItem(
      RunEntity.patch({ runID })
        .set({ token, touchedAt: now() })
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

export interface Rule {
  id: string;
  tool: string;
  title: string;
  /** The calls that it covers; without it, all of the tool's. */
  pattern?: string;
  answer: "allow" | "deny";
  conversationId?: string;
  createdAt: number;
}

/** The rules that apply to a conversation. */
export async function rulesIn(projectID: string, conversationID: string): Promise<Rule[]> {
  const rules = await readRules(projectID);
  return rules.filter((rule) => rule.conversationId === undefined || rule.conversationId === conversationID);
}

export async function listRules(actor: Actor, projectID: string): Promise<Rule[]> {
  await authorise(actor, "read", projectID);
  return readRules(projectID);
}

export async function revokeRule(actor: Actor, projectID: string, ruleID: string): Promise<void> {
  await authorise(actor, "run", projectID);
  await RuleEntity.delete({ projectID, ruleID }).go();
}

async function readRules(projectID: string): Promise<Rule[]> {
  const { data } = await RuleEntity.query.byProject({ projectID }).go({ pages: "all", consistent: true });
  return data.map(({ ruleID, tool, title, pattern, answer, conversationID, createdAt }) => ({
    id: ruleID,
    tool,
    title,
    answer,
    createdAt,
    ...(pattern === undefined ? {} : { pattern }),
    ...(conversationID ? { conversationId: conversationID } : {}),
  }));
}

interface Row {
  runID: string;
  approvalID: string;
  callID: string;
  tool: string;
  title: string;
  reason: string;
  input?: unknown;
  patterns?: string[] | undefined;
  answer?: "allow" | "deny" | "expired" | undefined;
  createdAt: number;
}

function serialize(row: Row): Approval {
  return {
    id: row.approvalID,
    runId: row.runID,
    toolCallId: row.callID,
    tool: row.tool,
    title: row.title,
    reason: row.reason,
    input: row.input,
    createdAt: row.createdAt,
    ...(row.patterns ? { patterns: row.patterns } : {}),
    ...(row.answer ? { answer: row.answer } : {}),
  };
}
