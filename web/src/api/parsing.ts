import { config } from "zod";

// zod would compile schemas with `new Function`, and probes for it; the pages' policy forbids that and reports the probe.
config({ jitless: true });
