import type { PendingApproval } from "@slipway/contract/run";
import { listApprovals } from "@slipway/contract/routes/approval";
import { createSignal } from "solid-js";
import { call } from "../api/call.ts";

const [approvals, setApprovals] = createSignal<readonly PendingApproval[]>([]);
/** The pending approvals of all the person's runs. */
export { approvals };

/** Reads them again, after anything that says they have changed. @throws ApiError */
export async function refreshInbox(): Promise<void> {
  setApprovals((await call(listApprovals)).approvals);
}

export function forgetApproval(id: string): void {
  setApprovals((all) => all.filter((each) => each.id !== id));
}
