import type { Server } from "node:http";
import type { ResourceName } from "@slipway/manifest";
import { z } from "zod";
import { AwsError, createJsonEndpoint, requireGrant } from "../endpoint.ts";
import type { Principal } from "../principal.ts";
import type { Execution, Executions } from "./executions.ts";
import type { Interpreter, Machine } from "./interpreter.ts";

const StartExecution = z.object({
  stateMachineArn: z.string(),
  name: z.string().min(1).max(80),
  input: z.string().default("{}"),
});
const OfExecution = z.object({ executionArn: z.string(), error: z.string().optional(), cause: z.string().optional() });
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

  function requireWaiting(found: boolean): Record<string, never> {
    if (found) return {};
    throw new AwsError(400, "TaskTimedOut", "Task Timed Out: Provided task does not exist anymore");
  }

  const operations: Record<string, (input: unknown) => unknown> = {
    StartExecution(input) {
      const request = StartExecution.parse(input);
      const machine = options.machines.find((candidate) => candidate.arn === request.stateMachineArn);
      if (machine === undefined) throw new AwsError(400, "StateMachineDoesNotExist", "State Machine Does Not Exist");
      const execution = interpreter.start(machine, request.name, request.input);
      if (execution === undefined) {
        throw new AwsError(400, "ExecutionAlreadyExists", `Execution Already Exists: '${request.name}'`);
      }
      return { executionArn: execution.arn, startDate: execution.startedAt / 1000 };
    },
    DescribeExecution(input) {
      const execution = executionOf(OfExecution.parse(input).executionArn);
      return {
        executionArn: execution.arn,
        stateMachineArn: execution.machine,
        name: execution.name,
        status: execution.status,
        startDate: execution.startedAt / 1000,
        input: execution.input,
        ...(execution.endedAt === null ? {} : { stopDate: execution.endedAt / 1000 }),
        ...(execution.output === null ? {} : { output: execution.output }),
        ...(execution.error === null ? {} : { error: execution.error }),
        ...(execution.cause === null ? {} : { cause: execution.cause }),
      };
    },
    ListExecutions(input) {
      const { stateMachineArn } = z.object({ stateMachineArn: z.string() }).parse(input);
      const found = executions.list(stateMachineArn, 100);
      return {
        executions: found.map(({ arn, machine, name, status, startedAt }) => ({
          executionArn: arn,
          stateMachineArn: machine,
          name,
          status,
          startDate: startedAt / 1000,
        })),
      };
    },
    StopExecution(input) {
      const request = OfExecution.parse(input);
      interpreter.stop(executionOf(request.executionArn), request.error, request.cause);
      return { stopDate: Date.now() / 1000 };
    },
    SendTaskSuccess(input) {
      const { taskToken, output } = OfToken.parse(input);
      return requireWaiting(interpreter.succeed(taskToken, output));
    },
    SendTaskFailure(input) {
      const { taskToken, error, cause } = OfToken.parse(input);
      return requireWaiting(interpreter.fail(taskToken, error, cause));
    },
  };

  return createJsonEndpoint({
    principals: options.principals,
    bodyLimit: 1024 * 1024,
    handle(operation, input, principal) {
      const handler = operations[operation];
      if (handler === undefined)
        throw new AwsError(400, "UnknownOperationException", `${operation} is not served locally`);
      requireGrant(principal, `states:${operation}`, machineIn(input));
      try {
        return handler(input);
      } catch (error) {
        if (error instanceof z.ZodError) throw new AwsError(400, "ValidationException", z.prettifyError(error));
        throw error;
      }
    },
    onBug: options.onBug,
  });
}

/** Which workflow a request is about, as the manifest names it; tokens are of runs alone. */
function machineIn(input: unknown): ResourceName {
  const { stateMachineArn = "", executionArn = "" } = z
    .looseObject({ stateMachineArn: z.string().optional(), executionArn: z.string().optional() })
    .parse(input);
  const name = /:(?:stateMachine|execution):([^:]+)/.exec(stateMachineArn || executionArn)?.[1];
  return name === "make-archive" ? name : "agent-run";
}
