import {
  blobsSpec,
  functions,
  routes,
  schedules,
  socketRoutes,
  tableSpec,
  workflows,
  type FunctionName,
} from "@slipway/manifest";
import { beforeAll, describe, expect, test } from "vitest";
import { isAllowed } from "../../packages/local/src/principal.ts";
import { createPrincipals } from "../../packages/local/src/secrets.ts";
import { grantsOf } from "./checks/rights.ts";
import { ofType } from "./policies.ts";
import { synthesise, type Synth } from "./synth.ts";

/** The manifest, what the local cloud enforces, and the policies that would be deployed must be the same. */

let synth: Synth;
const principals = createPrincipals({ authSecret: "", dataKey: "", sandboxKey: "", keys: {} });
const names = Object.keys(functions) as FunctionName[];

/** Every action that is granted to any function. */
const everything = [
  ...new Set(
    Object.values(functions).flatMap(({ grants }) =>
      grants.flatMap(({ resource, actions }) => actions.map((action) => `${resource} ${action}`)),
    ),
  ),
];

beforeAll(() => {
  synth = synthesise("production");
});

describe("manifest, local cloud and policies", () => {
  test.each(names)("agree about every action of %s", (name) => {
    const granted = functions[name].grants.flatMap(({ resource, actions }) =>
      actions.map((action) => `${resource} ${action}`),
    );
    const policy = grantsOf(synth, name);
    expect(policy.size).toBe(granted.length);
    for (const each of everything) {
      const [resource, action] = each.split(" ") as [Parameters<typeof isAllowed>[2], string];
      const is = { manifest: granted.includes(each), policy: policy.has(each) };
      expect({ each, ...is, local: isAllowed(principals[name], action, resource) }).toEqual({
        each,
        manifest: is.manifest,
        policy: is.manifest,
        local: is.manifest,
      });
    }
  });

  test("grant the pages nothing", () => {
    expect(grantsOf(synth, "web").size).toBe(0);
    expect(principals.web.allows).toEqual([]);
  });

  test("apply the same CORS rules to the bucket", () => {
    const [cors] = ofType(synth, "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration");
    expect(cors?.inputs.corsRules).toMatchObject([
      {
        allowedMethods: blobsSpec.cors.methods,
        allowedHeaders: blobsSpec.cors.headers,
        exposeHeaders: blobsSpec.cors.exposed,
      },
    ]);
  });

  test("count the same functions, routes, schedules and workflows", () => {
    const attributes = ofType(synth, "aws:dynamodb/table:Table")[0]?.inputs.attributes;
    const count = (type: string) => ofType(synth, type).length;
    expect({
      functions: count("aws:lambda/function:Function"),
      addresses: count("aws:lambda/functionUrl:FunctionUrl"),
      routes: count("aws:apigatewayv2/route:Route"),
      schedules: count("aws:scheduler/schedule:Schedule"),
      workflows: count("aws:sfn/stateMachine:StateMachine"),
      attributes: Array.isArray(attributes) ? attributes.length : 0,
    }).toEqual({
      functions: names.length + 1,
      addresses: routes.length + 2,
      routes: Object.keys(socketRoutes).length,
      schedules: schedules.length,
      workflows: Object.keys(workflows).length,
      attributes: 2 + 2 * Object.keys(tableSpec.indexes).length,
    });
  });
});
