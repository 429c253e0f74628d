import { OpenAPIHono } from "@hono/zod-openapi";
import { VisibleError } from "@slipway/contract/error";
import type { Actor } from "@slipway/core/member";
import type { User } from "@slipway/contract/user";

/** What every handler finds in its context. */
export interface Variables {
  requestID: string;
  actor: Actor;
  user: User;
}
export type Env = { Variables: Variables };

/** A set of routes whose inputs are refused in one way. */
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

/** The wire's form of what takes a change back. */
export function forPeople<T extends { undo: { from: number; to: number; paths?: readonly string[] | undefined } }>(
  done: T,
): Omit<T, "undo"> & { undo: { from: number; to: number; paths?: string[] } } {
  const { from, to, paths } = done.undo;
  return { ...done, undo: { from, to, ...(paths ? { paths: [...paths] } : {}) } };
}
