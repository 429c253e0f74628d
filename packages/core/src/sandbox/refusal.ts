import { VisibleError } from "@slipway/contract/error";

/**
 * What ECS says when it starts no task, in words that name the next step. A `busy` one passes by itself: the launch tries again
 * for as long as it may take. Any other one needs somebody to change something.
 */

const noRoom = "AWS has no room for another sandbox now. Starting it is tried again for up to five minutes.";
const cannotStart = (why: string) =>
  `This deployment cannot start sandboxes (${why}). Ask its administrator to check SLIPWAY_SANDBOX_IMAGE and deploy again.`;

/** Of a request that was refused. Undefined for what is no refusal, such as a broken connection. */
export function refusalOf(error: unknown): VisibleError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (isPassing(`${error.name} ${error.message}`)) return new VisibleError("busy", noRoom, {}, error);
  return permanent.has(error.name)
    ? new VisibleError("unavailable", cannotStart(`${error.name}: ${brief(error.message)}`), {}, error)
    : undefined;
}

/** Of a request that was accepted and started nothing, with its reason, such as `RESOURCE:ENI`. */
export function refusalFor(reason: string): VisibleError {
  return isPassing(reason)
    ? new VisibleError("busy", noRoom)
    : new VisibleError("unavailable", cannotStart(brief(reason)));
}

/** Why a task that was started has ended before its program answered. What is not ECS's own stays as it is. */
export function inWords(reason: string): string {
  if (/^CannotPull\w*Error\b/.test(reason)) return cannotStart(brief(reason));
  if (/^Capacity is unavailable\b/.test(reason))
    return "AWS had no room for the sandbox. Start it again in a few minutes.";
  if (/^ResourceInitializationError\b/.test(reason))
    return `AWS could not prepare the sandbox (${brief(reason)}). Start it again.`;
  return reason;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html */
const permanent = new Set([
  ...["AccessDeniedException", "BlockedException", "ClientException", "ClusterNotFoundException"],
  ...["InvalidParameterException", "PlatformTaskDefinitionIncompatibilityException", "PlatformUnknownException"],
  ...["UnsupportedFeatureException", "UnrecognizedClientException"],
]);

function isPassing(text: string): boolean {
  return /capacity|concurrent|throttl|RESOURCE:|ServerException|limit on the number|rate exceeded/i.test(text);
}

function brief(reason: string): string {
  return reason.split("\n")[0]?.slice(0, 300).replace(/\.$/, "") ?? "";
}
