import {
  functions as specs,
  previews,
  routes,
  type FunctionName,
  type FunctionSpec,
  type LinkName,
} from "@slipway/manifest";
import { build } from "./build.ts";
import { named, stage, title } from "./stage-context.ts";
import { link } from "./links.ts";
import { assumedBy } from "./assumed-by.ts";
import { permissions } from "./permissions.ts";
import { previewRouter } from "./previews.ts";
import { router } from "./router.ts";

build();

/** What every function has in common, and its permissions from the manifest. */
export function common(
  name: string,
  spec: Pick<FunctionSpec, "memory" | "timeout" | "grants">,
  linked: readonly LinkName[],
) {
  return {
    name: named(name),
    runtime: "nodejs24.x" as const,
    architecture: "arm64" as const,
    memory: `${spec.memory} MB` as const,
    timeout: `${spec.timeout} seconds` as const,
    link: linked.map(link),
    permissions: permissions(name, spec.grants),
    environment: { NODE_ENV: "production" },
    logging: { retention: stage.logRetention, format: "json" as const },
    transform: {
      // The environment holds the key to the links. Under AWS's own key, anyone who may read the function's configuration
      // reads it.
      function: (args: aws.lambda.FunctionArgs) => {
        if (stage.kmsKey !== undefined) args.kmsKeyArn = stage.kmsKey;
        return undefined;
      },
      role: (role: aws.iam.RoleArgs) => {
        if ($dev) return undefined;
        // The managed logging policy covers every log group of the account.
        role.managedPolicyArns = [];
        // SST trusts the whole account with a function's role. Only `sst dev` needs that.
        role.assumeRolePolicy = assumedBy("lambda.amazonaws.com");
        return undefined;
      },
    },
  };
}

const made = Object.entries(specs).map(([name, spec]: [string, FunctionSpec]) => {
  const route =
    name === previews.function
      ? { instance: previewRouter, path: "/" }
      : routes.flatMap((one) => (one.function === name ? [{ instance: router, path: one.prefix }] : []))[0];
  return [
    name,
    new sst.aws.Function(`${title(name)}Function`, {
      ...common(name, spec, spec.links),
      bundle: `.build/functions/${name}`,
      handler: "index.handler",
      ...(route
        ? {
            url: {
              cors: false as const,
              // CloudFront gives up after 60 s at most.
              router: {
                ...route,
                readTimeout: `${Math.min(60, spec.timeout + 1)} seconds` as const,
              },
            },
          }
        : {}),
    }),
  ] as const;
});

export const functions = Object.fromEntries(made) as Record<FunctionName, sst.aws.Function>;
