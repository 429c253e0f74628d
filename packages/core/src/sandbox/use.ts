import { month, now } from "../clock/clock.ts";
import { resource } from "../config/config.ts";
import { putItem, type WriteItem } from "../table/table.ts";
import * as Usages from "../usage/system.ts";
import { workspacesOf, type SandboxRecord } from "./record.ts";
import { SandboxUseEntity } from "./sandbox.entity.ts";

/** Of a launch in which no project was opened. */
const noProject = "-";

/** Items of one transaction. More projects than that are not open at once. */
const maxProjects = 90;

/**
 * What a launch used, by its projects: each pays the same part. It is in the person's month with what models cost. For the
 * transaction that ends the launch.
 */
export async function useItems({ sandboxID, userID, epoch, launchedAt }: SandboxRecord): Promise<WriteItem[]> {
  const at = now();
  const { hourly } = resource("Sandboxes");
  const seconds = Math.max(0, (at - (launchedAt ?? at)) / 1000);
  const opened = (await workspacesOf(sandboxID)).filter((workspace) => workspace.epoch === epoch).slice(0, maxProjects);
  const projects = opened.length === 0 ? [noProject] : opened.map(({ projectID }) => projectID);
  const part = seconds / projects.length;
  const use = { userID, month: month(at), sandboxID, epoch, seconds: part, dollars: (part / 3600) * hourly, at };
  return [
    ...projects.map((projectID) => putItem(SandboxUseEntity.put({ ...use, projectID }))),
    Usages.spendItem(userID, month(at), (seconds / 3600) * hourly, 0),
  ];
}
