import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { functions, previews, routes, schedules, socketRoutes } from "@slipway/manifest";
import { ofType } from "../policies.ts";
import { named, lambdas, lambda, dynamic, each, specs, root, first, remove, type Check } from "./check.ts";

export const ofFunctions: readonly Check[] = [
  {
    name: "the functions are exactly the manifest's",
    find: (synth) => [
      ...each(specs, (name) => (lambda(synth, name) ? undefined : `${name} is missing`)),
      ...lambdas(synth)
        .filter(({ inputs }) => !Object.keys(specs).some((name) => inputs.name === named(synth, name)))
        .map(({ name }) => `${name} is not in the manifest`),
    ],
    plant: (synth) => remove(synth, ({ inputs }) => inputs.name === named(synth, "settle")),
  },
  {
    name: "each has the manifest's memory",
    find: (synth) =>
      each(specs, (name, { memory }) => {
        const size = lambda(synth, name)?.inputs.memorySize;
        return size === memory ? undefined : `${name} has ${String(size)} MB, not ${memory}`;
      }),
    plant: (synth) => (first(lambdas(synth), "Turn").memorySize = 128),
  },
  {
    name: "each has the manifest's timeout",
    find: (synth) =>
      each(specs, (name, { timeout }) => {
        const seconds = lambda(synth, name)?.inputs.timeout;
        return seconds === timeout ? undefined : `${name} has a timeout of ${String(seconds)} s, not ${timeout}`;
      }),
    plant: (synth) => (first(lambdas(synth), "Api").timeout = 900),
  },
  {
    name: "each runs on Node 24 on ARM",
    find: (synth) =>
      lambdas(synth)
        .filter(({ inputs }) => inputs.runtime !== "nodejs24.x" || String(inputs.architectures) !== "arm64")
        .map(({ name }) => `${name} has another runtime`),
    plant: (synth) => (first(lambdas(synth)).runtime = "nodejs20.x"),
  },
  {
    name: "each has exactly the manifest's links, and its bundle has a handler",
    find: (synth) =>
      each(specs, (name, { links }) => {
        const made = lambda(synth, name);
        const code = synth.builds.find((build) => made?.name === `${build.function}Function`);
        if (code === undefined) return `${name} has no code`;
        const given = Object.keys(code.links).sort().join();
        if (given !== [...links].sort().join()) return `${name} is linked to ${given}`;
        const file = join(root, code.bundle, "index.mjs");
        return existsSync(file) &&
          code.handler === "index.handler" &&
          /export\s*\{[^}]*\bhandler\b/.test(readFileSync(file, "utf8"))
          ? undefined
          : `${name} has no handler`;
      }),
    plant: (synth) => {
      const build = synth.builds.find((candidate) => candidate.function.startsWith("Assist"));
      if (build) build.links.AuthProviders = { value: "x" };
    },
  },
  {
    name: "each writes to a log whose lines expire",
    find: (synth) =>
      lambdas(synth).flatMap(({ name, inputs }) => {
        const group = (inputs.loggingConfig as { logGroup?: string } | undefined)?.logGroup;
        const log = ofType(synth, "aws:cloudwatch/logGroup:LogGroup").find((one) => one.inputs.name === group);
        return Number(log?.inputs.retentionInDays ?? 0) > 0 ? [] : [`${name} has none`];
      }),
    plant: (synth) => (first(ofType(synth, "aws:cloudwatch/logGroup:LogGroup"), "Sweep").retentionInDays = 0),
  },
  {
    name: "the API's prefixes lead to their functions, all other paths to the pages",
    find: (synth) => {
      const entries = dynamic(synth, "KvRoutesUpdate").map(({ inputs }) => String(inputs.entry));
      const wanted = [...routes.map(({ prefix }) => `,${prefix}`), ","];
      return wanted
        .filter((end) => !entries.some((entry) => entry.split(",").slice(2).join(",") === end))
        .map((end) => `nothing answers at "${end.slice(1) || "/"}"`);
    },
    plant: (synth) => remove(synth, ({ name }) => name.startsWith("ApiFunctionRoutesUpdate")),
  },
  {
    name: "CloudFront waits as long as a function's timeout",
    find: (synth) =>
      [...routes, previews].flatMap(({ function: name }) => {
        const key = dynamic(synth, "KvKeys").find(({ inputs }) =>
          JSON.stringify(inputs.entries).includes(named(synth, name)),
        );
        const { metadata } = (key?.inputs.entries ?? { metadata: "{}" }) as { metadata: string };
        const { origin } = JSON.parse(metadata) as { origin?: { timeouts?: { readTimeout?: number } } };
        return (origin?.timeouts?.readTimeout ?? 20) >= functions[name].timeout
          ? []
          : [`CloudFront gives up on ${name} too early`];
      }),
    plant: (synth) => {
      const entries = first(dynamic(synth, "KvKeys"), "Api").entries as { metadata: string };
      entries.metadata = entries.metadata.replace(/"readTimeout":\d+/, '"readTimeout":20');
    },
  },
  {
    name: "only functions with a route have a public URL",
    find: (synth) => {
      const open = new Set(
        [...routes.map(({ function: name }) => name), previews.function, "web"].map((name) => named(synth, name)),
      );
      return [
        ...ofType(synth, "aws:lambda/functionUrl:FunctionUrl"),
        ...ofType(synth, "aws:lambda/permission:Permission").filter(({ inputs }) => inputs.principal === "*"),
      ]
        .map(({ name, inputs }) => ({ name, target: String(inputs.functionName ?? inputs.function) }))
        .filter(({ target }) => !open.has(target))
        .map(({ name }) => `${name} is public`);
    },
    plant: (synth) => {
      const { inputs } = ofType(synth, "aws:lambda/functionUrl:FunctionUrl")[0] ?? { inputs: {} };
      synth.resources.push({
        type: "aws:lambda/functionUrl:FunctionUrl",
        name: "TurnUrl",
        inputs: { ...inputs, functionName: named(synth, "turn") },
      });
    },
  },
  {
    name: "the socket's routes lead to their functions",
    find: (synth) =>
      each(socketRoutes, (key, name) => {
        const route = ofType(synth, "aws:apigatewayv2/route:Route").find(({ inputs }) => inputs.routeKey === key);
        const id = String(route?.inputs.target).replace("integrations/", "").replace(/-id$/, "");
        const integration = synth.resources.find((resource) => resource.name === id);
        return String(integration?.inputs.integrationUri).includes(`:function:${named(synth, name)}/`)
          ? undefined
          : `${key} leads nowhere`;
      }),
    plant: (synth) => (first(ofType(synth, "aws:apigatewayv2/route:Route"), "Disconnect").routeKey = "$other"),
  },
  {
    name: "the schedules run as often as the manifest says",
    find: (synth) =>
      schedules.flatMap(({ every, function: name }) =>
        ofType(synth, "aws:scheduler/schedule:Schedule").some(
          ({ inputs }) =>
            String((inputs.target as { arn: string }).arn).endsWith(`:${named(synth, name)}`) &&
            new RegExp(`^rate\\(${every.minutes} minutes?\\)$`).test(String(inputs.scheduleExpression)) &&
            inputs.state === "ENABLED",
        )
          ? []
          : [`${name} does not run every ${every.minutes} min`],
      ),
    plant: (synth) => (first(ofType(synth, "aws:scheduler/schedule:Schedule")).scheduleExpression = "rate(1 hour)"),
  },
];
