import type { Block, NewRunEvent } from "@slipway/contract/run";
import { resource } from "@slipway/core/config";
import * as Log from "@slipway/core/log";
import * as Models from "@slipway/core/model";
import { providerNames } from "@slipway/core/provider/system";
import { parseModelID } from "@slipway/core/registry";
import type { Lease } from "@slipway/core/run/system";
import { provide, type Provided } from "../model/provider.ts";

/** The model of a run, as this turn calls it. One read of its key for a turn. */

const known = new WeakMap<Lease, Promise<Provided>>();

/**
 * The model that was chosen for the run. Where it, or the key that reaches it, is gone, the default model takes over for
 * the rest of the run, and the answer says so. @throws LeaseLost
 */
export function providedFor(lease: Lease): Promise<Provided> {
  const found = known.get(lease) ?? find(lease);
  known.set(lease, found);
  return found;
}

async function find(lease: Lease): Promise<Provided> {
  const { run } = lease;
  const { defaultModel } = resource("Settings");
  const isOffered = (await Models.find(run, run.model)) !== undefined;
  const provided = isOffered ? await provide(run.model, run.userID) : undefined;
  if (provided !== undefined) return provided;
  const fallback = await provide(defaultModel, run.userID);
  if (fallback === undefined) throw new Error("the default model cannot be called");
  Log.warn("model-gone", { model: run.model });
  const text = `${Models.modelOf(run.model).label} is no longer available here, so ${fallback.info.label} answers.`;
  const block: Block = { type: "notice", id: "model-gone", code: "model_gone", text };
  const event: NewRunEvent = { type: "block-finished", step: run.step, block };
  await lease.append([event], { set: { model: defaultModel } });
  return fallback;
}

/** A failure that is between a key and its provider, with what can be done about it. */
export function explained<F extends { code: string; message: string }>(failure: F, { info }: Provided): F {
  const parsed = parseModelID(info.id);
  if (!("owner" in parsed)) return failure;
  const name = providerNames[parsed.provider];
  const isOwn = parsed.owner === "own";
  if (failure.code === "model_access") {
    const message = isOwn
      ? `${name} refused your key. Replace it in Settings, Models.`
      : `${name} refused the team's key. An admin can replace it.`;
    return { ...failure, message };
  }
  if (failure.code !== "model_quota") return failure;
  const message = isOwn
    ? `${name} says that your account has no credit or quota left. Add some there, or choose another model.`
    : `${name} says that the team's account has no credit or quota left. An admin can add some.`;
  return { ...failure, message };
}
