import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Makes sure that one server uses a data folder: two would each believe to be alone. A lock whose process is gone is
 * taken over. Returns what releases it. @throws Error in plain words.
 */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "lock");
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const owner = Number(readFileSync(file, "utf8"));
      if (owner !== process.pid && isRunning(owner)) {
        throw new Error(`Slipway is already running on ${directory} (process ${owner}). Stop it, or set SLIPWAY_DATA.`);
      }
      rmSync(file, { force: true });
    }
  }
  throw new Error(`${file} cannot be taken.`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
