import { headOf } from "@slipway/contract/cut";
import type { Instructions } from "@slipway/contract/instruction";
import { auditItem, requireAdmin } from "../admin/system.ts";
import { now } from "../clock/clock.ts";
import type { Actor } from "../member/member.ts";
import { deleteItem, putItem, transact } from "../table/table.ts";
import { InstructionEntity } from "./instruction.entity.ts";
import { read, team } from "./system.ts";

/** Instructions of people and of the team. A person sees and changes their own; only admins the team's. */

export async function own(actor: Actor): Promise<Instructions> {
  return { text: await read(actor.userID) };
}

export async function setOwn(actor: Actor, { text }: Instructions): Promise<Instructions> {
  await transact([item(actor.userID, text)]);
  return { text };
}

/** @throws VisibleError not_allowed */
export async function ofTeam(actor: Actor): Promise<Instructions> {
  await requireAdmin(actor);
  return { text: await read(team) };
}

/** @throws VisibleError not_allowed */
export async function setOfTeam(actor: Actor, { text }: Instructions): Promise<Instructions> {
  const admin = await requireAdmin(actor);
  const line = { action: "instructions", subject: "team", before: shown(await read(team)), after: shown(text) };
  await transact([item(team, text), auditItem(admin, line)]);
  return { text };
}

function item(owner: string, text: string) {
  return text === ""
    ? deleteItem(InstructionEntity.delete({ owner }))
    : putItem(InstructionEntity.put({ owner, text, at: now() }));
}

function shown(text: string): string {
  return text === "" ? "none" : headOf(text, 200);
}
