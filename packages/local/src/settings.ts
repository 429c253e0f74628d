import type { ModelChoice } from "./config.ts";
import type { Service } from "./service.ts";

/** The team's choices and the deployment's secrets, which SST links to functions. */
export const settings: Service = {
  start({ options, origin, secrets }) {
    const own = Object.entries(options.models ?? {});
    return {
      links: {
        Settings: {
          url: origin.origin,
          stage: "local",
          adminEmails: options.adminEmails,
          members: options.members ?? [],
          planLimits: options.planLimits,
          defaultModel: own[0]?.[0] ?? defaultModel(options.model),
          models: [
            ...own.map(([id, { context, output }]) => ({ id, contextWindow: context, maxOutput: output })),
            ...addedModels(options.model),
          ],
          trustedModelOrigins: options.trustedModelOrigins ?? [],
        },
        AuthSecret: { value: secrets.authSecret },
        DataKey: { value: secrets.dataKey },
        AuthProviders: { value: options.authProviders },
      },
      close() {},
    };
  },
};

function defaultModel(model: ModelChoice): string {
  if (model.kind === "demo") return "demo";
  return model.kind === "openai-compatible" ? model.model : "global.anthropic.claude-sonnet-5-5";
}

/** What is known of the model behind a setting, and the demo model beside it. */
function addedModels(model: ModelChoice): { id: string; contextWindow?: number }[] {
  if (model.kind !== "openai-compatible") return [];
  const { contextWindow } = model;
  return [{ id: model.model, ...(contextWindow === undefined ? {} : { contextWindow }) }, { id: "demo" }];
}
