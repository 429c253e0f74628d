import { join } from "node:path";
import { functions, web, type FunctionSpec } from "@slipway/manifest";
import { ofType } from "../policies.ts";
import type { Resource, Synth } from "../synth.ts";

/** What must be true of a deployment. Each check also plants a fault, which the tests expect it to find. */
export interface Check {
  readonly name: string;
  /** What is wrong; empty when the check passes. */
  find(synth: Synth): string[];
  /** Plants a fault. */
  plant(synth: Synth): void;
}

export const root = join(import.meta.dirname, "../../..");
export const specs: Record<string, Pick<FunctionSpec, "memory" | "timeout" | "links" | "grants">> = {
  ...functions,
  web: { ...web, grants: [] },
};

export const named = (synth: Synth, name: string) => `${synth.app.name}-${synth.app.stage}-${name}`;
export const lambdas = (synth: Synth) => ofType(synth, "aws:lambda/function:Function");
export const lambda = (synth: Synth, name: string) =>
  lambdas(synth).find(({ inputs }) => inputs.name === named(synth, name));
export const roles = (synth: Synth) => ofType(synth, "aws:iam/role:Role");
export const buckets = (synth: Synth) => ofType(synth, "aws:s3/bucket:Bucket");
export const tables = (synth: Synth) => ofType(synth, "aws:dynamodb/table:Table");
export const machines = (synth: Synth) => ofType(synth, "aws:sfn/stateMachine:StateMachine");
export const dynamic = (synth: Synth, kind: string) =>
  ofType(synth, "pulumi-nodejs:dynamic:Resource").filter(({ name }) => name.endsWith(`.${kind}`));

/** The inputs of the first resource, or of the first whose name contains `name`, to plant a fault in. */
export function first(resources: readonly Resource[], name?: string): Record<string, unknown> {
  const found = name === undefined ? resources[0] : resources.find((resource) => resource.name.includes(name));
  if (found === undefined) throw new Error(`there is no ${name ?? "resource"} to plant a fault in`);
  return found.inputs;
}

export function remove(synth: Synth, is: (resource: Resource) => boolean): void {
  synth.resources = synth.resources.filter((resource) => !is(resource));
}

/** One line for each entry with a fault. */
export const each = <T>(
  of: Readonly<Record<string, T>>,
  say: (name: string, entry: T) => string | undefined,
): string[] => Object.entries(of).flatMap(([name, entry]) => say(name, entry) ?? []);

/** Adds a statement to a role's first policy. */
export function allow(role: Record<string, unknown>, action: string, resource: string): void {
  const policies = role.inlinePolicies as { policy: string }[];
  const policy = policies[0];
  if (policy === undefined) throw new Error("the role has no policy");
  const document = JSON.parse(policy.policy) as { Statement: unknown[] };
  document.Statement.push({ Effect: "Allow", Action: [action], Resource: [resource] });
  policy.policy = JSON.stringify(document);
}
