import { readStage } from "./stage.ts";

/** Where this deployment is: its stage, partition (`aws`, `aws-us-gov`, …), account and region. */
export const stage = readStage($app.stage);
export const partition = aws.getPartitionOutput({}).partition;
export const accountID = aws.getCallerIdentityOutput({}).accountId;
export const region = aws.getRegionOutput({}).region;

/** A resource name that other resources use before the resource exists. */
export const named = (name: string): string => `${$app.name}-${$app.stage}-${name}`;

/** `agent-run` → `AgentRun`, the form of component and link names. */
export const title = (name: string): string =>
  name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
