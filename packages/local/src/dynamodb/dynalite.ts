import { createRequire } from "node:module";

/**
 * The only seam to dynalite 4.0.0, pinned because it is used as a library through modules that are not its public API.
 * Its validators, expression parsers and actions are used; its storage loses index rows and has no transactions, so
 * storage, transactions, queries and TTL are ours.
 */

export type Attribute = Record<string, unknown>;
export type Item = Record<string, Attribute>;

export interface KeyPart {
  AttributeName: string;
  KeyType: "HASH" | "RANGE";
}
export interface Index {
  IndexName: string;
  KeySchema: KeyPart[];
  Projection: { ProjectionType: string; NonKeyAttributes?: string[] };
  IndexStatus?: string;
}
export interface Table {
  TableName: string;
  KeySchema: KeyPart[];
  GlobalSecondaryIndexes?: Index[];
  LocalSecondaryIndexes?: Index[];
  TableStatus: string;
}
/** A request after validation. */
export interface Request {
  TableName: string;
  Item?: Item;
  Key?: Item;
  IndexName?: string;
  Limit?: number;
  ConsistentRead?: boolean;
  ReturnConsumedCapacity?: string;
  Select?: string;
  AttributesToGet?: string[];
  ExpressionAttributeValues?: Item;
  _filter?: { expression: unknown };
  _projection?: { paths: unknown };
  [name: string]: unknown;
}
export type Callback<T = unknown> = (error: unknown, result?: T) => void;

interface Database {
  createKey(item: Item, table: Table): string;
  createIndexKey(item: Item, table: Table, schema: KeyPart[]): string;
  itemSize(item: Item): number;
  validateItem(item: Item, table: Table): Error | undefined;
  validateKey(key: Item, table: Table): Error | undefined;
  validationError(message: string): Error;
  checkConditional(request: Request, item: Item | undefined): Error | undefined;
  matchesExprFilter(item: Item, expression: unknown): boolean;
  /** Legacy filters, from before expressions. */
  matchesFilter(item: Item, filter: unknown, conditionalOperator: unknown): boolean;
  mapPaths(paths: unknown, item: Item): Item;
  updateIndexes(store: unknown, table: Table, oldItem: Item | undefined, item: Item | undefined, done: Callback): void;
  queryTable: unknown;
}
interface Validations {
  toLowerFirst(name: string): string;
  checkTypes(request: unknown, types: unknown): Request;
  checkValidations(request: Request, types: unknown, custom: unknown, store: unknown): void;
}
interface Validation {
  types: unknown;
  custom: unknown;
}
type Action = (store: unknown, request: Request, done: Callback) => void;

const require = createRequire(import.meta.url);
export const database = require("dynalite/db") as Database;
export const validations = require("dynalite/validations") as Validations;

const operationNames = [
  "BatchGetItem",
  "BatchWriteItem",
  "CreateTable",
  "DeleteItem",
  "DescribeTable",
  "GetItem",
  "PutItem",
  "Query",
  "Scan",
  "UpdateItem",
] as const;

export const operations: Readonly<Record<string, { run: Action; validation: Validation }>> = Object.fromEntries(
  operationNames.map((name) => {
    const file = validations.toLowerFirst(name);
    return [
      name,
      {
        run: require(`dynalite/actions/${file}`) as Action,
        validation: require(`dynalite/validations/${file}`) as Validation,
      },
    ];
  }),
);
