import { operations, validations, type Item, type Request, type Table } from "./dynalite.ts";
import { DynamoError, unknownOperation } from "./error.ts";
import type { Faults } from "./faults.ts";
import type { Store } from "./store.ts";

/** dynalite's validators and actions over one store; transactions and batches are built from them. */
export interface Actions {
  readonly store: Store;
  faults: Faults;
  /** The request in dynalite's form. Throws the ValidationException that AWS would. */
  check(operation: string, raw: Record<string, unknown>): Request;
  run(operation: string, request: Request): Record<string, unknown>;
  tableOf(name: string): Table;
  stored(tableName: string, key: string): Item | undefined;
}

export function createActions(store: Store): Actions {
  const { rows } = store;

  function check(operation: string, raw: Record<string, unknown>): Request {
    const spec = operations[operation];
    if (spec === undefined) throw unknownOperation(operation);
    const request = validations.checkTypes(raw, spec.validation.types);
    validations.checkValidations(request, spec.validation.types, spec.validation.custom, store);
    return request;
  }

  /** Storage is synchronous, so dynalite's callbacks have been called when its action returns. */
  function run(operation: string, request: Request): Record<string, unknown> {
    let outcome: { error: unknown; result: unknown } | undefined;
    operations[operation]?.run(store, request, (error, result) => (outcome = { error, result }));
    if (outcome === undefined) throw new Error(`${operation} did not finish at once`);
    if (outcome.error) throw outcome.error;
    return (outcome.result ?? {}) as Record<string, unknown>;
  }

  function tableOf(name: string): Table {
    const raw = rows.get(`table~${name}`);
    if (raw === undefined) throw new DynamoError("ResourceNotFoundException", "Requested resource not found");
    return JSON.parse(raw) as Table;
  }

  function stored(tableName: string, key: string): Item | undefined {
    const raw = rows.get(`item~${tableName}~${key}`);
    return raw === undefined ? undefined : (JSON.parse(raw) as Item);
  }

  return { store, faults: {}, check, run, tableOf, stored };
}
