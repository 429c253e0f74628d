import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { Cloud } from "./cloud.ts";

/** The rows of a local cloud's table, as they are stored. */
export type Row = Record<string, unknown>;

function connect(cloud: Cloud): DynamoDBDocumentClient {
  const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "", AWS_ENDPOINT_URL_DYNAMODB = "" } = cloud.rootEnvironment;
  return DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint: AWS_ENDPOINT_URL_DYNAMODB,
      region: "us-east-1",
      credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
    }),
  );
}

export async function rows(cloud: Cloud, entity: string, matches: (row: Row) => boolean = () => true): Promise<Row[]> {
  const table = connect(cloud);
  const found: Row[] = [];
  let ExclusiveStartKey: Row | undefined;
  do {
    const page = await table.send(new ScanCommand({ TableName: "slipway", ConsistentRead: true, ExclusiveStartKey }));
    found.push(...(page.Items ?? []).filter((row) => row.__edb_e__ === entity && matches(row)));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return found;
}

export async function putRows(cloud: Cloud, changed: readonly Row[]): Promise<void> {
  const table = connect(cloud);
  for (let at = 0; at < changed.length; at += 25) {
    const slipway = changed.slice(at, at + 25).map((Item) => ({ PutRequest: { Item } }));
    await table.send(new BatchWriteCommand({ RequestItems: { slipway } }));
  }
}
