import { OpenAPIHono } from "@hono/zod-openapi";
import { VisibleError } from "@slipway/contract/error";
import * as Operation from "@slipway/core/operation";
import type { Login } from "@slipway/core/login";
import type { Actor } from "@slipway/core/member";
import type { User } from "@slipway/contract/user";
import type { Context } from "hono";

/** What every handler finds in its context. */
export interface Variables {
  requestID: string;
  actor: Actor;
  login: Login;
  user: User;
}
export type Env = { Variables: Variables };

/** A set of routes that reject invalid input in the same way. */
export function createRoutes(): OpenAPIHono<Env> {
  return new OpenAPIHono<Env>({
    defaultHook(result) {
      if (result.success) return;
      const issues = result.error.issues.map(({ path, message }) => ({ path: path.map(String), message }));
      const first = issues[0];
      const where = first && first.path.length > 0 ? `${first.path.join(".")}: ` : "";
      throw new VisibleError("invalid_input", `${where}${first?.message ?? "The input is not valid."}`, { issues });
    },
  });
}

/** Replies to a change of files: 200 once it is done, 202 while it continues in the background. */
export function answer(context: Context<Env>, outcome: Operation.Outcome) {
  return Operation.isStarted(outcome) ? context.json(outcome, 202) : context.json(outcome, 200);
}
