import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { lockDirectory } from "@slipway/local/lock";

/** Deletes a data folder, unless a server is using it. */

const [data = ""] = process.argv.slice(2);
try {
  if (!existsSync(join(data, "secrets.json")))
    throw new Error(`${data} is not a data folder of Slipway; nothing deleted.`);
  const unlock = lockDirectory(data);
  rmSync(data, { recursive: true });
  unlock();
  process.stdout.write(`Deleted ${data}.\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
