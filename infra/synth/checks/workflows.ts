import { workflows } from "@slipway/manifest";
import validate from "asl-validator";
import { rights } from "../policies.ts";
import { type Resource } from "../synth.ts";
import { named, lambdas, roles, machines, each, first, allow, type Check } from "./check.ts";

const definition = (machine: Resource) =>
  JSON.parse(String(machine.inputs.definition)) as { States: Record<string, Record<string, unknown>> };

export const ofWorkflows: readonly Check[] = [
  {
    name: "every workflow of the manifest exists under the name that functions call",
    find: (synth) =>
      each(workflows, (name) =>
        machines(synth).some(({ inputs }) => inputs.name === named(synth, name) && inputs.type === "STANDARD")
          ? undefined
          : `${name} is missing`,
      ),
    plant: (synth) => (first(machines(synth), "GithubSync").name = "github-sync-1a2b3c"),
  },
  {
    name: "functions start workflows that exist",
    find: (synth) => {
      const known = machines(synth).map(({ inputs }) => String(inputs.name));
      return synth.builds.flatMap(({ function: name, links }) =>
        Object.values(links)
          .map(({ arn }) => arn)
          .filter((arn): arn is string => typeof arn === "string" && arn.includes(":stateMachine:"))
          .filter((arn) => !known.includes(arn.split(":").at(-1) ?? ""))
          .map((arn) => `${name} starts ${arn}`),
      );
    },
    plant: (synth) => {
      const link = synth.builds.find(({ links }) => links.AgentRun)?.links.AgentRun;
      if (link) link.arn = "arn:aws:states:us-east-1:123456789012:stateMachine:gone";
    },
  },
  {
    name: "definitions name existing functions, and hold no placeholders",
    find: (synth) => {
      const arns = lambdas(synth).map(({ inputs }) => `:function:${String(inputs.name)}`);
      return machines(synth).flatMap((machine) => {
        const text = String(machine.inputs.definition);
        if (text.includes("${")) return [`${machine.name} holds a placeholder`];
        return Object.entries(definition(machine).States)
          .filter(([, state]) => state.Type === "Task")
          .map(([name, { Parameters }]) => ({
            name,
            target: String((Parameters as { FunctionName: string }).FunctionName),
          }))
          .filter(({ target }) => !arns.some((arn) => target.endsWith(arn)))
          .map(({ name }) => `${machine.name}: ${name} invokes an unknown function`);
      });
    },
    plant: (synth) => {
      const machine = first(machines(synth), "AgentRun");
      machine.definition = String(machine.definition).replace("-settle", "-gone");
    },
  },
  {
    name: "definitions are valid ASL",
    find: (synth) =>
      machines(synth).flatMap((machine) => {
        const { isValid, errorsText } = validate(definition(machine));
        return isValid ? [] : [`${machine.name}: ${errorsText()}`];
      }),
    plant: (synth) => {
      const machine = first(machines(synth), "MakeArchive");
      machine.definition = String(machine.definition).replace('"StartAt": "Make"', '"StartAt": "Nowhere"');
    },
  },
  {
    name: "every task has a timeout, no shorter than its function's",
    find: (synth) =>
      machines(synth).flatMap((machine) =>
        Object.entries(definition(machine).States)
          .filter(([, { Type }]) => Type === "Task")
          .filter(([, { TimeoutSeconds, Parameters }]) => {
            const target = String((Parameters as { FunctionName: string }).FunctionName);
            const limit = lambdas(synth).find(({ inputs }) => target.endsWith(`:${String(inputs.name)}`))?.inputs
              .timeout;
            // Recording a failure is quick, whatever the function's timeout.
            const isNote = "error.$" in ((Parameters as { Payload: object }).Payload ?? {});
            return !(Number(TimeoutSeconds) >= (isNote ? 10 : Number(limit)));
          })
          .map(([name]) => `${machine.name}: ${name}`),
      ),
    plant: (synth) => {
      const machine = first(machines(synth), "AgentRun");
      machine.definition = String(machine.definition).replace('"TimeoutSeconds": 900', '"TimeoutSeconds": 90');
    },
  },
  {
    name: "a throttled call is retried for minutes, ahead of the retries for other errors",
    find: (synth) =>
      machines(synth).flatMap((machine) =>
        Object.entries(definition(machine).States)
          .filter(([, { Type }]) => Type === "Task")
          .filter(([, { Retry }]) => {
            const retriers = (Retry ?? []) as { ErrorEquals: string[]; MaxAttempts: number }[];
            const first = retriers.find(({ ErrorEquals }) =>
              ErrorEquals.some((error) => error === "Lambda.TooManyRequestsException" || error === "States.ALL"),
            );
            return !first?.ErrorEquals.includes("Lambda.TooManyRequestsException") || first.MaxAttempts < 10;
          })
          .map(([name]) => `${machine.name}: ${name}`),
      ),
    plant: (synth) => {
      const machine = first(machines(synth), "GithubSync");
      machine.definition = String(machine.definition).replaceAll("Lambda.TooManyRequestsException", "Lambda.Unknown");
    },
  },
  {
    name: "each may invoke its own functions and nothing else",
    find: (synth) =>
      each(workflows, (name, { invokes }) => {
        const machine = machines(synth).find(({ inputs }) => inputs.name === named(synth, name));
        const role = roles(synth).find(({ inputs }) =>
          String(machine?.inputs.roleArn).endsWith(`/${String(inputs.name)}`),
        );
        if (role === undefined) return `${name} has no role`;
        const may = rights(role).flatMap(({ Action, Resource }) =>
          Action.flatMap((action) => Resource.map((on) => `${action} ${on.split(":").at(-1)}`)),
        );
        const should = invokes.map((target) => `lambda:InvokeFunction ${named(synth, target)}`);
        return may.sort().join() === should.sort().join() ? undefined : `${name} may ${may.join(", ")}`;
      }),
    plant: (synth) =>
      allow(
        first(roles(synth), "GithubSyncWorkflow"),
        "lambda:InvokeFunction",
        "arn:aws:lambda:us-east-1:123456789012:function:other",
      ),
  },
];
