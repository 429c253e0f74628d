import { prefixes, type IdKind } from "@slipway/contract/id";
import { monotonicFactory } from "ulid";
import { now } from "../clock/clock.ts";

const ulid = monotonicFactory();

/** A new id. Ids of one process sort in order of creation. */
export function create(kind: IdKind): string {
  return `${prefixes[kind]}_${ulid(now())}`;
}
