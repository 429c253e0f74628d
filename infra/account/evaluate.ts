import type { PolicyStatement } from "./policies.ts";

/** Whether IAM would allow something: as far as the policies here go, which is wildcards and string conditions. */
export interface Ask {
  action: string;
  resource: string;
  /** Condition keys of the request. */
  context?: Readonly<Record<string, string>>;
}

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
  if (operator === "StringNotEquals") return value === undefined || !wanted.includes(value);
  throw new Error(`no policy of ours has had ${operator}`);
}

/** As IAM matches: a star is anything, case counts in resources and not in actions; ours are spelt right. */
function matches(pattern: string, text: string): boolean {
  const source = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`).test(text);
}
