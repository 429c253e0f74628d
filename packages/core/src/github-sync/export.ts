import { VisibleError } from "@slipway/contract/error";
import * as GitHub from "../github/github.ts";
import { notConnected, type ExportStep } from "./export-step.ts";
import { toEmptyRepository, toNewRepository } from "./first-push.ts";
import { toPullRequest } from "./pull-request.ts";
import { source as readSource, type Next, type Request, type Step } from "./record.ts";

/** Exports to the source repository, as a pull request or a first commit, or to a new repository. */
export async function runExport(step: Step, request: Extract<Request, { kind: "export" }>): Promise<Next> {
  const { credential } = step.client;
  if (!credential || !GitHub.reachesRepositories(credential)) throw notConnected();
  const known = await readSource(step.record.projectID);
  const whole: ExportStep = { ...step, request, credential };
  if (request.repository) return toNewRepository(whole, known);
  if (!known) throw new VisibleError("invalid_input", "This project has no source repository. Export it to a new one.");
  return known.commit === undefined ? toEmptyRepository(whole, known) : toPullRequest(whole, known);
}
