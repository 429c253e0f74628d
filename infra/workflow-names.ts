import type { workflows } from "@slipway/manifest";
import { accountID, named, region } from "./here.ts";

export type WorkflowName = keyof typeof workflows;

/** A workflow's ARN, known before it exists: functions start what calls them. */
export const workflowARN = (name: WorkflowName) =>
  $interpolate`arn:aws:states:${region}:${accountID}:stateMachine:${named(name)}`;
