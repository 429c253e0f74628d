/** An error that AWS would send: dynalite's carry a `body` alike. */
export class DynamoError extends Error {
  readonly statusCode: number;
  readonly body: Record<string, unknown>;
  constructor(type: string, message: string, extra: Record<string, unknown> = {}) {
    super(message);
    this.statusCode = 400;
    this.body = { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message, ...extra };
  }
}

/** The error's body, if it is one that AWS would send: ours and dynalite's carry it alike. */
export function bodyOf(error: unknown): Record<string, unknown> | undefined {
  if (!(error instanceof Error) || !("body" in error) || typeof error.body !== "object") return undefined;
  return (error.body ?? undefined) as Record<string, unknown> | undefined;
}

export function unknownOperation(operation: string): DynamoError {
  const error = new DynamoError("UnknownOperationException", `${operation} is not served locally`);
  error.body.__type = "com.amazon.coral.service#UnknownOperationException";
  return error;
}
