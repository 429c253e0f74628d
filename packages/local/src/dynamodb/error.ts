/** An error that AWS would send, with the same `body` as dynalite's errors. */
export class DynamoError extends Error {
  readonly statusCode: number;
  readonly body: Record<string, unknown>;
  constructor(type: string, message: string, extra: Record<string, unknown> = {}) {
    super(message);
    this.statusCode = 400;
    this.body = { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message, ...extra };
  }
}

/** The body of an error that AWS would send, ours or dynalite's; undefined for a bug. */
export function bodyOf(error: unknown): Record<string, unknown> | undefined {
  if (!(error instanceof Error) || !("body" in error) || typeof error.body !== "object") return undefined;
  return (error.body ?? undefined) as Record<string, unknown> | undefined;
}

export function unknownOperation(operation: string): DynamoError {
  const error = new DynamoError("UnknownOperationException", `${operation} is not served locally`);
  error.body.__type = "com.amazon.coral.service#UnknownOperationException";
  return error;
}
