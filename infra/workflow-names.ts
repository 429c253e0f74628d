import type { workflows } from "@slipway/manifest";
import { accountID, named, partition, region } from "./stage-context.ts";

export type WorkflowName = keyof typeof workflows;

/** ARNs known before the workflow exists, because functions start the workflows that call them. */
export const workflowARN = (name: WorkflowName) =>
  $interpolate`arn:${partition}:states:${region}:${accountID}:stateMachine:${named(name)}`;

/** Every execution of a workflow. */
export const executionARN = (name: WorkflowName) =>
  $interpolate`arn:${partition}:states:${region}:${accountID}:execution:${named(name)}:*`;
