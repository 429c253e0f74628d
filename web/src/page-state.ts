import type { Project } from "@slipway/contract/project";
import { getRequestEvent, isServer } from "solid-js/web";

/** What the server knew when it rendered the page; the browser reads it from the page itself, so it asks nobody. */
export interface PageState {
  user?: { id: string; name: string; plan: "free" | "pro"; role: "member" | "admin" };
  project?: Project | "missing" | "signed-out" | undefined;
}

export const stateElementID = "page-state";
let read: PageState | undefined;

export function pageState(): PageState {
  if (isServer) return ((getRequestEvent()?.locals as { page?: PageState } | undefined)?.page ?? {}) as PageState;
  read ??= JSON.parse(document.getElementById(stateElementID)?.textContent ?? "{}") as PageState;
  return read;
}

/** JSON that can stand inside a script element. */
export function asScript(state: PageState): string {
  return JSON.stringify(state).replace(/</g, "\\u003c");
}
