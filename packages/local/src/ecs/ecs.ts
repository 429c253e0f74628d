import { dirname, join } from "node:path";
import { sandboxes as spec } from "@slipway/manifest";
import type { EgressRules } from "../egress/proxy.ts";
import { readRegistries, type Registries } from "../egress/registries.ts";
import { closeServer, listenOnLoopback } from "../endpoint.ts";
import { bug } from "../log.ts";
import type { Service, Site } from "../service.ts";
import { bubblewrap, obstacle as bubblewrapObstacle } from "./bubblewrap.ts";
import { dockerContainers, obstacle as dockerObstacle } from "./docker.ts";
import type { Launcher } from "./launcher.ts";
import { createEc2Server, createEcsServer, publicName } from "./server.ts";
import { cluster, createTasks } from "./tasks.ts";

export interface SandboxControls {
  /** The loopback port of the task that a public name belongs to. */
  taskPort(host: string): number | undefined;
  /** Ends every task as a fault of its machine would. Returns how many there were. */
  killTasks(): number;
  /** Those that have not stopped. */
  tasks(): readonly { arn: string; startedBy: string | undefined; host: string; pid: number }[];
}

/** ECS, with each task as a sandbox of this machine, and of EC2 what tells a task's address. */
export const ecs: Service<SandboxControls> = {
  async start(site) {
    const onBug = (error: unknown) => bug("ecs", error);
    const principals = Object.values(site.principals);
    const way = await wayOf();
    let starting: Promise<Launcher> | undefined;
    let preparing: NodeJS.Timeout | undefined;
    const launcher = () => (starting ??= launcherFor(site, way));
    const tasks = createTasks({ launcher, limits: site.options.sandboxLimits });
    const server = createEcsServer({
      tasks,
      definition: { family: spec.family, container: spec.container, environment: {} },
      principals,
      onBug,
    });
    const ec2 = createEc2Server({ tasks, principals, onBug });
    const isLive = () => tasks.all().filter(({ status }) => status !== "STOPPED");
    return {
      endpoints: {
        AWS_ENDPOINT_URL_ECS: await listenOnLoopback(server),
        AWS_ENDPOINT_URL_EC2: await listenOnLoopback(ec2),
      },
      links: {
        Sandboxes: {
          cluster,
          taskDefinition: spec.family,
          container: spec.container,
          subnets: ["subnet-local"],
          securityGroups: ["sg-local"],
          port: spec.port,
          keepsDisk: way === "bubblewrap",
          ...(typeof way === "string" ? {} : way),
        },
        SandboxKey: { value: site.secrets.sandboxKey },
      },
      controls: {
        taskPort: (host) => isLive().find((task) => publicName(task) === host)?.container?.port,
        killTasks() {
          const live = isLive();
          for (const { container } of live) container?.kill();
          return live.length;
        },
        tasks: () =>
          isLive().map((task) => ({
            arn: task.arn,
            startedBy: task.startedBy,
            host: publicName(task),
            pid: task.container?.pid ?? 0,
          })),
      },
      resume() {
        // Asking npm and pip takes a second, which the first launch should not wait for. What fails is said by a launch.
        preparing = setTimeout(() => void launcher().catch(() => undefined), quietTime).unref();
      },
      async close() {
        clearTimeout(preparing);
        await tasks.close();
        await (await starting?.catch(() => undefined))?.close();
        await Promise.all([closeServer(server), closeServer(ec2)]);
      },
    };
  },
};

/** Milliseconds after the start, when pages have loaded. */
const quietTime = 3000;

type Way = "bubblewrap" | "docker" | { obstacle: string };

/** How this machine runs sandboxes: in bubblewrap if it can, else in Docker if that is there, else not at all. */
async function wayOf(): Promise<Way> {
  const isLinux = process.platform === "linux";
  const reason = isLinux ? await bubblewrapObstacle() : undefined;
  if (isLinux && reason === undefined) return "bubblewrap";
  const other = await dockerObstacle();
  return other === undefined ? "docker" : { obstacle: reason ?? other };
}

/** @throws Error that says in one sentence why this machine runs no sandboxes */
async function launcherFor(site: Site, way: Way): Promise<Launcher> {
  if (typeof way !== "string") throw new Error(way.obstacle);
  const { options } = site;
  const registries = readRegistries(options.toolEnvironment);
  const runner = join(options.root, spec.runner);
  const common = {
    data: options.data,
    registries: () => registries,
    rules: (of: Registries) => rulesFor(site, of),
    certificates: options.certificates,
  };
  if (way === "bubblewrap") return bubblewrap({ ...common, runner });
  return dockerContainers({
    ...common,
    image: options.sandboxImage,
    dockerfile: join(options.root, spec.dockerfile),
    context: dirname(runner),
    port: spec.port,
  });
}

/**
 * Of this machine, a sandbox reaches two things besides the registries: the API for its files, and objects for which it has
 * been given a signed address. Both check what they are sent.
 */
function rulesFor({ origin, offer }: Site, registries: Registries): EgressRules {
  const { Blobs } = offer().links;
  const bucket = new URL(String(Reflect.get(Object(Blobs), "origin")));
  return {
    registries: registries.hosts,
    services: [
      {
        origin: origin.origin,
        port: Number(origin.port),
        allows: ({ url }) => url.pathname.startsWith("/api/sandbox-sync/"),
      },
      {
        origin: bucket.origin,
        port: Number(bucket.port),
        allows: ({ method, url }) => (method === "GET" || method === "PUT") && url.searchParams.has("X-Amz-Signature"),
      },
    ],
  };
}
