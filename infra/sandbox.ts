import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sandboxEdge as edgeSpec, sandboxes as spec } from "@slipway/manifest";
import "./boundary.ts";
import { assumedBy } from "./assumed-by.ts";
import { sandboxHourCost, type Prices } from "./cost/cost.ts";
import { errorCodes, headers } from "./router.ts";
import { secrets } from "./secrets.ts";
import { named, partition, region, stage } from "./stage-context.ts";

/**
 * Sandboxes: Fargate tasks in a network of their own, which nothing but CloudFront can reach, and nothing of which is billed
 * while no task runs. There is no NAT gateway: a task has a public address. A task has no role, so no code in it has AWS
 * credentials; its execution role pulls the image and writes its log, and is never seen inside.
 */

const tags = { Name: named("sandbox") };
const vpc = new aws.ec2.Vpc("SandboxVpc", {
  cidrBlock: "10.83.0.0/16",
  // A task's public name comes from this, and the edge accepts no address.
  enableDnsHostnames: true,
  enableDnsSupport: true,
  tags,
});
const gateway = new aws.ec2.InternetGateway("SandboxGateway", { vpcId: vpc.id, tags });
const routeTable = new aws.ec2.RouteTable("SandboxRoutes", { vpcId: vpc.id, tags });
new aws.ec2.Route("SandboxRoute", {
  routeTableId: routeTable.id,
  destinationCidrBlock: "0.0.0.0/0",
  gatewayId: gateway.id,
});
const zones = aws.getAvailabilityZonesOutput({ state: "available" }).names;
const subnets = [0, 1].map((at) => {
  const subnet = new aws.ec2.Subnet(`SandboxSubnet${at + 1}`, {
    vpcId: vpc.id,
    cidrBlock: `10.83.${at * 64}.0/18`,
    availabilityZone: zones.apply((names) => names[at % names.length] ?? ""),
    tags,
  });
  new aws.ec2.RouteTableAssociation(`SandboxSubnetRoutes${at + 1}`, {
    subnetId: subnet.id,
    routeTableId: routeTable.id,
  });
  return subnet;
});

// What AWS gives every network lets its members reach each other. Nothing uses it, and now it lets nothing through.
new aws.ec2.DefaultSecurityGroup("SandboxDefaultGroup", { vpcId: vpc.id });

const cloudfront = aws.ec2.getManagedPrefixListOutput({ name: "com.amazonaws.global.cloudfront.origin-facing" });
const securityGroup = new aws.ec2.SecurityGroup("SandboxGroup", {
  name: named("sandbox"),
  description: "Reached by CloudFront alone, not by other sandboxes",
  vpcId: vpc.id,
  ingress: [{ protocol: "tcp", fromPort: spec.port, toPort: spec.port, prefixListIds: [cloudfront.id] }],
  egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
  tags,
});

const cluster = new aws.ecs.Cluster("SandboxCluster", { name: named("sandbox") });

const logGroup = new aws.cloudwatch.LogGroup("SandboxLog", {
  name: `/slipway/${named("sandbox")}`,
  retentionInDays: stage.logRetention === "3 months" ? 90 : 7,
});

/** Used by Fargate itself, before the container starts. */
export const executionRole = new aws.iam.Role("SandboxExecutionRole", {
  name: named("sandbox-execution"),
  assumeRolePolicy: assumedBy("ecs-tasks.amazonaws.com"),
  inlinePolicies: [
    {
      name: "start",
      policy: aws.iam.getPolicyDocumentOutput({
        statements: [
          {
            actions: ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
            resources: [$interpolate`arn:${partition}:ecr:${region}:*:repository/slipway-*`],
          },
          { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
          { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [$interpolate`${logGroup.arn}:*`] },
        ],
      }).json,
    },
  ],
});

/** Without an image the deployment has no sandboxes, and says so when one is asked for. */
const definition =
  stage.sandboxImage === undefined
    ? undefined
    : new aws.ecs.TaskDefinition("SandboxTask", {
        family: named(spec.family),
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        cpu: String(spec.cpu),
        memory: String(spec.memory),
        ephemeralStorage: { sizeInGib: spec.disk },
        runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
        executionRoleArn: executionRole.arn,
        containerDefinitions: $jsonStringify([
          {
            name: spec.container,
            image: stage.sandboxImage,
            essential: true,
            stopTimeout: 30,
            portMappings: [{ containerPort: spec.port }],
            linuxParameters: { initProcessEnabled: false },
            environment: [{ name: "SLIPWAY_PORT", value: String(spec.port) }],
            logConfiguration: {
              logDriver: "awslogs",
              options: { "awslogs-group": logGroup.name, "awslogs-region": region, "awslogs-stream-prefix": "task" },
            },
          },
        ]),
      });

const store = new aws.cloudfront.KeyValueStore("SandboxKeys", { name: named("sandbox") });
const key = secrets.SandboxKey.value.apply((text) => {
  const [kid = "", , mac = ""] = text.split(".");
  return { kid, mac };
});
new aws.cloudfront.KeyvaluestoreKey("SandboxMac", {
  keyValueStoreArn: store.arn,
  key: key.apply(({ kid }) => `mac-${kid}`),
  value: $util.secret(key.apply(({ mac }) => mac)),
});
new aws.cloudfront.KeyvaluestoreKey("SandboxOrigins", {
  keyValueStoreArn: store.arn,
  key: "origins",
  value: edgeSpec.origins,
});

const edgeFunction = (name: string, file: string, stores: readonly $util.Input<string>[]) =>
  new aws.cloudfront.Function(`Sandbox${name}`, {
    name: named(`sandbox-${name.toLowerCase()}`),
    runtime: "cloudfront-js-2.0",
    code: readFileSync(join($cli.paths.root, file), "utf8"),
    keyValueStoreAssociations: [...stores],
    publish: true,
  });
const onRequest = edgeFunction("Request", edgeSpec.request, [store.arn]);
const onResponse = edgeFunction("Response", edgeSpec.response, []);

/** CloudFront's own policies: nothing is cached, and everything reaches the task. */
const cachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const allViewer = "216adef6-5c7f-47e4-b989-5492eafa07d3";

/** Apart from the app's: what it serves is whatever runs in sandboxes. Its function names the origin of each request. */
const distribution = new aws.cloudfront.Distribution("SandboxEdge", {
  comment: named("sandbox"),
  enabled: true,
  httpVersion: "http2and3",
  isIpv6Enabled: true,
  priceClass: "PriceClass_All",
  restrictions: { geoRestriction: { restrictionType: "none" } },
  ...(stage.sandboxDomain === undefined
    ? { viewerCertificate: { cloudfrontDefaultCertificate: true } }
    : {
        aliases: [`*.${stage.sandboxDomain}`],
        viewerCertificate: {
          acmCertificateArn: stage.sandboxCertificate,
          sslSupportMethod: "sni-only",
          minimumProtocolVersion: "TLSv1.2_2021",
        },
      }),
  origins: [
    {
      originId: "task",
      // Replaced in each request. No request may go anywhere without that.
      domainName: "sandbox.invalid",
      customOriginConfig: {
        httpPort: spec.port,
        httpsPort: 443,
        originProtocolPolicy: "http-only",
        originSslProtocols: ["TLSv1.2"],
        originReadTimeout: 60,
        originKeepaliveTimeout: 60,
      },
    },
  ],
  defaultCacheBehavior: {
    targetOriginId: "task",
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
    cachedMethods: ["GET", "HEAD"],
    compress: false,
    cachePolicyId: cachingDisabled,
    originRequestPolicyId: allViewer,
    responseHeadersPolicyId: headers.id,
    functionAssociations: [
      { eventType: "viewer-request", functionArn: onRequest.arn },
      { eventType: "viewer-response", functionArn: onResponse.arn },
    ],
  },
  customErrorResponses: errorCodes.map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 })),
});

const host = stage.sandboxDomain === undefined ? distribution.domainName : `sandbox.${stage.sandboxDomain}`;
const previews =
  stage.sandboxDomain === undefined
    ? $interpolate`https://${distribution.domainName}`
    : `https://*.${stage.sandboxDomain}`;

/** List prices with their date and region; what a person's month shows is of these. */
const prices = JSON.parse(readFileSync(join($cli.paths.root, "infra/cost/prices.json"), "utf8")) as Prices;

/** `Resource.Sandboxes` and `Resource.SandboxEdge`. */
export const sandboxLinks = {
  Sandboxes: new sst.Linkable("Sandboxes", {
    properties: {
      cluster: cluster.name,
      taskDefinition: definition?.arn ?? "",
      container: spec.container,
      subnets: subnets.map(({ id }) => id),
      securityGroups: [securityGroup.id],
      port: spec.port,
      pool: stage.sandboxPool,
      hourly: sandboxHourCost(prices),
      ...(definition === undefined
        ? { obstacle: "This deployment has no image for sandboxes. Its administrator sets SLIPWAY_SANDBOX_IMAGE." }
        : {}),
    },
  }),
  SandboxEdge: new sst.Linkable("SandboxEdge", {
    properties: { previews, sockets: $interpolate`wss://${host}`, control: $interpolate`https://${host}` },
  }),
};

/** What `infra/permissions.ts` grants functions on: by the names that ECS gives, which are known before it has made anything. */
export const clusterName = named("sandbox");
export const taskFamily = named(spec.family);
