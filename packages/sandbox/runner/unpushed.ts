import { z } from "zod";
import type { Unpushed } from "./sync/sync.ts";

/** An edit that the store has not got, as an extended header of its entry in a snapshot. */

const names = { base: "SLIPWAY.base", hash: "SLIPWAY.hash" } as const;
const Header = z.object({ [names.base]: z.string(), [names.hash]: z.string().optional() });

export function unpushedHeader({ base, hash }: Unpushed): Record<string, string> {
  return { [names.base]: base, ...(hash === undefined ? {} : { [names.hash]: hash }) };
}

export function unpushedOf(pax: unknown): Unpushed | undefined {
  const { success, data } = Header.safeParse(pax);
  return success ? { base: data[names.base], hash: data[names.hash] } : undefined;
}
