import * as routes from "@slipway/contract/routes/instruction";
import * as Instruction from "@slipway/core/instruction";
import { createRoutes } from "./context.ts";

export const instructions = createRoutes()
  .openapi(routes.getOwnInstructions, async (context) => context.json(await Instruction.own(context.get("actor")), 200))
  .openapi(routes.setOwnInstructions, async (context) =>
    context.json(await Instruction.setOwn(context.get("actor"), context.req.valid("json")), 200),
  )
  .openapi(routes.getTeamInstructions, async (context) =>
    context.json(await Instruction.ofTeam(context.get("actor")), 200),
  )
  .openapi(routes.setTeamInstructions, async (context) =>
    context.json(await Instruction.setOfTeam(context.get("actor"), context.req.valid("json")), 200),
  );
