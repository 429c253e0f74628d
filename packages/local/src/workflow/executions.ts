import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "ABORTED" | "TIMED_OUT";

/** Where an execution is: everything that is needed to go on after the process has died. */
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
}

/** Executions in one SQLite file: a transition is one durable write. */
export interface Executions {
  find(arn: string): Execution | undefined;
  findByToken(token: string): Execution | undefined;
  running(): Execution[];
  list(machine: string, limit: number): Execution[];
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
] as const satisfies readonly (keyof Execution)[];

export function openExecutions(directory: string): Executions {
  mkdirSync(directory, { recursive: true });
  const sqlite = new DatabaseSync(join(directory, "workflow.sqlite"));
  sqlite.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
    CREATE TABLE IF NOT EXISTS execution(${columns.map((name) => (name === "arn" ? "arn TEXT PRIMARY KEY" : name)).join(", ")});
    CREATE INDEX IF NOT EXISTS execution_status ON execution(status);
    CREATE INDEX IF NOT EXISTS execution_token ON execution(token)`);
  const find = sqlite.prepare("SELECT * FROM execution WHERE arn=?");
  const findByToken = sqlite.prepare("SELECT * FROM execution WHERE token=?");
  const running = sqlite.prepare("SELECT * FROM execution WHERE status='RUNNING'");
  const list = sqlite.prepare("SELECT * FROM execution WHERE machine=? ORDER BY startedAt DESC LIMIT ?");
  const save = sqlite.prepare(`INSERT OR REPLACE INTO execution VALUES(${columns.map(() => "?").join(", ")})`);
  const row = (found: Record<string, unknown> | undefined) =>
    found === undefined ? undefined : ({ ...found } as unknown as Execution);
  const rows = (found: Record<string, unknown>[]) => found.map((each) => ({ ...each }) as unknown as Execution);
  return {
    find: (arn) => row(find.get(arn)),
    findByToken: (token) => row(findByToken.get(token)),
    running: () => rows(running.all()),
    list: (machine, limit) => rows(list.all(machine, limit)),
    save: (execution) => void save.run(...columns.map((name) => execution[name])),
    close: () => sqlite.close(),
  };
}
