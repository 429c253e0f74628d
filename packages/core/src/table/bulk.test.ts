import { marshall } from "@aws-sdk/util-dynamodb";
import { expect, test } from "vitest";

process.env.SST_RESOURCE_App = JSON.stringify({ name: "slipway", stage: "test" });
process.env.SST_RESOURCE_Table = JSON.stringify({ name: "none" });
process.env.AWS_REGION = "us-east-1";
const { BlobEntity, HeadEntity, MetaEntity } = await import("../file/file.entity.ts");
const { SandboxEntity } = await import("../sandbox/sandbox.entity.ts");
const { itemsOf } = await import("./bulk.ts");

/** What ElectroDB would send. */
function expected(entity: { put(rows: never[]): { params(): unknown } }, rows: readonly object[]): unknown[] {
  const [{ RequestItems }] = entity.put(rows as never[]).params() as [
    { RequestItems: { none: { PutRequest: { Item: Record<string, unknown> } }[] } },
  ];
  return RequestItems.none.map(({ PutRequest }) => marshall(PutRequest.Item));
}

test("items are the ones that ElectroDB puts", () => {
  const version = {
    fileID: "fil_1",
    hash: "h",
    size: 3,
    kind: "text",
    storage: "table",
    mode: "100644",
    rev: 7,
  } as const;
  const metas = ["README.md", "a b/#gen_2#$x_1/ü.ts", "__proto__"].map((path) => ({
    ...version,
    projectID: "prj_A",
    gen: 2,
    path,
  }));
  expect(itemsOf(MetaEntity, metas)).toEqual(expected(MetaEntity, metas));
  const blobs = [
    { projectID: "prj_A", hash: "-_h", gzip: Buffer.from([0, 255]), at: 1.5e12 },
    { projectID: "prj_A", hash: "in-s3", at: 0 },
  ];
  expect(itemsOf(BlobEntity, blobs)).toEqual(expected(BlobEntity, blobs));
});

test("rows and entities of other shapes are refused", () => {
  expect(() => itemsOf(HeadEntity, [{ projectID: "prj_A", rev: 1, gen: 1, filling: true }])).toThrow(TypeError);
  expect(() => itemsOf(SandboxEntity as never, [])).toThrow("more keys");
});
