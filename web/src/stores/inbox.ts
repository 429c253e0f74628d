import type { PendingApproval } from "@slipway/contract/run";
import { listRequests } from "@slipway/contract/routes/admin";
import { listApprovals } from "@slipway/contract/routes/approval";
import type { PlanRequest } from "@slipway/contract/user";
import { createSignal } from "solid-js";
import { call } from "../api/call.ts";

const [approvals, setApprovals] = createSignal<readonly PendingApproval[]>([]);
const [planRequests, setPlanRequests] = createSignal<readonly PlanRequest[]>([]);
/** The pending approvals of all the person's runs; for an admin, everyone's requests for more runs. */
export { approvals, planRequests };

export const pendingCount = (): number => approvals().length + planRequests().length;

/** Reads them again, after anything that says they have changed. @throws ApiError */
export async function refreshInbox(isAdmin: boolean): Promise<void> {
  const [pending, asked] = await Promise.all([call(listApprovals), isAdmin ? call(listRequests) : undefined]);
  setApprovals(pending.approvals);
  if (asked) setPlanRequests(asked.requests);
}

export function forgetApproval(id: string): void {
  setApprovals((all) => all.filter((each) => each.id !== id));
}
