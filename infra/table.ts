import { tableSpec } from "@slipway/manifest";
import { stage } from "./stage-context.ts";

// A link gives a function the name. What the function may do is in the manifest alone.
sst.Linkable.wrap(sst.aws.Dynamo, (linked) => ({ properties: { name: linked.name } }));

const { hashKey, rangeKey, indexes, ttl } = tableSpec;
const keys = [{ hashKey, rangeKey }, ...Object.values(indexes)].flatMap((index) => [index.hashKey, index.rangeKey]);

/** The single table: projects, files, runs, people. Billed per request, restorable to any second of the last 35 days. */
export const table = new sst.aws.Dynamo("Table", {
  fields: Object.fromEntries(keys.map((name) => [name, "string" as const])),
  primaryIndex: { hashKey, rangeKey },
  globalIndexes: indexes,
  ttl,
  deletionProtection: stage.protect,
});
