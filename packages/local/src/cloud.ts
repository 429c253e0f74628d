import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import {
  functions,
  routes,
  schedules,
  socketRoutes,
  tableSpec,
  web,
  workflows,
  type FunctionName,
  type LinkName,
} from "@slipway/manifest";
import { startBedrock, type BedrockOptions } from "./bedrock/bedrock.ts";
import type { ModelChoice } from "./config.ts";
import { closeServer, listenOnLoopback } from "./endpoint.ts";
import type { Faults } from "./dynamodb/faults.ts";
import { createFront } from "./gateway/front.ts";
import { createSockets } from "./gateway/sockets.ts";
import { builtWeb, developmentWeb } from "./gateway/web.ts";
import { sealLinks } from "./lambda/links.ts";
import { createRuntime, type FunctionDefinition } from "./lambda/runtime.ts";
import { lockDirectory } from "./lock.ts";
import { bug, say, sayUnlessRoutine } from "./log.ts";
import { newMeter, type Meter } from "./meter.ts";
import type { Principal } from "./principal.ts";
import { createPrincipals, executionARN, loadSecrets, machineARN } from "./secrets.ts";
import { startStorage } from "./storage.ts";
import { parseDefinition } from "./workflow/definition.ts";
import { openExecutions } from "./workflow/executions.ts";
import { createInterpreter } from "./workflow/interpreter.ts";
import { createWorkflowServer } from "./workflow/server.ts";

export interface CloudOptions {
  /** Root of the repository: where the manifest's paths begin. */
  root: string;
  /** Folder of all data. */
  data: string;
  /** 0 for a free one. */
  port: number;
  host: string;
  model: ModelChoice;
  planLimits: { free: number; pro: number };
  adminEmails: readonly string[];
  /** Who may sign in besides them; absent for everyone. */
  members?: readonly string[];
  authProviders: string;
  demoPace: number;
  /** Whether what functions log about their ordinary work is shown too. */
  isVerbose?: boolean;
  socketIdle: number;
  socketLifetime: number;
  /** A development server of the web, instead of its build. */
  webURL?: URL;
  /** For tests: the bundles that are deployed, without the local login, and their links as SST hands them over. */
  asDeployed?: boolean;
  /** For tests: bundles that stand in for some functions' own. */
  bundles?: Partial<Record<FunctionName, string>>;
  /** For tests: what the model answers. */
  script?: BedrockOptions["script"];
}

export interface Cloud {
  readonly url: string;
  /** What the web's server side needs: for a development server of it. */
  readonly webEnvironment: Readonly<Record<string, string>>;
  /** What a process needs that works on the data itself, with every right: for tools and tests. */
  readonly rootEnvironment: Readonly<Record<string, string>>;
  stats(): Promise<Meter>;
  setFaults(faults: Faults): Promise<void>;
  /** Ends every worker of a function in the middle of whatever it does. Returns how many there were. */
  kill(name: FunctionName): Promise<number>;
  /**
   * Ends an execution behind the product's back, as a fault of AWS or someone at its console would. A function that it
   * has invoked keeps running. False when none of that name is running.
   */
  endExecution(workflow: keyof typeof workflows, name: string, status?: "ABORTED" | "FAILED" | "TIMED_OUT"): boolean;
  /** Cuts every socket. Returns how many there were. */
  dropSockets(): number;
  invoke(name: FunctionName, event: unknown): Promise<unknown>;
  recycle(names?: readonly string[]): void;
  close(): Promise<void>;
}

/** Starts everything that stands in for AWS, and the product on top of it. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const unlock = lockDirectory(options.data);
  const secrets = loadSecrets(options.data);
  const principals = createPrincipals(secrets);
  const list = Object.values(principals);
  const front = createServer();
  const port = await claimPort(front, options.port, options.host);
  const isLocalhost = options.host === "localhost";
  const origin = new URL(`http://localhost:${port}`);
  const onBug = (where: string) => (error: unknown) => bug(where, error);

  const storage = await startStorage({
    directory: join(options.data, "storage"),
    principals: list,
    table: { ...tableSpec, name: "slipway" },
    bucket: "blobs",
    origins: [origin.origin],
  });
  const bedrock = await startBedrock({
    principals: list,
    model: options.model,
    pace: options.demoPace,
    script: options.script,
  });

  const meter = newMeter();
  const sockets = createSockets({
    meter,
    origin,
    idle: options.socketIdle,
    lifetime: options.socketLifetime,
    principals: list,
    invoke: (route, event) => runtime.invoke(socketRoutes[route], event),
    onBug: onBug("socket"),
  });
  const managementURL = await listenOnLoopback(sockets.management);

  const executions = openExecutions(join(options.data, "workflow"));
  const machines = Object.entries(workflows).map(([name, { definition, invokes }]) => {
    const source = readFileSync(join(options.root, "packages/manifest/src", definition), "utf8");
    const named = invokes.reduce((text, target) => text.replaceAll(`\${${target}}`, target), source);
    return { arn: machineARN(name as keyof typeof workflows), definition: parseDefinition(named) };
  });
  const interpreter = createInterpreter({
    meter,
    machines,
    executions,
    invoke: (name, payload) => runtime.invoke(name, payload),
    onBug: onBug("workflow"),
  });
  const workflowServer = createWorkflowServer({
    machines,
    interpreter,
    executions,
    principals: list,
    onBug: onBug("workflow"),
  });
  const workflowURL = await listenOnLoopback(workflowServer);

  const links: Record<LinkName, unknown> = {
    Table: { name: "slipway" },
    Blobs: { name: "blobs" },
    AgentRun: { arn: machineARN("agent-run") },
    MakeArchive: { arn: machineARN("make-archive") },
    Transfer: { arn: machineARN("transfer") },
    Socket: { url: `${origin.origin.replace(/^http/, "ws")}/socket`, managementEndpoint: managementURL },
    Settings: {
      url: origin.origin,
      stage: "local",
      adminEmails: options.adminEmails,
      members: options.members ?? [],
      planLimits: options.planLimits,
      defaultModel: defaultModel(options.model),
      otherModels: options.model.kind === "openai-compatible" ? ["demo"] : [],
    },
    AuthSecret: { value: secrets.authSecret },
    DataKey: { value: secrets.dataKey },
    AuthProviders: { value: options.authProviders },
  };
  const endpoints = {
    AWS_ENDPOINT_URL_DYNAMODB: storage.dynamodbURL,
    AWS_ENDPOINT_URL_S3: storage.s3URL,
    AWS_ENDPOINT_URL_SFN: workflowURL,
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url,
  };

  const linkKey = randomBytes(32);
  function environment(name: string, principal: Principal, linked: readonly LinkName[]): Record<string, string> {
    const base: Record<string, string> = {
      NODE_ENV: "production",
      AWS_REGION: "us-east-1",
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_ACCESS_KEY_ID: principal.accessKeyID,
      AWS_SECRET_ACCESS_KEY: principal.secretAccessKey,
      SST_RESOURCE_App: JSON.stringify({ name: "slipway", stage: "local" }),
      ...endpoints,
    };
    const own = Object.fromEntries(linked.map((link) => [link, links[link]]));
    if (options.asDeployed && name !== "root")
      return { ...base, ...sealLinks(join(options.data, "links"), name, own, linkKey) };
    for (const [link, value] of Object.entries(own)) base[`SST_RESOURCE_${link}`] = JSON.stringify(value);
    return base;
  }

  /** As it is deployed, unless the local cloud has a variant of its own: with the local login. */
  function bundleOf(name: FunctionName): string {
    const replaced = options.bundles?.[name];
    if (replaced !== undefined) return replaced;
    const local = join(options.root, ".build/local-functions", name, "index.mjs");
    return !options.asDeployed && existsSync(local) ? local : join(options.root, ".build/functions", name, "index.mjs");
  }

  const definitions: FunctionDefinition[] = Object.entries(functions).map(([name, spec]) => ({
    name,
    bundle: bundleOf(name as FunctionName),
    memory: spec.memory,
    timeout: spec.timeout,
    environment: environment(name, principals[name as FunctionName], spec.links),
    concurrency: name === "api" ? 4 : 10,
  }));
  const output = join(options.root, web.output);
  if (!options.webURL) {
    definitions.push({
      name: "web",
      bundle: join(output, "server/index.mjs"),
      memory: web.memory,
      timeout: web.timeout,
      environment: environment("web", principals.web, web.links),
      concurrency: 2,
    });
  }
  const runtime = createRuntime(definitions, options.isVerbose ? say : sayUnlessRoutine, meter);

  const source = options.webURL
    ? developmentWeb(options.webURL)
    : builtWeb(output, origin, (event) => runtime.invoke("web", event));
  const handler = createFront({
    origin,
    anyHost: !isLocalhost,
    routes,
    invoke: (name, event) => runtime.invoke(name, event),
    sockets,
    web: source,
    onBug: onBug("gateway"),
  });
  front.removeAllListeners("request");
  front.on("request", (...call) => handler.emit("request", ...call));
  front.on("upgrade", (...call) => handler.emit("upgrade", ...call));

  const timers = schedules.map(({ every, function: name }) =>
    setInterval(() => void runtime.invoke(name, {}).catch(onBug("schedule")), every.minutes * 60_000),
  );
  interpreter.resume();

  return {
    url: origin.origin,
    webEnvironment: environment("web", principals.web, web.links),
    rootEnvironment: environment("root", principals.root, Object.keys(links) as LinkName[]),
    stats: async () => ({ ...(await storage.stats()), ...structuredClone(meter) }),
    setFaults: (faults) => storage.setFaults(faults),
    kill: (name) => runtime.kill(name),
    endExecution(workflow, name, status = "ABORTED") {
      const arn = executionARN(workflow, name);
      return executions.find(arn)?.status === "RUNNING" && interpreter.end(arn, status)?.status === status;
    },
    dropSockets: () => sockets.drop(),
    invoke: (name, event) => runtime.invoke(name, event),
    recycle: (names) => runtime.recycle(names),
    async close() {
      for (const timer of timers) clearInterval(timer);
      interpreter.close();
      sockets.close();
      await Promise.all([
        closeServer(front),
        closeServer(workflowServer),
        closeServer(sockets.management),
        bedrock.close(),
      ]);
      await runtime.close();
      await storage.close();
      executions.close();
      unlock();
    },
  };
}

/** Takes the port before anything else is started, and answers 503 until the rest is ready. */
async function claimPort(server: ReturnType<typeof createServer>, port: number, host: string): Promise<number> {
  server.on("request", (_, response) => response.writeHead(503, { "retry-after": "1" }).end("Slipway is starting."));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") return reject(error);
      reject(new Error(`Port ${port} is taken. Stop what uses it, or choose another: PORT=${port + 1} npm start`));
    });
    server.listen(port, host === "localhost" ? "127.0.0.1" : host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

function defaultModel(model: ModelChoice): string {
  if (model.kind === "demo") return "demo";
  return model.kind === "openai-compatible" ? model.model : "global.anthropic.claude-sonnet-5-5";
}

/** Whether `npm run build` has been here. */
export function isBuilt(root: string): boolean {
  return existsSync(join(root, ".build/functions/api/index.mjs"));
}
