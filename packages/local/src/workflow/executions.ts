import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "ABORTED" | "TIMED_OUT";

/** Where an execution is: everything needed to resume it after the process has died. */
export interface Execution {
  arn: string;
  machine: string;
  name: string;
  status: ExecutionStatus;
  input: string;
  /** Current state, its raw input, and how often each of its retriers has been used. */
  state: string;
  data: string;
  retries: string;
  /** Milliseconds since 1970: not before this. */
  notBefore: number;
  enteredAt: number;
  /** Set while a task waits for its token. */
  token: string | null;
  startedAt: number;
  endedAt: number | null;
  output: string | null;
  error: string | null;
  cause: string | null;
  /** Length of its history. */
  events: number;
}

export interface ListQuery {
  machine: string;
  status: ExecutionStatus | undefined;
  limit: number;
  offset: number;
}

/** Executions in one SQLite file: a transition is one durable write. A closed one is forgotten after 90 days. */
export interface Executions {
  find(arn: string): Execution | undefined;
  findByToken(token: string): Execution | undefined;
  running(): Execution[];
  /** Newest first. */
  list(query: ListQuery): Execution[];
  save(execution: Execution): void;
  close(): void;
}

const columns = [
  "arn",
  "machine",
  "name",
  "status",
  "input",
  "state",
  "data",
  "retries",
  "notBefore",
  "enteredAt",
  "token",
  "startedAt",
  "endedAt",
  "output",
  "error",
  "cause",
  "events",
] as const satisfies readonly (keyof Execution)[];

/** Step Functions keeps closed executions, and their names, for 90 days. */
const retention = 90 * 86_400_000;

export function openExecutions(directory: string, now: () => number = Date.now): Executions {
  mkdirSync(directory, { recursive: true });
  const sqlite = new DatabaseSync(join(directory, "workflow.sqlite"));
  sqlite.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
    CREATE TABLE IF NOT EXISTS execution(${columns.map((name) => (name === "arn" ? "arn TEXT PRIMARY KEY" : name)).join(", ")})`);
  // A data folder from before history was counted.
  const present = sqlite.prepare("SELECT name FROM pragma_table_info('execution')").all();
  if (!present.some(({ name }) => name === "events")) {
    sqlite.exec("ALTER TABLE execution ADD COLUMN events DEFAULT 0");
  }
  sqlite.exec(`CREATE INDEX IF NOT EXISTS execution_status ON execution(status);
    CREATE INDEX IF NOT EXISTS execution_token ON execution(token)`);
  const kept = "(endedAt IS NULL OR endedAt > ?)";
  const find = sqlite.prepare(`SELECT * FROM execution WHERE arn=? AND ${kept}`);
  const findByToken = sqlite.prepare("SELECT * FROM execution WHERE token=?");
  const running = sqlite.prepare("SELECT * FROM execution WHERE status='RUNNING'");
  const list = sqlite.prepare(
    `SELECT * FROM execution WHERE machine=? AND status LIKE ? AND ${kept} ORDER BY startedAt DESC, arn LIMIT ? OFFSET ?`,
  );
  const save = sqlite.prepare(`INSERT OR REPLACE INTO execution(${columns.join(", ")})
    VALUES(${columns.map(() => "?").join(", ")})`);
  const expired = () => now() - retention;
  sqlite.prepare(`DELETE FROM execution WHERE NOT ${kept}`).run(expired());
  const row = (found: Record<string, unknown> | undefined) =>
    found === undefined ? undefined : ({ ...found } as unknown as Execution);
  const rows = (found: Record<string, unknown>[]) => found.map((each) => ({ ...each }) as unknown as Execution);
  return {
    find: (arn) => row(find.get(arn, expired())),
    findByToken: (token) => row(findByToken.get(token)),
    running: () => rows(running.all()),
    list: ({ machine, status, limit, offset }) => rows(list.all(machine, status ?? "%", expired(), limit, offset)),
    save: (execution) => void save.run(...columns.map((name) => execution[name])),
    close: () => sqlite.close(),
  };
}
