import {
  DescribeTasksCommand,
  ECSClient,
  InvalidParameterException,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
  type Task,
} from "@aws-sdk/client-ecs";
import { DescribeNetworkInterfacesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { VisibleError } from "@slipway/contract/error";
import { resource } from "../config/config.ts";
import * as Log from "../log/log.ts";
import { inWords, refusalFor, refusalOf } from "./refusal.ts";
import type { ComputeProvider, TaskState } from "./compute.ts";

/**
 * Tasks on Fargate, with a public address each. ECS knows the task's network interface, EC2 that one's public name; the edge
 * accepts no other kind of name. This module is loaded on first use: its clients are large.
 */

const ecs = new ECSClient({ maxAttempts: 4 });
const ec2 = new EC2Client({ maxAttempts: 4 });
/** Tasks that one request describes. */
const pageSize = 100;

export const fargate: ComputeProvider = {
  async start({ token, owner, environment }) {
    const { cluster, taskDefinition, container, subnets, securityGroups } = resource("Sandboxes");
    if (taskDefinition === "")
      throw new VisibleError("unavailable", "This deployment has no image for sandboxes. Ask its administrator.");
    const { tasks = [], failures = [] } = await ecs
      .send(
        new RunTaskCommand({
          cluster,
          taskDefinition,
          launchType: "FARGATE",
          clientToken: token,
          startedBy: owner,
          networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups, assignPublicIp: "ENABLED" } },
          overrides: {
            containerOverrides: [
              { name: container, environment: Object.entries(environment).map(([name, value]) => ({ name, value })) },
            ],
          },
        }),
      )
      .catch((error: unknown) => {
        throw refusalOf(error) ?? error;
      });
    const task = tasks[0]?.taskArn;
    if (task === undefined) throw refusalFor(failures[0]?.reason ?? "no reason given");
    return task;
  },

  async find(wanted) {
    const tasks = await describe(wanted);
    const names = await publicNames(tasks.filter(isRunning));
    return new Map(tasks.map((task) => [task.taskArn ?? "", stateOf(task, names)]));
  },

  async list() {
    const { cluster } = resource("Sandboxes");
    const arns: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await ecs.send(new ListTasksCommand({ cluster, nextToken }));
      arns.push(...(page.taskArns ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return (await describe(arns)).map(({ taskArn = "", startedBy = "", createdAt }) => ({
      task: taskArn,
      owner: startedBy,
      startedAt: createdAt?.getTime() ?? 0,
    }));
  },

  async stop(task, reason) {
    try {
      await ecs.send(
        new StopTaskCommand({ cluster: resource("Sandboxes").cluster, task, reason: reason.slice(0, 1024) }),
      );
    } catch (error) {
      // ECS forgets a task about an hour after it has stopped.
      if (!(error instanceof InvalidParameterException)) throw error;
    }
  },
};

async function describe(arns: readonly string[]): Promise<Task[]> {
  const { cluster } = resource("Sandboxes");
  const found: Task[] = [];
  for (let at = 0; at < arns.length; at += pageSize) {
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: arns.slice(at, at + pageSize) }));
    found.push(...tasks);
  }
  return found;
}

function isRunning({ lastStatus, desiredStatus }: Task): boolean {
  return lastStatus === "RUNNING" && desiredStatus === "RUNNING";
}

function stateOf(task: Task, names: ReadonlyMap<string, string>): TaskState {
  if (task.desiredStatus === "STOPPED") {
    const reason = task.containers?.[0]?.reason ?? task.stoppedReason ?? "It has stopped.";
    return { state: "stopped", reason: inWords(reason) };
  }
  const name = names.get(interfaceOf(task) ?? "");
  // The interface of a task that has just started may not be known to EC2 yet.
  if (!isRunning(task) || name === undefined) return { state: "starting" };
  return { state: "running", origin: `${name}:${resource("Sandboxes").port}` };
}

/** Public names by network interface. */
async function publicNames(tasks: readonly Task[]): Promise<Map<string, string>> {
  const ids = tasks.flatMap((task) => interfaceOf(task) ?? []);
  if (ids.length === 0) return new Map();
  try {
    const { NetworkInterfaces = [] } = await ec2.send(
      new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: ids }),
    );
    return new Map(
      NetworkInterfaces.flatMap(({ NetworkInterfaceId: id, Association }) =>
        id && Association?.PublicDnsName ? [[id, Association.PublicDnsName] as const] : [],
      ),
    );
  } catch (error) {
    // One of several may have gone between the two questions.
    Log.error("task-address-unknown", error, { interfaces: ids.length });
    return new Map();
  }
}

function interfaceOf({ attachments = [] }: Task): string | undefined {
  const details = attachments.find(({ type }) => type === "ElasticNetworkInterface")?.details ?? [];
  return details.find(({ name }) => name === "networkInterfaceId")?.value;
}
