import { prefixes, type IdKind } from "@slipway/contract/id";
import { monotonicFactory } from "ulid";
import { now } from "../clock/clock.ts";

const ulid = monotonicFactory();

/** A new id of its kind; ids of one process sort in the order they were made. */
export function create(kind: IdKind): string {
  return `${prefixes[kind]}_${ulid(now())}`;
}
