import { AsyncLocalStorage } from "node:async_hooks";
import { resource } from "../config/config.ts";

/**
 * Structured logs: one JSON line each, with ids, never contents or tokens. CloudWatch indexes the fields and turns
 * measures into metrics.
 */
export type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

const scopes = new AsyncLocalStorage<Record<string, string | number | boolean | undefined>>();

/** Adds fields, usually ids, to every line that is logged while `run` runs. */
export function scope<T>(fields: Fields, run: () => T): T {
  return scopes.run({ ...scopes.getStore(), ...fields }, run);
}

/** Adds fields to the current scope. */
export function note(fields: Fields): void {
  Object.assign(scopes.getStore() ?? {}, fields);
}

export function info(event: string, fields: Fields = {}): void {
  write("info", event, fields);
}

export function warn(event: string, fields: Fields = {}): void {
  write("warn", event, fields);
}

/** Logs name and stack frames only: an error's message may hold contents. */
export function error(event: string, cause: unknown, fields: Fields = {}): void {
  const known = cause instanceof Error ? cause : undefined;
  const frames = known?.stack?.split("\n").filter((line) => /^\s+at /.test(line));
  write("error", event, {
    ...fields,
    error: known?.name ?? typeof cause,
    at: frames?.slice(0, 6).join(" | "),
  });
}

/** Metrics and their units. Alarms and docs/operate.md refer to these names. */
const units = {
  ApiLatency: "Milliseconds",
  ApiErrors: "Count",
  Runs: "Count",
  RunsFailed: "Count",
  RunSeconds: "Seconds",
  Dollars: "None",
} as const;
export type Measures = Readonly<Partial<Record<keyof typeof units, number>>>;

/**
 * Logs a line that CloudWatch also reads as metrics (embedded metric format): no request, no latency.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function measure(event: string, measures: Measures, fields: Fields = {}): void {
  const names = Object.keys(measures) as (keyof typeof units)[];
  write("info", event, {
    ...fields,
    ...measures,
    Stage: resource("Settings").stage,
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        { Namespace: "Slipway", Dimensions: [["Stage"]], Metrics: names.map((Name) => ({ Name, Unit: units[Name] })) },
      ],
    },
  });
}

function write(level: string, event: string, fields: Readonly<Record<string, unknown>>): void {
  const line = { level, event, time: new Date().toISOString(), ...scopes.getStore(), ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
