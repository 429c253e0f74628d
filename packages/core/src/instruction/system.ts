import { InstructionEntity } from "./instruction.entity.ts";

/** Instructions, for the server itself: verbs that take no actor and authorise nobody. */

export const team = "team";

/** A person's, or the team's; empty for none. */
export async function read(owner: string): Promise<string> {
  const { data } = await InstructionEntity.get({ owner }).go();
  return data?.text ?? "";
}
