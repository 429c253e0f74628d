import { Entity } from "electrodb";
import { contextSize, key, ordered, service, tokenCounts } from "../table/key.ts";
import { connection } from "../table/table.ts";

const runID = { type: "string", required: true } as const;
/** A value as `large.ts` keeps it. */
const kept = { json: { type: "string" }, hash: { type: "string" } } as const;

export const RunEntity = new Entity(
  {
    model: { entity: "run", version: "1", service },
    attributes: {
      runID,
      projectID: { type: "string", required: true },
      conversationID: { type: "string", required: true },
      /** The message it answers, and the assistant message that it fills. */
      userMessageID: { type: "string", required: true },
      messageID: { type: "string", required: true },
      userID: { type: "string", required: true },
      status: { type: ["queued", "running", "waiting", "completed", "cancelled", "failed"] as const, required: true },
      model: { type: "string", required: true },
      /** What was chosen for the message; absent for the model's own. */
      effort: { type: ["low", "medium", "high", "max"] as const },
      /** Raised by every turn that takes the run, and by its end: no write succeeds under an earlier epoch. */
      epoch: { type: "number", required: true },
      /** Number of the last durable event. */
      seq: { type: "number", required: true },
      /** The newest step, and how often it was started. */
      step: { type: "number", required: true },
      attempt: { type: "number", required: true },
      cost: { type: "number", required: true },
      /** Failures of the model in a row, and when the first one was; 0 once it has answered. */
      modelFailures: { type: "number" },
      modelFailingSince: { type: "number" },
      /** Consecutive unusable answers. */
      badAnswers: { type: "number" },
      /** What the model is told before the steps after `openingStep`: messages in S3. Absent until its first turn. */
      openingHash: { type: "string" },
      openingStep: { type: "number" },
      /** Tokens of all its model calls. */
      tokens: tokenCounts,
      /** How often this run has made its conversation shorter. */
      compactions: { type: "number" },
      /** Tokens of the newest request and its answer, as the provider counted them, and its estimated length. */
      contextTokens: { type: "number" },
      contextLength: { type: "number" },
      /** The conversation's size beside its limits, for people. */
      context: contextSize,
      /** Requests in a row that the model refused as too long. */
      overflows: { type: "number" },
      /** The model has refused images. */
      sightless: { type: "boolean" },
      /** Messages that joined it, or are to join it at its next step. */
      steers: { type: "number" },
      /** The month that it was charged to; absent while it is queued. */
      chargedMonth: { type: "string" },
      startRev: { type: "number" },
      endRev: { type: "number" },
      /** The workflow's task token, while it waits for an approval. */
      token: { type: "string" },
      errorCode: { type: "string" },
      errorMessage: { type: "string" },
      createdAt: { type: "number", required: true },
      endedAt: { type: "number" },
      /** Last write of a turn. */
      touchedAt: { type: "number", required: true },
    },
    indexes: { byID: key(["runID"], []) },
  },
  connection,
);

/** One row for each run that has not ended, for the sweep. Never rewritten, and in shards so that none is hot. */
export const OpenRunEntity = new Entity(
  {
    model: { entity: "open-run", version: "1", service },
    attributes: { shard: { type: "string", required: true }, runID },
    indexes: { byShard: key(["shard"], ["runID"]) },
  },
  connection,
);

/** One row per project: its current run, and those that wait for it. Changed by compare-and-set on `version`. */
export const SlotEntity = new Entity(
  {
    model: { entity: "slot", version: "1", service },
    attributes: {
      projectID: { type: "string", required: true },
      runID: { type: "string" },
      queue: { type: "list", items: { type: "string" }, required: true },
      /** The newest run that has held the slot. */
      lastRunID: { type: "string" },
      version: { type: "number", required: true },
    },
    indexes: { byProject: key(["projectID"], []) },
  },
  connection,
);

export const RunEventEntity = new Entity(
  {
    model: { entity: "run-event", version: "1", service },
    attributes: {
      runID,
      seq: ordered,
      ...kept,
      /** Rows of 0.1 hold the event itself. */
      event: { type: "any" },
    },
    indexes: { bySeq: key(["runID"], ["seq"]) },
  },
  connection,
);

/** The open block as of about half a second ago, for clients that join. */
export const SnapshotEntity = new Entity(
  {
    model: { entity: "snapshot", version: "1", service },
    attributes: {
      runID,
      epoch: { type: "number", required: true },
      ...kept,
      expires: { type: "number", required: true },
    },
    indexes: { byRun: key(["runID"], []) },
  },
  connection,
);

/** A persisted model step. Its messages are in S3 under `hash`; `done` once all its tools have answered. */
export const StepEntity = new Entity(
  {
    model: { entity: "step", version: "1", service },
    attributes: {
      runID,
      step: ordered,
      state: { type: ["model", "done"] as const, required: true },
      hash: { type: "string", required: true },
      resultsHash: { type: "string" },
      /** What finished calls answered and which are pending, while some are. */
      progressHash: { type: "string" },
    },
    indexes: { byRun: key(["runID"], ["step"]) },
  },
  connection,
);

/** A tool call that has an effect: written in its transaction (files), or before it (anything else). */
export const ToolCallEntity = new Entity(
  {
    model: { entity: "tool-call", version: "1", service },
    attributes: {
      runID,
      callID: { type: "string", required: true },
      state: { type: ["started", "completed", "failed"] as const, required: true },
      /** What it answered: output and changes. */
      ...kept,
      at: { type: "number", required: true },
    },
    indexes: { byRun: key(["runID"], ["callID"]) },
  },
  connection,
);

export const ApprovalEntity = new Entity(
  {
    model: { entity: "approval", version: "1", service },
    attributes: {
      runID,
      approvalID: { type: "string", required: true },
      callID: { type: "string", required: true },
      tool: { type: "string", required: true },
      title: { type: "string", required: true },
      reason: { type: "string", required: true },
      /** As people are shown it. */
      input: { type: "any" },
      /** What a lasting answer covers. */
      patterns: { type: "list", items: { type: "string" } },
      /** Of the call's id and its whole input: an answer is for exactly this. */
      hash: { type: "string", required: true },
      answer: { type: ["allow", "deny", "expired"] as const },
      by: { type: "string" },
      createdAt: { type: "number", required: true },
    },
    indexes: { byRun: key(["runID"], ["approvalID"]) },
  },
  connection,
);

/** A pending question, under the person whose run asks it. */
export const InboxEntity = new Entity(
  {
    model: { entity: "inbox", version: "1", service },
    attributes: {
      userID: { type: "string", required: true },
      approvalID: { type: "string", required: true },
      runID,
      projectID: { type: "string", required: true },
      conversationID: { type: "string", required: true },
      approval: { type: "any", required: true },
    },
    indexes: { byUser: key(["userID"], ["approvalID"]) },
  },
  connection,
);

/** A standing answer for a tool or a pattern of its calls, in one conversation or in the whole project. */
export const RuleEntity = new Entity(
  {
    model: { entity: "rule", version: "1", service },
    attributes: {
      projectID: { type: "string", required: true },
      ruleID: { type: "string", required: true },
      tool: { type: "string", required: true },
      /** The tool's title, as its card showed it. */
      title: { type: "string", required: true },
      pattern: { type: "string" },
      answer: { type: ["allow", "deny"] as const, required: true },
      conversationID: { type: "string" },
      by: { type: "string", required: true },
      createdAt: { type: "number", required: true },
    },
    indexes: { byProject: key(["projectID"], ["ruleID"]) },
  },
  connection,
);

/** What a person added while the run was going. It joins at the next step. */
export const SteerEntity = new Entity(
  {
    model: { entity: "steer", version: "1", service },
    attributes: {
      runID,
      messageID: { type: "string", required: true },
      text: { type: "string", required: true },
      /** The step that it joined, and what the model was told then. */
      step: { type: "number" },
      hash: { type: "string" },
    },
    indexes: { byRun: key(["runID"], ["messageID"]) },
  },
  connection,
);
