import { headOf } from "@slipway/contract/cut";
import { ModelRefusal } from "../refusal.ts";
import { errorOf } from "./chunk.ts";

/** What a server refuses a request with, as Bedrock would, in the server's own words. */
export function refusalOf(
  { status, headers }: { status: number; headers: Pick<Headers, "get"> },
  body: string,
): ModelRefusal {
  const error = errorOf(asFields(body));
  const plain = body.trim().startsWith("<") ? "" : body.trim();
  const told = error?.message ?? (plain === "" ? `status ${status}` : plain);
  const message = headOf(`The model server answered: ${told}`, 500);
  const hasNoCredit = status === 402 || /insufficient_quota|insufficient.{0,20}(?:credit|balance|funds)/i.test(body);
  if (hasNoCredit) return new ModelRefusal(400, "ServiceQuotaExceededException", message);
  if (status === 401 || status === 403) return new ModelRefusal(403, "AccessDeniedException", message);
  if (status === 413) return new ModelRefusal(400, "ValidationException", `The input is too long. ${message}`);
  const retryAfter = retryAfterOf(headers);
  if (status === 429) return new ModelRefusal(429, "ThrottlingException", message, retryAfter);
  // An error in a body of status 200 has no other sign.
  const passes = status < 300 && /rate.?limit|overload|unavailable|server.?error|time.?out/i.test(body);
  if (status === 408 || status >= 500 || passes)
    return new ModelRefusal(503, "ServiceUnavailableException", message, retryAfter);
  return new ModelRefusal(400, "ValidationException", message);
}

/** As Bedrock says it: seconds, or a date. */
function retryAfterOf(headers: Pick<Headers, "get">): string | undefined {
  const milliseconds = Number.parseFloat(headers.get("retry-after-ms") ?? "");
  return milliseconds >= 0 ? String(milliseconds / 1000) : (headers.get("retry-after") ?? undefined);
}

function asFields(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
