import { Project } from "@slipway/contract/project";
import { User } from "@slipway/contract/user";
import { getRequestEvent, isServer } from "solid-js/web";
import { z } from "zod";

/** The state that the server rendered the page with. The browser reads it from the page, without a request. */
export const PageState = z.object({
  user: User.pick({ id: true, name: true, plan: true, role: true }).optional(),
  project: Project.or(z.enum(["missing", "signed-out"])).optional(),
});
export type PageState = z.infer<typeof PageState>;

export const stateElementID = "page-state";
let read: PageState | undefined;

export function pageState(): PageState {
  if (isServer) return PageState.catch({}).parse(getRequestEvent()?.locals.page);
  read ??= PageState.parse(JSON.parse(document.getElementById(stateElementID)?.textContent ?? "{}"));
  return read;
}

/** JSON that is safe inside a script element. */
export function asScript(state: PageState): string {
  return JSON.stringify(state).replace(/</g, "\\u003c");
}
