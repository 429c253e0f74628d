import type { Changed } from "@slipway/contract/file";
import type { Operation } from "@slipway/contract/operation";
import { now } from "../clock/clock.ts";
import * as Connections from "../connection/system.ts";
import * as Execution from "../execution/execution.ts";
import type { Guard } from "../file/system.ts";
import { parseWriter, type Writer } from "../file/writer.ts";
import * as Log from "../log/log.ts";
import { transact, updateItem, type WriteItem } from "../table/table.ts";
import { OperationEntity } from "./operation.entity.ts";
import type { Request } from "./plan.ts";

/** An operation as the table has it. */
export interface OperationRecord {
  operationID: string;
  projectID: string;
  writer: Writer;
  request: Request;
  guard: Guard;
  state: Operation["state"];
  done: number;
  total: number;
  from: number;
  rev: number;
  kept: string[];
  errorCode?: string | undefined;
  errorMessage?: string | undefined;
  round: number;
  createdAt: number;
  touchedAt: number;
}

/** Days that an ended operation can be read. */
const keptSeconds = 7 * 86_400;
/** Most paths that a row names, and that an undo is limited to. */
const maxPaths = 2000;

export async function find(operationID: string): Promise<OperationRecord | undefined> {
  const { data } = await OperationEntity.get({ operationID }).go({ consistent: true });
  if (!data) return undefined;
  // Both are ours: written from these types below.
  return {
    ...data,
    writer: parseWriter(data.writer),
    request: data.request as Request,
    guard: data.guard as Guard,
  };
}

export function newRow(record: OperationRecord) {
  return OperationEntity.create({ ...record, guard: [...record.guard], open: "open" });
}

/** Notes progress in a commit's own transaction, and refuses the commit once the operation has ended. */
export function progressItem({ operationID }: OperationRecord, changes: number, rev: number): WriteItem {
  return updateItem(
    OperationEntity.patch({ operationID })
      .set({ rev, touchedAt: now(), open: "open" })
      .add({ done: changes })
      .where((attribute, operation) => operation.eq(attribute.state, "running")),
  );
}

/** Ends it, once. Resolves to false when it had ended already. */
export async function end(
  record: OperationRecord,
  how: {
    state: "completed" | "failed" | "cancelled";
    kept?: readonly string[];
    error?: { code: string; message: string };
  },
): Promise<boolean> {
  const at = now();
  const { ok } = await transact([
    updateItem(
      OperationEntity.patch({ operationID: record.operationID })
        .set({
          state: how.state,
          touchedAt: at,
          kept: (how.kept ?? []).slice(0, maxPaths),
          expires: Math.ceil(at / 1000) + keptSeconds,
          ...(how.error ? { errorCode: how.error.code, errorMessage: how.error.message } : {}),
        })
        .remove(["open"])
        .where((attribute, operation) => operation.eq(attribute.state, "running")),
    ),
  ]);
  const ended = await find(record.operationID);
  if (ok && ended) await announce(ended);
  return ok;
}

/** Never throws: the sweep repeats a lost start. Starting twice starts one execution. */
export async function startExecution({ operationID, round }: OperationRecord): Promise<void> {
  try {
    await Execution.start("FileOperation", `${operationID}-${round}`, { operationID });
  } catch (error) {
    Log.error("start-lost", error, { operationID });
  }
}

export async function isExecuting({ operationID, round }: OperationRecord): Promise<boolean> {
  return Execution.isRunning("FileOperation", `${operationID}-${round}`);
}

/** Touches the row and records its execution. Undefined when someone else did so first. */
export async function nextRound(record: OperationRecord, round: number): Promise<OperationRecord | undefined> {
  const { ok } = await transact([
    updateItem(
      OperationEntity.patch({ operationID: record.operationID })
        .set({ round, touchedAt: now(), open: "open" })
        .where(
          (attribute, operation) =>
            `${operation.eq(attribute.state, "running")} AND ${operation.eq(attribute.round, record.round)}`,
        ),
    ),
  ]);
  return ok ? { ...record, round } : undefined;
}

export async function announce(record: OperationRecord): Promise<void> {
  await Connections.broadcast(record.projectID, { type: "operation", operation: serialize(record) });
}

export function serialize(record: OperationRecord): Operation {
  const { kind } = record.request;
  return {
    id: record.operationID,
    projectId: record.projectID,
    kind,
    state: record.state,
    done: record.done,
    total: record.total,
    createdAt: record.createdAt,
    ...(record.errorCode ? { error: { code: record.errorCode, message: record.errorMessage ?? "" } } : {}),
    ...(record.state === "running" ? {} : { result: resultOf(record) }),
  };
}

export function resultOf(record: Pick<OperationRecord, "request" | "from" | "rev" | "kept" | "writer">): Changed {
  return { rev: record.rev, undo: undoOf(record), kept: record.kept };
}

/** The range that undoes it. Limited to its writer, so that what others changed meanwhile is left alone. */
function undoOf({ request, from, rev, writer }: Pick<OperationRecord, "request" | "from" | "rev" | "writer">) {
  const paths =
    request.kind === "move"
      ? request.moves.flatMap(({ path, to }) => [path, to])
      : request.kind === "delete"
        ? [...request.paths]
        : [];
  return { from, to: Math.max(from, rev), writer, ...(paths.length > 0 ? { paths } : {}) };
}
