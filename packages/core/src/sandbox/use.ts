import { month, now } from "../clock/clock.ts";
import { drain } from "../table/table.ts";
import { workspacesOf, type SandboxRecord } from "./record.ts";
import { SandboxUseEntity } from "./sandbox.entity.ts";

/** Dollars per hour of a task: 1 vCPU and 2 GB of ARM on Fargate with a public IPv4 address, us-east-1, November 2026. */
const hourly = 0.0445;
/** Of a launch in which no project was opened. */
const noProject = "-";

/** What a launch used, by its projects: each pays the same part. Recording it again changes nothing. */
export async function recordUse({ sandboxID, userID, epoch, launchedAt }: SandboxRecord): Promise<void> {
  const at = now();
  const seconds = Math.max(0, (at - (launchedAt ?? at)) / 1000);
  const opened = (await workspacesOf(sandboxID)).filter((workspace) => workspace.epoch === epoch);
  const projects = opened.length === 0 ? [noProject] : opened.map(({ projectID }) => projectID);
  const part = seconds / projects.length;
  const rows = projects.map((projectID) => ({
    userID,
    month: month(at),
    sandboxID,
    epoch,
    projectID,
    seconds: Math.round(part * 10) / 10,
    dollars: (part / 3600) * hourly,
    at,
  }));
  await drain(rows, 25, async (part) => ({
    data: [],
    unprocessed: (await SandboxUseEntity.put(part).go()).unprocessed,
  }));
}
