import type { LinkName } from "@slipway/manifest";
import { blobs } from "./blobs.ts";
import { stage } from "./here.ts";
import { origin } from "./router.ts";
import { secrets } from "./secrets.ts";
import { socket } from "./socket-api.ts";
import { table } from "./table.ts";
import { workflowARN } from "./workflow-names.ts";

/** What `Resource.<name>` is in the functions' code. A link carries values and no permission. */
export const links: Record<LinkName, unknown> = {
  Table: table,
  Blobs: blobs,
  AgentRun: new sst.Linkable("AgentRun", { properties: { arn: workflowARN("agent-run") } }),
  MakeArchive: new sst.Linkable("MakeArchive", { properties: { arn: workflowARN("make-archive") } }),
  Transfer: new sst.Linkable("Transfer", { properties: { arn: workflowARN("transfer") } }),
  Socket: socket,
  Settings: new sst.Linkable("Settings", {
    properties: {
      url: origin,
      stage: stage.name,
      adminEmails: stage.adminEmails,
      members: stage.members,
      planLimits: stage.planLimits,
      defaultModel: stage.defaultModel,
    },
  }),
  ...secrets,
};
