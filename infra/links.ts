import { workflows, type LinkName } from "@slipway/manifest";
import { blobs } from "./blobs.ts";
import { stage, title } from "./stage-context.ts";
import { previewOrigin } from "./previews.ts";
import { origin } from "./router.ts";
import { sandboxLinks } from "./sandbox.ts";
import { secrets } from "./secrets.ts";
import { closedAdvice, openProvider } from "./sign-in.ts";
import { socket } from "./socket-api.ts";
import { table } from "./table.ts";
import { workflowARN, type WorkflowName } from "./workflow-names.ts";

const workflowLinks = Object.fromEntries(
  (Object.keys(workflows) as WorkflowName[]).map((name) => [
    title(name),
    new sst.Linkable(title(name), { properties: { arn: workflowARN(name) } }),
  ]),
);

/** Refuses to deploy what anyone could sign in to, and spend on the team's models. `*` says that this is meant. */
const members = secrets.AuthProviders.value.apply((providers) => {
  const open = openProvider(providers, stage.members);
  if (open !== undefined) throw new Error(`Anyone could sign in through ${open}. ${closedAdvice}`);
  return [...stage.members];
});

const links: Readonly<Record<string, unknown>> = {
  Table: table,
  Blobs: blobs,
  Socket: socket,
  Previews: new sst.Linkable("Previews", { properties: { origin: previewOrigin } }),
  Settings: new sst.Linkable("Settings", {
    properties: {
      url: origin,
      stage: stage.name,
      adminEmails: stage.adminEmails,
      members,
      planLimits: stage.planLimits,
      defaultModel: stage.defaultModel,
      models: [...stage.models],
      hiddenModels: [...stage.hiddenModels],
    },
  }),
  ...workflowLinks,
  ...sandboxLinks,
  ...secrets,
};

/** What `Resource.<name>` is in a function's code. A link carries values and no permission. */
export function link(name: LinkName): unknown {
  const found = links[name];
  if (found === undefined) throw new Error(`The manifest names a link that infra/links.ts does not make: ${name}`);
  return found;
}
