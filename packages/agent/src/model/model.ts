import { modelOf } from "@slipway/core/registry";

/** Whether the model can be asked to think. */
export function canReason(id: string): boolean {
  return modelOf(id).efforts.length > 0;
}

/** Whether the model takes cache points: others refuse a request that has one. */
export function canCache(id: string): boolean {
  return modelOf(id).caching?.kind === "points";
}
