// `npm run reset`: forgets everything that was made here.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

const data = resolve(process.env.SLIPWAY_DATA ?? ".slipway");
const lock = join(data, "lock");
if (!existsSync(data)) {
  process.stdout.write(`There is no data at ${data}.\n`);
} else if (!existsSync(join(data, "secrets.json"))) {
  process.stderr.write(`${data} does not look like Slipway's data, so it is left alone.\n`);
  process.exit(1);
} else if (existsSync(lock) && isRunning(Number(readFileSync(lock, "utf8")))) {
  process.stderr.write(`Slipway is running on ${data}. Stop it first.\n`);
  process.exit(1);
} else {
  rmSync(data, { recursive: true });
  process.stdout.write(`Removed ${data}.\n`);
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
