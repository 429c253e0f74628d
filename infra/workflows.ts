import { readFileSync } from "node:fs";
import { join } from "node:path";
import { workflows as specs } from "@slipway/manifest";
import { functions } from "./functions.ts";
import { named, partition, title } from "./stage-context.ts";
import { assumedBy } from "./assumed-by.ts";
import type { WorkflowName } from "./workflow-names.ts";

/** State machines from the ASL files that the local cloud runs too; each may invoke its own functions only. */
export const workflows = Object.fromEntries(
  Object.entries(specs).map(([name, { definition, invokes }]) => {
    const source = readFileSync(join($cli.paths.root, "packages/manifest/src", definition), "utf8");
    const targets = invokes.map((target) => functions[target].arn);
    const role = new aws.iam.Role(`${title(name)}WorkflowRole`, {
      name: named(`${name}-workflow`),
      assumeRolePolicy: assumedBy("states.amazonaws.com"),
      inlinePolicies: [
        {
          name: "invoke",
          policy: aws.iam.getPolicyDocumentOutput({
            statements: [{ actions: ["lambda:InvokeFunction"], resources: targets }],
          }).json,
        },
      ],
    });
    const machine = new aws.sfn.StateMachine(`${title(name)}Workflow`, {
      name: named(name),
      type: "STANDARD",
      roleArn: role.arn,
      definition: $resolve([partition, ...targets]).apply(([aws = "", ...arns]) =>
        invokes.reduce(
          (text, target, at) => text.replaceAll(`\${${target}}`, arns[at] ?? ""),
          source.replaceAll("arn:aws:states:::", `arn:${aws}:states:::`),
        ),
      ),
    });
    return [name, machine];
  }),
) as Record<WorkflowName, aws.sfn.StateMachine>;
