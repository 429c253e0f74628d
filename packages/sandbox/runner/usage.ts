import { readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { totalmem } from "node:os";
import { z } from "zod";

/** How much of the disk and of the memory is used. */

const Part = z.object({ used: z.int().nonnegative(), total: z.int().nonnegative() });
const Measured = z.object({ disk: Part, memory: Part });
type Usage = z.infer<typeof Part>;

/** As the file says, where somebody else measures it; else as this machine does. */
export async function usageOf(folder: string, file: string | undefined): Promise<z.infer<typeof Measured>> {
  const { data } = file === undefined ? {} : Measured.safeParse(parsed(textOf(file)));
  return data ?? { disk: await diskUsage(folder), memory: memoryUsage() };
}

async function diskUsage(folder: string): Promise<Usage> {
  const { blocks, bavail, bsize } = await statfs(folder);
  return { used: (blocks - bavail) * bsize, total: blocks * bsize };
}

/** Of this container where it has limits of its own, else of the machine. */
function memoryUsage(): Usage {
  const limit = numberIn("/sys/fs/cgroup/memory.max");
  const used = numberIn("/sys/fs/cgroup/memory.current");
  if (limit !== undefined && used !== undefined) return { used, total: limit };
  const free = /^MemAvailable:\s+(\d+) kB$/m.exec(textOf("/proc/meminfo"))?.[1];
  const total = totalmem();
  return { used: free === undefined ? 0 : Math.max(0, total - Number(free) * 1024), total };
}

function numberIn(path: string): number | undefined {
  const text = textOf(path).trim();
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
