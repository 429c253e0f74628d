import type { Resource, Synth } from "./synth.ts";

/** Reads the IAM policies of a synthesised deployment. */

export interface Statement {
  Effect: string;
  Action: string[];
  Resource: string[];
  Principal: Record<string, string[]>;
}

export function ofType(synth: Synth, type: string): Resource[] {
  return synth.resources.filter((resource) => resource.type === type);
}

/** Policy documents in one form; IAM allows several. */
export function statements(document: unknown): Statement[] {
  const { Statement: list } = (typeof document === "string" ? JSON.parse(document) : document) as {
    Statement: Record<string, unknown>[];
  };
  return list.map(({ Effect, Action, Resource, Principal }) => ({
    Effect: String(Effect),
    Action: asList(Action),
    Resource: asList(Resource),
    Principal: Object.fromEntries(
      Object.entries((typeof Principal === "string" ? { "*": Principal } : Principal) ?? {}).map(([kind, of]) => [
        kind,
        asList(of),
      ]),
    ),
  }));
}

/** The statements of a role's inline policies. */
export function rights(role: Resource): Statement[] {
  const policies = (role.inputs.inlinePolicies ?? []) as { policy: string }[];
  return policies.flatMap(({ policy }) => statements(policy));
}

/** The role of a Lambda function, by the function's AWS name. */
export function roleOf(synth: Synth, functionName: string): Resource | undefined {
  const made = ofType(synth, "aws:lambda/function:Function").find(({ inputs }) => inputs.name === functionName);
  const arn = String(made?.inputs.role);
  return ofType(synth, "aws:iam/role:Role").find(({ inputs }) => arn.endsWith(`:role/${String(inputs.name)}`));
}

function asList(value: unknown): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
