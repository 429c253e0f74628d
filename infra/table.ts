import { tableSpec } from "@slipway/manifest";
import { stage } from "./here.ts";

// A link tells a function the name; what it may do is said by the manifest alone.
sst.Linkable.wrap(sst.aws.Dynamo, (linked) => ({ properties: { name: linked.name } }));

const { hashKey, rangeKey, indexes, ttl } = tableSpec;
const keys = [{ hashKey, rangeKey }, ...Object.values(indexes)].flatMap((index) => [index.hashKey, index.rangeKey]);

/** Projects, files, runs, people: the one table. Billed by request; restored to any second of the last 35 days. */
export const table = new sst.aws.Dynamo("Table", {
  fields: Object.fromEntries(keys.map((name) => [name, "string" as const])),
  primaryIndex: { hashKey, rangeKey },
  globalIndexes: indexes,
  ttl,
  deletionProtection: stage.protect,
});
