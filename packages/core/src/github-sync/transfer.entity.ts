import { Entity } from "electrodb";
import { indexKey, key, ordered, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

/** An import, export or pull: its request, progress and outcome. */
export const TransferEntity = new Entity(
  {
    model: { entity: "transfer", version: "1", service },
    attributes: {
      transferID: { type: "string", required: true },
      projectID: { type: "string", required: true },
      userID: { type: "string", required: true },
      kind: { type: ["import", "export", "pull"] as const, required: true },
      state: { type: ["running", "asking", "completed", "failed", "cancelled"] as const, required: true },
      /** How often it was started. Part of its execution's name. */
      round: { type: "number", required: true },
      phase: { type: "string", required: true },
      files: { type: "number", required: true },
      filesTotal: { type: "number", required: true },
      bytes: { type: "number", required: true },
      bytesTotal: { type: "number", required: true },
      waitsUntil: { type: "number" },
      owner: { type: "string", required: true },
      repo: { type: "string", required: true },
      /** The request and the decisions so far: see `record.ts`. */
      request: { type: "any", required: true },
      conflicts: { type: "any" },
      choices: { type: "any" },
      errorCode: { type: "string" },
      errorMessage: { type: "string" },
      result: { type: "any" },
      createdAt: { type: "number", required: true },
      endedAt: { type: "number" },
      touchedAt: ordered,
      /** How many executions it has lost. */
      restarts: { type: "number" },
      /** Set only while it runs: the sweep's index is sparse. */
      open: { type: "string" },
      expires: { type: "number" },
    },
    indexes: {
      byID: key(["transferID"], []),
      byOpen: indexKey("gsi1", ["open"], ["touchedAt"]),
      byProject: indexKey("gsi2", ["projectID"], ["transferID"]),
    },
  },
  connection,
);

/** The newest transfer of a project. One runs at a time. */
export const TransferSlotEntity = new Entity(
  {
    model: { entity: "transfer-slot", version: "1", service },
    attributes: {
      projectID: { type: "string", required: true },
      transferID: { type: "string", required: true },
    },
    indexes: { byProject: key(["projectID"], []) },
  },
  connection,
);

/** The source repository of a project, and the state of the last sync. */
export const SourceEntity = new Entity(
  {
    model: { entity: "source", version: "1", service },
    attributes: {
      projectID: { type: "string", required: true },
      /** GitHub's id: the repository may be renamed, and another may take its name. */
      repositoryID: { type: "number" },
      owner: { type: "string", required: true },
      repo: { type: "string", required: true },
      isPrivate: { type: "boolean", required: true },
      branch: { type: "string" },
      ref: { type: "string", required: true },
      folder: { type: "string", required: true },
      /** Absent while the repository has no commits. */
      commit: { type: "string" },
      /** The name of that commit's stored tree. */
      tree: { type: "string", required: true, field: "manifest" },
      /** The project's revision at that time. */
      rev: { type: "number", required: true },
      skipped: { type: "number", required: true },
      /** The open pull request: its branch, our last commit on it, and the project's tree at that time. */
      pull: { type: "any" },
      /** The pull request of a fork that was imported, and the branch that it asks to change. */
      proposal: { type: "any" },
    },
    indexes: { byProject: key(["projectID"], []) },
  },
  connection,
);
