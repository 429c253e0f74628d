import { Resource } from "sst/resource";
import { z } from "zod";

/**
 * The package's only access to its deployment configuration, through linked resources. Each is read on first use, because
 * a function has only the links that the manifest grants.
 */

const Value = z.object({ value: z.string() });
const shapes = {
  Table: z.object({ name: z.string() }),
  Blobs: z.object({ name: z.string() }),
  AgentRun: z.object({ arn: z.string() }),
  FileOperation: z.object({ arn: z.string() }),
  MakeArchive: z.object({ arn: z.string() }),
  GithubSync: z.object({ arn: z.string() }),
  Socket: z.object({ url: z.string(), managementEndpoint: z.string() }),
  Previews: z.object({
    origin: z
      .string()
      .meta({ description: "Where previews are served. A `*` in its host stands for one preview's label." }),
  }),
  Sandboxes: z.object({
    cluster: z.string(),
    taskDefinition: z.string(),
    container: z.string(),
    subnets: z.array(z.string()).min(1),
    securityGroups: z.array(z.string()),
    port: z.int().meta({ description: "Where a task's runner listens." }),
    keepsDisk: z.boolean().default(false).meta({
      description:
        "A task that is killed leaves its disk to the next one of its sandbox. Otherwise it goes with the task.",
    }),
    hourly: z.number().nonnegative().default(0.0445).meta({
      description:
        "Dollars per hour of a task. By default 1 vCPU and 2 GB of ARM on Fargate with a public IPv4 address in us-east-1, as infra/cost/prices.json has them of 2026-11-21.",
    }),
    obstacle: z.string().optional().meta({ description: "Why there can be none, in a sentence for people." }),
    pool: z
      .int()
      .min(0)
      .default(0)
      .meta({ description: "Tasks that wait for a launch. Each costs what a used one does." }),
  }),
  SandboxEdge: z.object({
    previews: z.string().meta({ description: "Origin of previews. A `*` in its host stands for one preview's label." }),
    sockets: z.string().meta({ description: "Origin of WebSockets of pages." }),
    control: z.string().meta({ description: "Origin by which functions reach runners." }),
  }),
  SandboxKey: Value,
  Settings: z.object({
    url: z.string().meta({ description: "Public origin, without a slash at its end." }),
    stage: z.string(),
    adminEmails: z.array(z.string()),
    members: z.array(z.string()).default([]).meta({
      description: "E-mail addresses, `@domain`s or `*`: who may sign in besides admins. Empty for everyone.",
    }),
    planLimits: z.object({ free: z.int(), pro: z.int() }),
    defaultModel: z.string(),
    models: z
      .array(
        z.object({
          id: z.string(),
          label: z.string().optional(),
          contextWindow: z.int().positive().optional(),
          maxOutput: z.int().positive().optional(),
        }),
      )
      .default([])
      .meta({ description: "Models that the team adds, and what it knows of them." }),
    trustedModelOrigins: z.array(z.string()).default([]).meta({
      description: "Origins of model endpoints that may be private or without TLS, such as `http://localhost:11434`.",
    }),
    hiddenModels: z.array(z.string()).default([]).meta({ description: "Models that people are not offered." }),
  }),
  AuthSecret: Value,
  DataKey: Value,
  AuthProviders: Value,
};
type Shapes = typeof shapes;

/** The deployment's login providers: JSON in `AuthProviders`. */
const Providers = z.array(
  z.discriminatedUnion("type", [
    z.object({
      type: z.literal("github"),
      clientId: z.string().min(1),
      clientSecret: z.string().min(1),
      /** URL of a GitHub Enterprise server, such as `https://git.example.com`. */
      baseUrl: z.url().optional(),
      /** The GitHub App's name in its URL. Absent for an OAuth app. */
      appSlug: z.string().min(1).optional(),
    }),
    z.object({
      type: z.literal("oidc"),
      id: z.string().regex(/^[a-z][a-z0-9-]*$/),
      name: z.string().min(1),
      issuer: z.url(),
      clientId: z.string().min(1),
      clientSecret: z.string().min(1),
    }),
  ]),
);
export type LoginProvider = z.infer<typeof Providers>[number];

export function loginProviders(): LoginProvider[] {
  return Providers.parse(JSON.parse(resource("AuthProviders").value));
}

const read = new Map<string, unknown>();

export function resource<N extends keyof Shapes>(name: N): z.infer<Shapes[N]> {
  if (!read.has(name)) {
    read.set(name, shapes[name].parse(Reflect.get(Resource, name)));
  }
  return read.get(name) as z.infer<Shapes[N]>;
}
