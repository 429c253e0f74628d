import type { PendingApproval } from "@slipway/contract/approval";
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
  const [pending, asked] = await Promise.all([call(listApprovals), isAdmin ? readRequests() : undefined]);
  setApprovals(pending.approvals);
  if (asked) setPlanRequests(asked);
}

/** Few are admins, so nobody else loads this. */
async function readRequests(): Promise<readonly PlanRequest[]> {
  const { listRequests } = await import("@slipway/contract/routes/admin");
  return (await call(listRequests)).requests;
}

export function forgetApproval(id: string): void {
  setApprovals((all) => all.filter((each) => each.id !== id));
}
