import { Entity } from "electrodb";
import { key, ordered, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

const projectID = { type: "string", required: true } as const;
const kind = { type: ["text", "binary", "folder"] as const, required: true } as const;
/** Where the bytes are: a row of the table (gzip up to 32 KB), S3, or nowhere (a folder). */
const storage = { type: ["table", "s3", "none"] as const, required: true } as const;

/** One row a project: every commit is a compare-and-set on its `rev`. */
export const HeadEntity = new Entity(
  {
    model: { entity: "head", version: "1", service },
    attributes: {
      projectID,
      rev: { type: "number", required: true },
      /** The generation whose metas are the project's files; a first import fills the next one and flips. */
      gen: { type: "number", required: true },
      /** A first import is in progress: every commit is refused. */
      filling: { type: "boolean" },
      /** The project has been removed and waits for its purge. */
      removed: { type: "boolean" },
    },
    indexes: { byProject: key(["projectID"], []) },
  },
  connection,
);

/** One row a file or explicit folder, about 200 bytes: 270 RRU list 10,000. */
export const MetaEntity = new Entity(
  {
    model: { entity: "meta", version: "1", service },
    attributes: {
      projectID,
      gen: { type: "number", required: true },
      path: { type: "string", required: true },
      fileID: { type: "string", required: true },
      hash: { type: "string", required: true },
      size: { type: "number", required: true },
      kind,
      storage,
      /** As git has it: 100644, 100755, 120000. */
      mode: { type: "string", required: true },
      /** The project's revision of its last change: the file's ETag. */
      rev: { type: "number", required: true },
    },
    indexes: { byPath: key(["projectID", "gen"], ["path"]) },
  },
  connection,
);

/** Contents by hash, per project so that nothing can be learned of another's. */
export const BlobEntity = new Entity(
  {
    model: { entity: "blob", version: "1", service },
    attributes: {
      projectID,
      hash: { type: "string", required: true },
      /** Absent for contents in S3. */
      gzip: { type: "any" },
      /** When it was last stored. */
      at: { type: "number" },
      /** Set while a collection removes it. A writer waits until it is gone. */
      collecting: { type: "number" },
    },
    indexes: { byHash: key(["projectID", "hash"], []) },
  },
  connection,
);

/** What a path held: enough to put it back, since contents are kept by their hash. */
export interface Version {
  hash: string;
  size: number;
  kind: "text" | "binary" | "folder";
  storage: "table" | "s3" | "none";
  mode: string;
}

export interface LogEntry {
  path: string;
  op: "put" | "delete" | "import";
  kind?: "text" | "binary" | "folder";
  size?: number;
  from?: string;
  hash?: string;
  storage?: "table" | "s3" | "none";
  mode?: string;
  /** What the path held until then; absent where nothing was. It makes every commit one that can be undone. */
  before?: Version;
}

export const LogEntity = new Entity(
  {
    model: { entity: "log", version: "1", service },
    attributes: {
      projectID,
      rev: ordered,
      at: { type: "number", required: true },
      /** As in `writer.ts`. */
      writer: { type: "any" },
      entries: { type: "any", required: true },
    },
    indexes: { byRev: key(["projectID"], ["rev"]) },
  },
  connection,
);

export const CheckpointEntity = new Entity(
  {
    model: { entity: "checkpoint", version: "1", service },
    attributes: {
      projectID,
      rev: ordered,
      label: { type: "string", required: true },
      at: { type: "number", required: true },
      files: { type: "number", required: true },
      /** Key of the manifest in S3. */
      manifest: { type: "string", required: true },
    },
    indexes: { byRev: key(["projectID"], ["rev"]) },
  },
  connection,
);

export const UploadEntity = new Entity(
  {
    model: { entity: "upload", version: "1", service },
    attributes: {
      uploadID: { type: "string", required: true },
      projectID,
      userID: { type: "string", required: true },
      size: { type: "number", required: true },
      validUntil: { type: "number", required: true },
      expires: { type: "number", required: true },
    },
    indexes: { byID: key(["uploadID"], []) },
  },
  connection,
);
