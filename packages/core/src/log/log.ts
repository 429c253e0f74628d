import { AsyncLocalStorage } from "node:async_hooks";
import { resource } from "../config/config.ts";

/**
 * Structured logs: one JSON line each, with ids and never contents or tokens. CloudWatch indexes the fields, and makes
 * metrics of what is measured.
 */
export type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

const scopes = new AsyncLocalStorage<Record<string, string | number | boolean | undefined>>();

/** Every line that is written while `run` goes on has these fields too: the ids of whom and what it is about. */
export function scope<T>(fields: Fields, run: () => T): T {
  return scopes.run({ ...scopes.getStore(), ...fields }, run);
}

/** Adds to the scope what only becomes known within it. */
export function note(fields: Fields): void {
  Object.assign(scopes.getStore() ?? {}, fields);
}

export function info(event: string, fields: Fields = {}): void {
  write("info", event, fields);
}

export function warn(event: string, fields: Fields = {}): void {
  write("warn", event, fields);
}

/** The error's own message may hold contents, so only its name, its code and the places of its stack are written. */
export function error(event: string, cause: unknown, fields: Fields = {}): void {
  const known = cause instanceof Error ? cause : undefined;
  const frames = known?.stack?.split("\n").filter((line) => /^\s+at /.test(line));
  write("error", event, {
    ...fields,
    error: known?.name ?? typeof cause,
    at: frames?.slice(0, 6).join(" | "),
  });
}

/** What is measured, and in what. Alarms and docs/operate.md name these. */
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
 * A line that is also metrics, by CloudWatch's embedded metric format: no request, no waiting.
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
