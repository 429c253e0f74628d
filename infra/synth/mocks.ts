import type { Resource } from "./synth.ts";

/** Stand-ins for AWS's answers, derived from the request, so that resources can refer to each other. */

export const account = "123456789012";
const region = "us-east-1";
/** The key with which SST encrypts a function's links. */
const plantedKey = Buffer.alloc(32, 7).toString("base64");

interface NewResource {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** False for a component, which only groups resources. */
  custom?: boolean;
}

export function mocks(partition: string) {
  const resources: Resource[] = [];
  return {
    resources,
    newResource({ type, name, inputs: given, custom }: NewResource) {
      const inputs = plain(given) as Record<string, unknown>;
      // A dynamic resource's provider is code, and a local command's environment is this machine's own.
      const { __provider: _, ...shown } = inputs;
      if (type === "command:local:Command") for (const key of ["environment", "dir"]) delete shown[key];
      if (custom !== false) resources.push({ type, name, inputs: shown });
      return { id: `${name}-id`, state: { ...inputs, ...stateOf(partition, type, name, inputs) } };
    },
    call({ token, inputs }: { token: string; inputs: Record<string, unknown> }): Record<string, unknown> {
      if (token.includes("getCallerIdentity"))
        return { accountId: account, arn: `arn:${partition}:iam::${account}:user/x` };
      if (token.includes("getRegion")) return { name: region, id: region, region };
      if (token.includes("getPartition")) return { partition, dnsSuffix: "amazonaws.com" };
      if (token.includes("getManagedPrefixList")) return { ...inputs, id: "pl-cloudfront" };
      if (token.includes("getAvailabilityZones")) return { names: [`${region}a`, `${region}b`] };
      if (token.includes("getPolicyDocument")) return { ...inputs, json: policyOf(inputs) };
      return inputs;
    },
  };
}

/** Pulumi's marker on wrapped secrets and assets. Synthesised resources hold the values themselves. */
const signature = "4dabf18193072939515e22adb298388d";

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (signature in value && "value" in value) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, plain(of)]));
}

function stateOf(
  partition: string,
  type: string,
  name: string,
  inputs: Record<string, unknown>,
): Record<string, unknown> {
  const given = typeof inputs.name === "string" ? inputs.name : name;
  const service = type.split(":")[1]?.split("/")[0] ?? "";
  const state: Record<string, unknown> = { name: given, arn: arnOf(partition, type, service, given) };
  if (type === "aws:lambda/functionUrl:FunctionUrl") {
    const host = String(inputs.functionName).toLowerCase();
    state.functionUrl = `https://${host}.lambda-url.${region}.on.aws/`;
  }
  if (type === "random:index/randomBytes:RandomBytes") state.base64 = plantedKey;
  if (type === "aws:lambda/function:Function") state.codeSha256 = "0";
  if (type === "aws:cloudfront/distribution:Distribution") state.domainName = "d1.cloudfront.net";
  if (type === "aws:s3/bucket:Bucket" || type === "aws:s3/bucketV2:BucketV2") {
    state.bucket = given.toLowerCase();
    state.arn = `arn:${partition}:s3:::${given.toLowerCase()}`;
    state.bucketRegionalDomainName = `${given.toLowerCase()}.s3.${region}.amazonaws.com`;
  }
  if (type === "aws:apigatewayv2/api:Api") {
    state.apiEndpoint = `wss://${name.toLowerCase()}.execute-api.${region}.amazonaws.com`;
    state.executionArn = `arn:${partition}:execute-api:${region}:${account}:${name.toLowerCase()}`;
  }
  // As in an account whose log role exists.
  if (type === "aws:apigateway/account:Account")
    state.cloudwatchRoleArn = `arn:${partition}:iam::${account}:role/api-gateway`;
  return state;
}

function arnOf(partition: string, type: string, service: string, name: string): string {
  const at = `arn:${partition}:${service}:${region}:${account}`;
  if (type === "aws:iam/role:Role") return `arn:${partition}:iam::${account}:role/${name}`;
  if (type === "aws:lambda/function:Function") return `${at}:function:${name}`;
  if (type === "aws:dynamodb/table:Table") return `${at}:table/${name}`;
  if (type === "aws:cloudwatch/logGroup:LogGroup")
    return `arn:${partition}:logs:${region}:${account}:log-group:${name}`;
  if (type === "aws:sfn/stateMachine:StateMachine")
    return `arn:${partition}:states:${region}:${account}:stateMachine:${name}`;
  return `${at}:${name}`;
}

interface Statement {
  effect?: string;
  actions?: string[];
  resources?: string[];
  principals?: { type: string; identifiers: string[] }[];
  conditions?: { test: string; variable: string; values: string[] }[];
}

/** A policy document in IAM's form. */
function policyOf(inputs: Record<string, unknown>): string {
  const statements = (inputs.statements ?? []) as Statement[];
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map(({ effect, actions, resources, principals, conditions }) => ({
      Effect: effect ?? "Allow",
      Action: actions,
      ...(resources ? { Resource: resources } : {}),
      ...(principals
        ? { Principal: Object.fromEntries(principals.map(({ type, identifiers }) => [type, identifiers])) }
        : {}),
      ...(conditions
        ? {
            Condition: Object.fromEntries(
              conditions.map(({ test, variable, values }) => [test, { [variable]: values }]),
            ),
          }
        : {}),
    })),
  });
}
