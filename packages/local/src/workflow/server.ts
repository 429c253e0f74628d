import type { Server } from "node:http";
import { workflows, type ResourceName } from "@slipway/manifest";
import { z } from "zod";
import { AwsError, createJsonEndpoint, requireGrant } from "../endpoint.ts";
import type { Principal } from "../principal.ts";
import type { Execution, Executions } from "./executions.ts";
import { dataLimit, type Interpreter, type Machine } from "./interpreter.ts";

const StartExecution = z.object({
  stateMachineArn: z.string(),
  // The characters that Step Functions refuses in names: white space, brackets, wildcards, special and control ones.
  name: z
    .string()
    .min(1)
    .max(80)
    .regex(/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]+$/u),
  input: z.string().default("{}"),
});
const OfExecution = z.object({ executionArn: z.string() });
const StopExecution = OfExecution.extend({
  error: z.string().max(256).optional(),
  cause: z.string().max(32_768).optional(),
});
const ListExecutions = z.object({
  stateMachineArn: z.string(),
  statusFilter: z.enum(["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]).optional(),
  maxResults: z.int().min(0).max(1000).default(0),
  /** How many were listed before. */
  nextToken: z.coerce.number().int().positive().optional(),
});
const OfToken = z.object({
  taskToken: z.string(),
  output: z.string().default("{}"),
  error: z.string().default(""),
  cause: z.string().default(""),
});

/** Step Functions' API over an interpreter. */
export function createWorkflowServer(options: {
  machines: readonly Machine[];
  interpreter: Interpreter;
  executions: Executions;
  principals: readonly Principal[];
  onBug(error: unknown): void;
}): Server {
  const { interpreter, executions } = options;

  function executionOf(arn: string): Execution {
    const execution = executions.find(arn);
    if (execution) return execution;
    throw new AwsError(400, "ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
  }

  function machineOf(arn: string): Machine {
    const machine = options.machines.find((candidate) => candidate.arn === arn);
    if (machine) return machine;
    throw new AwsError(400, "StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
  }

  function requireWaiting(found: boolean): Record<string, never> {
    if (found) return {};
    throw new AwsError(400, "TaskTimedOut", "Task Timed Out: Provided task does not exist anymore");
  }

  const operations: Record<string, (input: unknown) => unknown> = {
    StartExecution(input) {
      const request = StartExecution.parse(input);
      const machine = machineOf(request.stateMachineArn);
      requireJson(request.input, "InvalidExecutionInput");
      const execution = interpreter.start(machine, request.name, request.input);
      if (execution === undefined) {
        throw new AwsError(400, "ExecutionAlreadyExists", `Execution Already Exists: '${request.name}'`);
      }
      return { executionArn: execution.arn, startDate: execution.startedAt / 1000 };
    },
    DescribeExecution(input) {
      const execution = executionOf(OfExecution.parse(input).executionArn);
      return {
        ...summary(execution),
        input: execution.input,
        ...(execution.output === null ? {} : { output: execution.output }),
        ...(execution.error === null ? {} : { error: execution.error }),
        ...(execution.cause === null ? {} : { cause: execution.cause }),
      };
    },
    ListExecutions(input) {
      const { stateMachineArn, statusFilter, maxResults, nextToken: offset = 0 } = ListExecutions.parse(input);
      const limit = maxResults || 100;
      const query = { machine: machineOf(stateMachineArn).arn, status: statusFilter, limit: limit + 1, offset };
      const found = executions.list(query);
      return {
        executions: found.slice(0, limit).map(summary),
        ...(found.length > limit ? { nextToken: String(offset + limit) } : {}),
      };
    },
    StopExecution(input) {
      const { executionArn, error, cause } = StopExecution.parse(input);
      const stopped = interpreter.end(executionOf(executionArn).arn, "ABORTED", { error, cause });
      return { stopDate: (stopped?.endedAt ?? Date.now()) / 1000 };
    },
    SendTaskSuccess(input) {
      const { taskToken, output } = OfToken.parse(input);
      requireJson(output, "InvalidOutput");
      return requireWaiting(interpreter.succeed(taskToken, output));
    },
    SendTaskFailure(input) {
      const { taskToken, error, cause } = OfToken.parse(input);
      return requireWaiting(interpreter.fail(taskToken, error, cause));
    },
  };

  /** Which workflow a request is about, as the manifest names it. A token that nothing waits for is taken for a run's. */
  function workflowOf(input: Record<string, unknown>): ResourceName {
    const { stateMachineArn, executionArn, taskToken } = Subject.parse(input);
    const arn = stateMachineArn ?? executionArn ?? executions.findByToken(taskToken ?? "")?.arn ?? "";
    const name = arn.split(":")[6];
    return workflowNames.find((known) => known === name) ?? "agent-run";
  }

  return createJsonEndpoint({
    principals: options.principals,
    bodyLimit: 1024 * 1024,
    handle(operation, input, principal) {
      const handler = operations[operation];
      if (handler === undefined)
        throw new AwsError(400, "UnknownOperationException", `${operation} is not served locally`);
      try {
        requireGrant(principal, `states:${operation}`, workflowOf(input));
        return handler(input);
      } catch (error) {
        if (error instanceof z.ZodError) throw new AwsError(400, "ValidationException", z.prettifyError(error));
        throw error;
      }
    },
    onBug: options.onBug,
  });
}

const workflowNames = Object.keys(workflows) as (keyof typeof workflows)[];

const Subject = z.looseObject({
  stateMachineArn: z.string().optional(),
  executionArn: z.string().optional(),
  taskToken: z.string().optional(),
});

function summary({ arn, machine, name, status, startedAt, endedAt }: Execution) {
  return {
    executionArn: arn,
    stateMachineArn: machine,
    name,
    status,
    startDate: startedAt / 1000,
    ...(endedAt === null ? {} : { stopDate: endedAt / 1000 }),
  };
}

/** @throws AwsError for what is not JSON, or is larger than a state's data may be. */
function requireJson(text: string, code: string): void {
  if (Buffer.byteLength(text) > dataLimit) {
    throw new AwsError(400, "ValidationException", `The data is larger than ${dataLimit} bytes.`);
  }
  try {
    JSON.parse(text);
  } catch (cause) {
    throw Object.assign(new AwsError(400, code, "The data is not JSON."), { cause });
  }
}
