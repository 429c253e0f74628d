import { isDeepStrictEqual } from "node:util";
import { database, type Callback, type Index, type Item, type Request, type Table } from "./dynalite.ts";
import { DynamoError } from "./error.ts";
import type { Range, Rows } from "./rows.ts";

/**
 * dynalite's store interface over `Rows`, and replacements for parts of its database module: item sizes in UTF-8 bytes,
 * index keys that cannot collide, and queries that read exactly what they return.
 */
export interface Store {
  readonly rows: Rows;
  ttlAttribute(tableName: string): string | undefined;
  setTtl(table: Table, attribute: string): void;
  /** Adds the cost of index writes to the response's `ConsumedCapacity`, if it has one. */
  chargeIndexes(run: () => unknown): unknown;
  /** Units of the current request. */
  readonly indexUnits: { spent: number };
}

const megabyte = 1024 * 1024;

export function createStore(rows: Rows): Store {
  const ttl = new Map<string, string | undefined>();
  const indexUnits = { spent: 0 };
  const sub = (prefix: string) => ({
    lock: (_key: string, run: (release: (done: Callback) => Callback) => void) => run((done) => done),
    get(key: string, done: Callback) {
      const value = rows.get(prefix + key);
      done(null, value === undefined ? undefined : (JSON.parse(value) as unknown));
    },
    put(key: string, value: unknown, done: Callback) {
      // dynalite rewrites a new table from a timer, which may fire after close.
      if (!rows.isOpen()) return done(new Error("Database is not open"));
      rows.put(prefix + key, JSON.stringify(value));
      done(null);
    },
    del(key: string, done: Callback) {
      rows.remove(prefix + key);
      done(null);
    },
    batch(operations: { type: string; key: string; value?: unknown }[], done: Callback) {
      for (const operation of operations) {
        if (operation.type === "put") rows.put(prefix + operation.key, JSON.stringify(operation.value));
        else rows.remove(prefix + operation.key);
      }
      done(null);
    },
  });

  return Object.assign(
    {
      rows,
      ttlAttribute(tableName: string) {
        if (!ttl.has(tableName)) ttl.set(tableName, rows.get(`ttl~${tableName}`));
        return ttl.get(tableName);
      },
      setTtl(table: Table, attribute: string) {
        rows.put(`ttl~${table.TableName}`, attribute);
        ttl.set(table.TableName, attribute);
        rows.removePrefix(`expiry~${table.TableName}~`);
        for (const { value } of [...rows.range(`item~${table.TableName}~`)]) {
          const item = JSON.parse(value) as Item;
          const key = ttlKey(item, attribute, table);
          if (key !== undefined) rows.put(`expiry~${table.TableName}~${key}`, database.createKey(item, table));
        }
      },
      indexUnits,
      chargeIndexes(run: () => unknown) {
        indexUnits.spent = 0;
        const response = run();
        if (indexUnits.spent > 0) addUnits(response, indexUnits.spent);
        return response;
      },
    },
    {
      options: { createTableMs: 0, maxItemSize: 400 * 1024 },
      tableDb: Object.assign(sub("table~"), { awsAccountId: "000000000000", awsRegion: "us-east-1" }),
      getItemDb: (name: string) => sub(`item~${name}~`),
      getTagDb: (name: string) => sub(`tag~${name}~`),
      getTable(name: string, check: boolean | Callback<Table>, done?: Callback<Table>) {
        const finish = typeof check === "function" ? check : done;
        const raw = rows.get(`table~${name}`);
        const table = raw === undefined ? undefined : (JSON.parse(raw) as Table);
        if (table === undefined || (check === true && table.TableStatus !== "ACTIVE")) {
          const error = new DynamoError("ResourceNotFoundException", "Requested resource not found");
          finish?.(Object.assign(error, { name: "NotFoundError" }));
        } else finish?.(null, table);
      },
    },
  );
}

function attributeSize(attribute: Item[string]): number {
  const [type, value] = Object.entries(attribute)[0] ?? ["NULL", true];
  switch (type) {
    case "S":
      return Buffer.byteLength(String(value));
    case "B":
      return Buffer.from(String(value), "base64").length;
    case "SS":
      return (value as string[]).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    case "BOOL":
    case "NULL":
      return 1;
    case "L":
      return 3 + (value as Item[string][]).reduce((sum, element) => sum + 1 + attributeSize(element), 0);
    case "M":
      return (
        3 +
        Object.entries(value as Item).reduce(
          (sum, [key, of]) => sum + 1 + Buffer.byteLength(key) + attributeSize(of),
          0,
        )
      );
    default:
      return originalSize({ "": attribute });
  }
}

export function itemSize(item: Item): number {
  return Object.entries(item).reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + attributeSize(value), 0);
}

function indexesOf(table: Table): Index[] {
  return [...(table.LocalSecondaryIndexes ?? []), ...(table.GlobalSecondaryIndexes ?? [])];
}

function indexPrefix(table: Table, index: Index): string {
  return `index~${table.TableName}~${index.IndexName}~`;
}

function indexKey(item: Item | undefined, table: Table, index: Index): string | undefined {
  if (item === undefined || index.KeySchema.some((part) => item[part.AttributeName] === undefined)) return undefined;
  return database.createIndexKey(item, table, index.KeySchema);
}

function ttlKey(item: Item | undefined, attribute: string, table: Table): string | undefined {
  const seconds = Number(item?.[attribute]?.N);
  if (item === undefined || !(seconds > 0)) return undefined;
  return `${String(Math.floor(seconds)).padStart(15, "0")}/${database.createKey(item, table)}`;
}

function writeUnits(item: Item | undefined): number {
  return Math.max(1, Math.ceil(itemSize(item ?? {}) / 1024));
}

function addUnits(response: unknown, units: number): void {
  const { ConsumedCapacity: consumed } = response as {
    ConsumedCapacity?: { CapacityUnits: number } | { CapacityUnits: number }[];
  };
  // The cloud has one table, so it is the first entry.
  const entry = Array.isArray(consumed) ? consumed[0] : consumed;
  if (entry) entry.CapacityUnits += units;
}

const originalSize = database.itemSize;
const originalIndexKey = database.createIndexKey;

/** dynalite's actions reach these through its module object, so replacing them there replaces them everywhere. */
function replaceDatabaseParts(): void {
  database.itemSize = itemSize;
  // The original keeps 24 bits of the table key, so that two items with equal index keys can overwrite each other.
  database.createIndexKey = (item, table, schema) =>
    `${originalIndexKey(item, table, schema)}/${database.createKey(item, table)}`;
  // dynalite passes null for a missing item.
  database.updateIndexes = (store, table, before, after, done) => {
    const oldItem = before ?? undefined;
    const item = after ?? undefined;
    const { rows, ttlAttribute, indexUnits } = store as Store;
    const some = item ?? oldItem;
    const base = some === undefined ? "" : database.createKey(some, table);
    const move = (prefix: string, from: string | undefined, to: string | undefined) => {
      if (from === to) return;
      if (from !== undefined) rows.remove(prefix + from);
      if (to !== undefined) rows.put(prefix + to, base);
    };
    for (const index of indexesOf(table)) {
      const from = indexKey(oldItem, table, index);
      const to = indexKey(item, table, index);
      move(indexPrefix(table, index), from, to);
      if (from !== undefined && from !== to) indexUnits.spent += writeUnits(oldItem);
      if (to !== undefined && (from !== to || !isDeepStrictEqual(oldItem, item))) indexUnits.spent += writeUnits(item);
    }
    const attribute = ttlAttribute(table.TableName);
    if (attribute !== undefined) {
      move(`expiry~${table.TableName}~`, ttlKey(oldItem, attribute, table), ttlKey(item, attribute, table));
    }
    done(null);
  };
  database.queryTable = queryTable;
}
replaceDatabaseParts();

function queryTable(
  store: Store,
  table: Table,
  request: Request,
  range: Range,
  _isLocal: boolean,
  fetchAll: boolean,
  startKeyNames: string[],
  done: Callback,
): void {
  const index = indexesOf(table).find((candidate) => candidate.IndexName === request.IndexName);
  const itemPrefix = `item~${table.TableName}~`;
  const projected =
    index === undefined || fetchAll || index.Projection.ProjectionType === "ALL"
      ? undefined
      : new Set(
          [...index.KeySchema, ...table.KeySchema]
            .map((part) => part.AttributeName)
            .concat(index.Projection.NonKeyAttributes ?? []),
        );
  const limit = request.Limit ?? Number.POSITIVE_INFINITY;
  const items: Item[] = [];
  let scanned = 0;
  let bytes = 0;
  let last: Item | undefined;
  let more = false;
  for (const row of store.rows.range(
    index ? indexPrefix(table, index) : itemPrefix,
    range,
    index ? itemPrefix : undefined,
  )) {
    if (scanned >= limit || bytes >= megabyte) {
      more = true;
      break;
    }
    let item = JSON.parse(row.value) as Item;
    if (projected) item = Object.fromEntries(Object.entries(item).filter(([name]) => projected.has(name)));
    bytes += itemSize(item);
    scanned++;
    last = item;
    if (!isWanted(item, request)) continue;
    items.push(item);
  }
  const paths = request._projection?.paths ?? request.AttributesToGet;
  const response: Record<string, unknown> = { ScannedCount: scanned, Count: items.length };
  if ((more || scanned >= limit) && last) {
    const from = last;
    response.LastEvaluatedKey = Object.fromEntries(startKeyNames.map((name) => [name, from[name]]));
  }
  if (request.Select !== "COUNT") response.Items = paths ? items.map((item) => database.mapPaths(paths, item)) : items;
  if (request.ReturnConsumedCapacity === "TOTAL" || request.ReturnConsumedCapacity === "INDEXES") {
    const units = Math.max(1, Math.ceil(bytes / 4096)) * (request.ConsistentRead ? 1 : 0.5);
    response.ConsumedCapacity = { TableName: request.TableName, CapacityUnits: units };
  }
  done(null, response);
}

function isWanted(item: Item, request: Request): boolean {
  if (request._filter) return database.matchesExprFilter(item, request._filter.expression);
  const legacy = request.QueryFilter ?? request.ScanFilter;
  return legacy === undefined || database.matchesFilter(item, legacy, request.ConditionalOperator);
}
