import { readStage } from "./stage.ts";

/** Where this deployment is: its stage, account and region. */
export const stage = readStage($app.stage);
export const accountID = aws.getCallerIdentityOutput({}).accountId;
export const region = aws.getRegionOutput({}).region;

/** The name of a resource that others must know before it exists. */
export const named = (name: string): string => `${$app.name}-${$app.stage}-${name}`;

/** `agent-run` → `AgentRun`: as SST names components and links. */
export const title = (name: string): string =>
  name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
