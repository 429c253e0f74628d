import type { Component } from "solid-js";
import { loadCode } from "../api/code.ts";
import { Failure } from "./failure.tsx";

/** For `clientOnly`, which shows its fallback for ever if the code could not be loaded: shows that instead. */
export async function orFailure<P extends object>(
  what: string,
  load: () => Promise<{ default: Component<P> }>,
): Promise<{ default: Component<P> }> {
  try {
    return await loadCode(what, load);
  } catch (error) {
    return { default: () => <Failure what={what} error={error} /> };
  }
}
