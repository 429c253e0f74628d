import { readFileSync } from "node:fs";
import { join } from "node:path";
import { workflows } from "@slipway/manifest";
import { closeServer, listenOnLoopback } from "../endpoint.ts";
import { bug } from "../log.ts";
import type { Service } from "../service.ts";
import { parseDefinition } from "./definition.ts";
import { openExecutions } from "./executions.ts";
import { createInterpreter, type Machine } from "./interpreter.ts";
import { createWorkflowServer } from "./server.ts";

type WorkflowName = keyof typeof workflows;

export interface ExecutionControls {
  /**
   * Ends an execution behind the product's back, as a fault of AWS or someone at its console would. A function that it
   * has invoked keeps running. False when none of that name is running.
   */
  endExecution(workflow: WorkflowName, name: string, status?: "ABORTED" | "FAILED" | "TIMED_OUT"): boolean;
}

/** Step Functions, with the manifest's workflows. */
export const stepFunctions: Service<ExecutionControls> = {
  async start({ options, principals, meter, invoke }) {
    const onBug = (error: unknown) => bug("workflow", error);
    const machines = machinesOf(options.root);
    const executions = openExecutions(join(options.data, "workflow"));
    const interpreter = createInterpreter({ meter, machines, executions, invoke, onBug });
    const server = createWorkflowServer({
      machines,
      interpreter,
      executions,
      principals: Object.values(principals),
      onBug,
    });
    return {
      endpoints: { AWS_ENDPOINT_URL_SFN: await listenOnLoopback(server) },
      links: {
        AgentRun: { arn: machineARN("agent-run") },
        FileOperation: { arn: machineARN("file-operation") },
        MakeArchive: { arn: machineARN("make-archive") },
        GithubSync: { arn: machineARN("github-sync") },
      },
      controls: {
        endExecution(workflow, name, status = "ABORTED") {
          const arn = `${machineARN(workflow).replace(":stateMachine:", ":execution:")}:${name}`;
          return executions.find(arn)?.status === "RUNNING" && interpreter.end(arn, status)?.status === status;
        },
      },
      resume: () => interpreter.resume(),
      async close() {
        interpreter.close();
        await closeServer(server);
        executions.close();
      },
    };
  },
};

function machinesOf(root: string): Machine[] {
  return Object.entries(workflows).map(([name, { definition, invokes }]) => {
    const source = readFileSync(join(root, "packages/manifest/src", definition), "utf8");
    const named = invokes.reduce((text, target) => text.replaceAll(`\${${target}}`, target), source);
    return { arn: machineARN(name as WorkflowName), definition: parseDefinition(named) };
  });
}

const machineARN = (name: WorkflowName): string => `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
