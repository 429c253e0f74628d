import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import type { Cloud } from "./cloud.ts";

function clientOptions(cloud: Cloud, endpoint: string | undefined) {
  const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "" } = cloud.rootEnvironment;
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  return { endpoint: endpoint ?? "", region: "us-east-1", credentials };
}

/** Entities that say what was paid: of models, and of sandboxes. */
const ledgers = ["ledger", "sandbox-use"];

/** All rows and objects that mention one of the words, except the ledger's. */
export async function leftOf(cloud: Cloud, words: readonly string[]): Promise<string[]> {
  const mentions = (text: string) => words.some((word) => text.includes(word));
  const table = new DynamoDBClient(clientOptions(cloud, cloud.rootEnvironment.AWS_ENDPOINT_URL_DYNAMODB));
  const found: string[] = [];
  let ExclusiveStartKey: Record<string, never> | undefined;
  do {
    const page = await table.send(new ScanCommand({ TableName: "slipway", ExclusiveStartKey }));
    for (const item of page.Items ?? []) {
      const text = JSON.stringify(item);
      if (mentions(text) && !ledgers.includes(item.__edb_e__?.S ?? "")) found.push(text.slice(0, 200));
    }
    ExclusiveStartKey = page.LastEvaluatedKey as typeof ExclusiveStartKey;
  } while (ExclusiveStartKey);
  const s3 = new S3Client({ ...clientOptions(cloud, cloud.rootEnvironment.AWS_ENDPOINT_URL_S3), forcePathStyle: true });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "blobs" }));
  for (const { Key = "" } of Contents) if (mentions(Key)) found.push(Key);
  return found;
}
