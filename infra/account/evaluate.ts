import type { PolicyStatement } from "./policies.ts";

/** A request to IAM, as far as our policies look at it. */
export interface Ask {
  action: string;
  resource: string;
  /** Condition keys of the request. */
  context?: Readonly<Record<string, string>>;
}

/** Whether IAM would allow a request. Knows wildcards and the condition operators that our policies use. */
export function allows(statements: readonly PolicyStatement[], ask: Ask): boolean {
  const matching = statements.filter(
    ({ Action, Resource, Condition }) =>
      Action.some((pattern) => matches(pattern, ask.action)) &&
      Resource.some((pattern) => matches(pattern, ask.resource)) &&
      Object.entries(Condition ?? {}).every(([operator, keys]) =>
        Object.entries(keys).every(([key, wanted]) => holds(operator, ask.context?.[key], [wanted].flat())),
      ),
  );
  return matching.some(({ Effect }) => Effect === "Allow") && !matching.some(({ Effect }) => Effect === "Deny");
}

function holds(operator: string, value: string | undefined, wanted: readonly string[]): boolean {
  if (operator === "StringEquals") return value !== undefined && wanted.includes(value);
  // True for a request without the key, as in IAM. Several values are separated by commas here.
  if (operator === "ForAllValues:StringEquals") return value?.split(",").every((one) => wanted.includes(one)) ?? true;
  throw new Error(`The operator ${operator} is not implemented.`);
}

/** IAM's wildcards. Resources are case-sensitive; actions are not, but ours are spelt as AWS does. */
function matches(pattern: string, text: string): boolean {
  const source = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`).test(text);
}
