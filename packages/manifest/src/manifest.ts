/**
 * What is deployed, as plain data. `infra` turns it into SST components and IAM policies, `local` runs it and refuses
 * what it does not grant, and tests compare the two. It imports nothing.
 */

/** A resource that a function can be granted actions on. */
export type ResourceName =
  | "table"
  | "blobs"
  | "agent-run"
  | "file-operation"
  | "make-archive"
  | "github-sync"
  | "socket"
  | "model"
  | "sandboxes";

export interface Grant {
  readonly resource: ResourceName;
  /** IAM action names, exactly as AWS spells them. */
  readonly actions: readonly string[];
}

export interface FunctionSpec {
  /** Module that exports `handler`, from the root of the repository. */
  readonly entry: string;
  /** MiB. */
  readonly memory: number;
  /** Seconds. */
  readonly timeout: number;
  /** Names of linked resources and secrets: `Resource.<Name>` in the function's code. */
  readonly links: readonly LinkName[];
  readonly grants: readonly Grant[];
}

/** `Resource.<LinkName>`; the comment is the shape of the JSON in `SST_RESOURCE_<LinkName>`. */
export type LinkName =
  | "Table" // {name}
  | "Blobs" // {name, origin}: where presigned URLs lead
  | "AgentRun" // {arn}
  | "FileOperation" // {arn}
  | "MakeArchive" // {arn}
  | "GithubSync" // {arn}
  | "Socket" // {url, managementEndpoint}
  | "Previews" // {origin}: where projects are previewed, "https://*.preview.example.com"
  | "Sandboxes" // {cluster, taskDefinition, container, subnets, securityGroups, port}: where tasks are started
  | "SandboxEdge" // {previews, sockets, control}: how sandboxes are reached by previews, pages and functions
  | "SandboxKey" // {value}: what signs the tokens of sandboxes
  | "Settings" // {url, stage, adminEmails, members, planLimits, defaultModel, models, hiddenModels, trustedModelOrigins}: the public origin and the team's choices
  | "AuthSecret" // {value}
  | "DataKey" // {value}: 32 bytes, base64
  | "AuthProviders"; // {value}: JSON list of GitHub and OIDC providers, "[]" for none

const read = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:ConditionCheckItem"] as const;
const write = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"] as const;
const table: Grant = { resource: "table", actions: [...read, ...write] };
const broadcast: Grant = { resource: "socket", actions: ["execute-api:ManageConnections"] };
const blobs: Grant = {
  resource: "blobs",
  actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"],
};

const sandbox: Grant = {
  resource: "sandboxes",
  actions: [
    "ecs:RunTask",
    "ecs:DescribeTasks",
    "ecs:StopTask",
    "ecs:ListTasks",
    "iam:PassRole",
    "ec2:DescribeNetworkInterfaces",
  ],
};
const sandboxLinks = ["Sandboxes", "SandboxEdge", "SandboxKey"] as const;

const model: Grant = {
  resource: "model",
  actions: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
};

export const functions = {
  api: {
    entry: "packages/functions/src/api.ts",
    memory: 1024,
    timeout: 29,
    links: [
      "Table",
      "Blobs",
      "AgentRun",
      "FileOperation",
      "MakeArchive",
      "GithubSync",
      "Socket",
      "Previews",
      ...sandboxLinks,
      "Settings",
      "AuthSecret",
      "DataKey",
      "AuthProviders",
    ],
    grants: [
      table,
      blobs,
      broadcast,
      sandbox,
      {
        resource: "agent-run",
        actions: ["states:StartExecution", "states:DescribeExecution", "states:SendTaskSuccess"],
      },
      { resource: "file-operation", actions: ["states:StartExecution"] },
      { resource: "make-archive", actions: ["states:StartExecution"] },
      { resource: "github-sync", actions: ["states:StartExecution"] },
    ],
  },
  assist: {
    entry: "packages/functions/src/assist.ts",
    memory: 512,
    timeout: 60,
    links: ["Table", "Settings", "AuthSecret", "DataKey"],
    grants: [table, model],
  },
  archive: {
    entry: "packages/functions/src/archive.ts",
    memory: 1024,
    timeout: 900,
    links: ["Table", "Blobs", "Settings"],
    grants: [table, { ...blobs, actions: [...blobs.actions, "s3:AbortMultipartUpload"] }],
  },
  "github-sync": {
    entry: "packages/functions/src/github-sync.ts",
    memory: 2048,
    timeout: 900,
    links: ["Table", "Blobs", "Socket", "Settings", "DataKey", "AuthProviders"],
    grants: [table, blobs, broadcast],
  },
  operation: {
    entry: "packages/functions/src/operation.ts",
    memory: 1024,
    timeout: 900,
    links: ["Table", "Blobs", "Socket", "Settings"],
    grants: [table, blobs, broadcast],
  },
  preview: {
    entry: "packages/functions/src/preview.ts",
    memory: 512,
    timeout: 20,
    links: ["Table", "Blobs", "Previews", "Settings", "AuthSecret"],
    grants: [
      { resource: "table", actions: [...read] },
      { resource: "blobs", actions: ["s3:GetObject"] },
    ],
  },
  socket: {
    entry: "packages/functions/src/socket.ts",
    memory: 256,
    timeout: 10,
    links: ["Table", "Settings", "AuthSecret", "Socket"],
    grants: [table, broadcast],
  },
  turn: {
    entry: "packages/functions/src/turn.ts",
    memory: 1024,
    timeout: 900,
    links: ["Table", "Blobs", "FileOperation", "Socket", ...sandboxLinks, "Settings", "DataKey"],
    grants: [
      table,
      blobs,
      broadcast,
      model,
      sandbox,
      { resource: "file-operation", actions: ["states:StartExecution"] },
    ],
  },
  approval: {
    entry: "packages/functions/src/approval.ts",
    memory: 256,
    timeout: 10,
    links: ["Table", "Settings", "AgentRun"],
    grants: [table, { resource: "agent-run", actions: ["states:SendTaskSuccess"] }],
  },
  settle: {
    entry: "packages/functions/src/settle.ts",
    memory: 512,
    timeout: 60,
    links: ["Table", "Blobs", "AgentRun", "Socket", "Settings"],
    // Ending a run also resumes the execution that waits for its approval.
    grants: [
      table,
      blobs,
      broadcast,
      { resource: "agent-run", actions: ["states:StartExecution", "states:SendTaskSuccess"] },
    ],
  },
  sweep: {
    entry: "packages/functions/src/sweep.ts",
    memory: 512,
    timeout: 120,
    links: [
      "Table",
      "Blobs",
      "AgentRun",
      "FileOperation",
      "MakeArchive",
      "GithubSync",
      "Socket",
      ...sandboxLinks,
      "Settings",
    ],
    grants: [
      table,
      blobs,
      broadcast,
      sandbox,
      {
        resource: "agent-run",
        actions: ["states:StartExecution", "states:DescribeExecution", "states:SendTaskSuccess"],
      },
      { resource: "file-operation", actions: ["states:StartExecution", "states:DescribeExecution"] },
      { resource: "make-archive", actions: ["states:DescribeExecution"] },
      { resource: "github-sync", actions: ["states:StartExecution", "states:DescribeExecution"] },
    ],
  },
} as const satisfies Record<string, FunctionSpec>;

export type FunctionName = keyof typeof functions;

/** HTTP prefixes of the one origin, longest first; all other paths go to the rendered web. */
export const routes = [
  { prefix: "/api/assist", function: "assist" },
  { prefix: "/api", function: "api" },
] as const satisfies readonly {
  prefix: string;
  function: FunctionName;
}[];

/** Serves previews, on an origin apart from the app's: what it serves is code of strangers. */
export const previews = { function: "preview" } as const satisfies { function: FunctionName };

/** The tasks in which people's code runs: one container, without a role. */
export const sandboxes = {
  family: "sandbox",
  container: "sandbox",
  /** The bundle of the program inside, from the root of the repository. */
  runner: ".build/sandbox/runner.mjs",
  /** Of its image, whose context is the bundle's folder. */
  dockerfile: "packages/sandbox/Dockerfile",
  /** Where it listens. The edge alone may reach it. */
  port: 8722,
  /** Of a task: units of 1/1024 vCPU, MiB, GiB. */
  cpu: 1024,
  memory: 2048,
  disk: 21,
} as const;

/** The edge of sandboxes: a distribution whose functions check the token of each request. */
export const sandboxEdge = {
  request: "packages/sandbox/src/edge/viewer-request.js",
  response: "packages/sandbox/src/edge/viewer-response.js",
  /** The origins that a token may name: a pattern for the whole of `host:port`. Anything wider would be an open proxy. */
  origins: String.raw`ec2-(?!(?:0|10|127|169-254|172-(?:1[6-9]|2\d|3[01])|192-168)-)(?:\d{1,3}-){3}\d{1,3}\.(?:compute-1|[a-z]{2}(?:-[a-z]+)+-\d\.compute)\.amazonaws\.com:(?:8722|80)`,
} as const;

/** The rendered web: a nitro `aws-lambda` build, with its hashed assets served beside it. It has no grants. */
export const web = {
  /** Output folder of `vite build`: `server/` (handler) and `public/` (assets). */
  output: "web/.output",
  memory: 1024,
  timeout: 20,
  links: ["Settings", "AuthSecret", "Blobs", "Previews", "SandboxEdge", "Socket"],
} as const satisfies { output: string; memory: number; timeout: number; links: readonly LinkName[] };

/** API Gateway WebSocket routes. */
export const socketRoutes = {
  $connect: "socket",
  $disconnect: "socket",
  $default: "socket",
} as const satisfies Record<string, FunctionName>;

export const schedules = [{ name: "sweep", every: { minutes: 1 }, function: "sweep" }] as const satisfies readonly {
  name: string;
  every: { minutes: number };
  function: FunctionName;
}[];

/** Workflows: an ASL file beside this one; `${name}` in it stands for the ARN of a function. */
export const workflows = {
  "agent-run": { definition: "workflows/agent-run.asl.json", invokes: ["turn", "approval", "settle"] },
  "file-operation": { definition: "workflows/file-operation.asl.json", invokes: ["operation"] },
  "make-archive": { definition: "workflows/make-archive.asl.json", invokes: ["archive"] },
  "github-sync": { definition: "workflows/github-sync.asl.json", invokes: ["github-sync"] },
} as const satisfies Record<string, { definition: string; invokes: readonly FunctionName[] }>;

/** The bucket of contents. */
export const blobsSpec = {
  /** What pages of the deployment's own origin may do with presigned URLs. */
  cors: {
    methods: ["GET", "HEAD", "PUT"],
    headers: ["content-type"],
    exposed: ["ETag", "Content-Range"],
  },
  /** Prefix of uploads that are not files yet; what remains there was never used. */
  unused: "uploads/",
  /** Prefix of what sandboxes keep besides files of projects. */
  snapshots: "snapshots/",
} as const;

/** The one table. All key attributes are strings. */
export const tableSpec = {
  hashKey: "pk",
  rangeKey: "sk",
  indexes: {
    gsi1: { hashKey: "gsi1pk", rangeKey: "gsi1sk" },
    gsi2: { hashKey: "gsi2pk", rangeKey: "gsi2sk" },
  },
  /** Attribute that holds the time, in seconds since 1970, after which a row may be removed. */
  ttl: "expires",
} as const;
