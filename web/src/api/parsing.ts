import { config } from "zod";

// zod would compile schemas with `new Function`, and probes for it; the pages' policy forbids that and reports the probe.
config({ jitless: true });

/** Undefined for what is not JSON, such as a proxy's page: no schema accepts it. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
