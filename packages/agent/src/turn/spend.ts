import type { Lease } from "@slipway/core/run/system";
import type { Provided } from "../model/provider.ts";
import type { StepTokens } from "../model/model-step.ts";
import { charge } from "./record-call.ts";

/** What is being added to a run. Calls that are made side by side are added one after the other. */
const adding = new WeakMap<Lease, Promise<void>>();

/** Charges a model call beside the run's own steps. @throws LeaseLost */
export function spend(
  lease: Lease,
  { call, tokens, provided }: { call: string; tokens: StepTokens | undefined; provided: Provided },
): Promise<void> {
  if (tokens === undefined) return Promise.resolve();
  const add = async () => lease.append([], { set: await charge(lease.run, call, tokens, provided) });
  const added = (adding.get(lease) ?? Promise.resolve()).then(add);
  adding.set(
    lease,
    added.catch(() => undefined),
  );
  return added;
}
