import { deleteItem, putItem, type WriteItem } from "../table/table.ts";
import { OpenRunEntity } from "./run.entity.ts";

/** Runs that have not ended, as the sweep finds them. */

const shards = 8;

/** With the run, in the transaction that accepts it. */
export function openItem(runID: string): WriteItem {
  return putItem(OpenRunEntity.put({ shard: shardOf(runID), runID }));
}

/** With the run's end. */
export function closedItem(runID: string): WriteItem {
  return deleteItem(OpenRunEntity.delete({ shard: shardOf(runID), runID }));
}

export async function forget(runID: string): Promise<void> {
  await OpenRunEntity.delete({ shard: shardOf(runID), runID }).go();
}

/** Every open run, a page at a time. Starts at a random shard, so that no run is always behind the same others. */
export async function* openRuns(): AsyncGenerator<string[]> {
  const first = Math.floor(Math.random() * shards);
  for (let offset = 0; offset < shards; offset++) {
    const shard = String((first + offset) % shards);
    let cursor: string | null = null;
    do {
      const page: { data: { runID: string }[]; cursor: string | null } = await OpenRunEntity.query
        .byShard({ shard })
        .go({ cursor, limit: 500, consistent: true });
      yield page.data.map(({ runID }) => runID);
      cursor = page.cursor;
    } while (cursor !== null);
  }
}

/** By the id's last character, which is random. */
function shardOf(runID: string): string {
  return String(runID.charCodeAt(runID.length - 1) % shards);
}
