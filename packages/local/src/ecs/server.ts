import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import { z } from "zod";
import { AwsError, authenticate, createJsonEndpoint, readBody, requireGrant } from "../endpoint.ts";
import type { Principal } from "../principal.ts";
import { clusterARN, type Task, type Tasks } from "./tasks.ts";

/** ECS as far as sandboxes need it, and of EC2 the one question by which the address of a task is found. */

const RunTask = z.object({
  cluster: z.string(),
  taskDefinition: z.string().min(1),
  launchType: z.enum(["FARGATE"]),
  count: z.literal(1).default(1),
  clientToken: z.string().max(64).optional(),
  startedBy: z.string().max(128).optional(),
  propagateTags: z.string().optional(),
  tags: z.array(z.object({ key: z.string().optional(), value: z.string().optional() })).default([]),
  networkConfiguration: z.object({
    awsvpcConfiguration: z.object({
      subnets: z.array(z.string()).min(1).max(16),
      securityGroups: z.array(z.string()).max(5).default([]),
      assignPublicIp: z.literal("ENABLED"),
    }),
  }),
  overrides: z
    .object({
      containerOverrides: z
        .array(
          z.object({
            name: z.string(),
            environment: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
          }),
        )
        .default([]),
    })
    .default({ containerOverrides: [] }),
});
const DescribeTasks = z.object({ cluster: z.string(), tasks: z.array(z.string()).min(1).max(100) });
const StopTask = z.object({ cluster: z.string(), task: z.string(), reason: z.string().max(1024).optional() });
const ListTasks = z.object({
  cluster: z.string(),
  family: z.string().optional(),
  startedBy: z.string().optional(),
  desiredStatus: z.enum(["RUNNING", "PENDING", "STOPPED"]).default("RUNNING"),
  maxResults: z.int().min(1).max(100).default(100),
  /** How many were listed before. */
  nextToken: z.coerce.number().int().positive().optional(),
});

/** Faults that a test injects. */
export interface EcsFaults {
  /** A task is MISSING the first time it is described: ECS is eventually consistent. */
  unknownAtFirst?: boolean;
  /** No task is started, for this reason. */
  refuse?: { code: string; message: string } | undefined;
}

export function createEcsServer(options: {
  tasks: Tasks;
  /** The family, and the names of the containers that it defines. */
  definition: { family: string; container: string; environment: Readonly<Record<string, string>> };
  principals: readonly Principal[];
  faults?: EcsFaults;
  onBug(error: unknown): void;
}): Server {
  const { tasks, definition, faults = {} } = options;

  /** A task as DescribeTasks sees it. */
  function described(name: string): Task | undefined {
    const task = tasks.find(name);
    if (task === undefined || !faults.unknownAtFirst || seen.has(task.arn)) return task;
    seen.add(task.arn);
    return undefined;
  }
  const seen = new Set<string>();

  function known(arnOrID: string): Task {
    const task = tasks.find(arnOrID);
    if (task) return task;
    throw new AwsError(400, "InvalidParameterException", "The referenced task was not found.");
  }

  const operations: Record<string, (input: unknown, principal: Principal) => unknown> = {
    RunTask(input, principal) {
      if (faults.refuse) throw new AwsError(400, faults.refuse.code, faults.refuse.message);
      const request = RunTask.parse(input);
      const [family = ""] = request.taskDefinition.split("/").at(-1)?.split(":") ?? [];
      if (family !== definition.family)
        throw new AwsError(400, "ClientException", `TaskDefinition not found: ${request.taskDefinition}`);
      // ECS takes the role of the definition on behalf of the caller.
      requireGrant(principal, "iam:PassRole", "sandboxes");
      const overrides = request.overrides.containerOverrides.map(({ name, environment }) => {
        if (name !== definition.container)
          throw new AwsError(
            400,
            "InvalidParameterException",
            `Override for container named ${name} is not a container in the TaskDefinition.`,
          );
        return Object.fromEntries(environment.map((variable) => [variable.name, variable.value]));
      });
      const task = tasks.run({
        clientToken: request.clientToken,
        startedBy: request.startedBy,
        definition: definition.family,
        environment: Object.assign({}, definition.environment, ...overrides),
        tags: request.tags,
      });
      return { tasks: [describe(task)], failures: [] };
    },
    DescribeTasks(input) {
      const found = DescribeTasks.parse(input).tasks.map((name) => ({ name, task: described(name) }));
      return {
        tasks: found.flatMap(({ task }) => (task ? [describe(task)] : [])),
        failures: found.flatMap(({ name, task }) => (task ? [] : [{ arn: name, reason: "MISSING" }])),
      };
    },
    StopTask(input) {
      const { task: name, reason } = StopTask.parse(input);
      const task = known(name);
      tasks.stop(task, reason ?? "Task stopped by user");
      return { task: describe(task) };
    },
    ListTasks(input) {
      const { family, startedBy, desiredStatus, maxResults, nextToken: offset = 0 } = ListTasks.parse(input);
      const found = tasks
        .all()
        .filter((task) => (task.isWanted ? "RUNNING" : "STOPPED") === desiredStatus)
        .filter((task) => family === undefined || task.definition === family)
        .filter((task) => startedBy === undefined || task.startedBy === startedBy)
        .map(({ arn }) => arn);
      return {
        taskArns: found.slice(offset, offset + maxResults),
        ...(found.length > offset + maxResults ? { nextToken: String(offset + maxResults) } : {}),
      };
    },
  };

  return createJsonEndpoint({
    principals: options.principals,
    bodyLimit: 1024 * 1024,
    handle(operation, input, principal) {
      const handler = operations[operation];
      if (handler === undefined)
        throw new AwsError(400, "UnknownOperationException", `${operation} is not served locally`);
      try {
        requireGrant(principal, `ecs:${operation}`, "sandboxes");
        requireCluster(input);
        return handler(input, principal);
      } catch (error) {
        if (error instanceof z.ZodError) throw new AwsError(400, "InvalidParameterException", z.prettifyError(error));
        throw error;
      }
    },
    onBug: options.onBug,
  });
}

function requireCluster({ cluster }: Record<string, unknown>): void {
  if (cluster !== clusterARN && cluster !== clusterARN.split("/")[1])
    throw new AwsError(400, "ClusterNotFoundException", "Cluster not found.");
}

function describe(task: Task) {
  const { arn, status, startedBy, createdAt, startedAt, stoppedAt } = task;
  const isRunning = status === "RUNNING";
  return {
    taskArn: arn,
    clusterArn: clusterARN,
    taskDefinitionArn: `arn:aws:ecs:us-east-1:000000000000:task-definition/${task.definition}:1`,
    lastStatus: status === "RUNNING" && !task.isWanted ? "DEPROVISIONING" : status,
    desiredStatus: task.isWanted ? "RUNNING" : "STOPPED",
    launchType: "FARGATE",
    createdAt: createdAt / 1000,
    tags: task.tags,
    ...(startedBy === undefined ? {} : { startedBy }),
    ...(startedAt === undefined ? {} : { startedAt: startedAt / 1000 }),
    ...(stoppedAt === undefined ? {} : { stoppedAt: stoppedAt / 1000 }),
    ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
    ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
    attachments: [
      {
        id: randomUUID(),
        type: "ElasticNetworkInterface",
        status: isRunning ? "ATTACHED" : "PRECREATED",
        details: isRunning ? [{ name: "networkInterfaceId", value: interfaceOf(task) }] : [],
      },
    ],
    containers: [
      {
        name: "sandbox",
        lastStatus: status,
        ...(task.exitCode === undefined || task.exitCode === null ? {} : { exitCode: task.exitCode }),
      },
    ],
  };
}

const interfaceOf = ({ id }: Task): string => `eni-${id.slice(0, 17)}`;

/** The public name of a running task, in EC2's form. Only the local edge knows where it leads. */
export function publicName({ address }: Task): string {
  return `ec2-198-51-${Math.floor(address / 254) % 256}-${(address % 254) + 1}.compute-1.amazonaws.com`;
}

/** EC2's query protocol: a form goes in, XML comes out. */
export function createEc2Server(options: {
  tasks: Tasks;
  principals: readonly Principal[];
  onBug(error: unknown): void;
}): Server {
  return createServer((request, response) => {
    async function answer(): Promise<void> {
      try {
        const body = await readBody(request, 64 * 1024);
        const principal = authenticate(request, body, { principals: options.principals });
        const form = new URLSearchParams(body.toString());
        const action = form.get("Action") ?? "";
        if (action !== "DescribeNetworkInterfaces")
          throw new AwsError(400, "InvalidAction", `${action} is not served locally`);
        requireGrant(principal, `ec2:${action}`, "sandboxes");
        const wanted = [...form].flatMap(([name, value]) => (/^NetworkInterfaceId\.\d+$/.test(name) ? [value] : []));
        const found = options.tasks.all().filter((task) => wanted.includes(interfaceOf(task)) && task.container);
        if (found.length < wanted.length)
          throw new AwsError(400, "InvalidNetworkInterfaceID.NotFound", "The networkInterface ID does not exist");
        send(
          200,
          `<DescribeNetworkInterfacesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>${randomUUID()}</requestId><networkInterfaceSet>${found.map(item).join("")}</networkInterfaceSet></DescribeNetworkInterfacesResponse>`,
        );
      } catch (error) {
        if (!(error instanceof AwsError)) options.onBug(error);
        const { status, code, message } =
          error instanceof AwsError ? error : new AwsError(500, "InternalError", "Internal error");
        send(
          status,
          `<Response><Errors><Error><Code>${code}</Code><Message>${message.replace(/[<&]/g, "")}</Message></Error></Errors><RequestID>${randomUUID()}</RequestID></Response>`,
        );
      }
    }
    function send(status: number, xml: string): void {
      response
        .writeHead(status, { "content-type": "text/xml;charset=UTF-8" })
        .end(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`);
    }
    void answer();
  });
}

function item(task: Task): string {
  const name = publicName(task);
  const ip = name.slice(4, name.indexOf(".")).replaceAll("-", ".");
  return `<item><networkInterfaceId>${interfaceOf(task)}</networkInterfaceId><association><publicIp>${ip}</publicIp><publicDnsName>${name}</publicDnsName></association></item>`;
}
