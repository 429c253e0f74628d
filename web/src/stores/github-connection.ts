import { connectGitHub as requestConnection, getConnection } from "@slipway/contract/routes/github";
import { text } from "#text/connection.ts";
import { ApiError, messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { toast } from "../components/toasts.tsx";

export const readConnection = () => call(getConnection);

/** Redirects to GitHub, which returns to `returnTo`. */
export async function connectGitHub(returnTo: string, workflow = false): Promise<void> {
  try {
    const { url } = await call(requestConnection, { body: { returnTo, workflow } });
    location.assign(url);
  } catch (error) {
    toast(messageOf(error));
  }
}

/** Whether connecting GitHub would fix the error, and with which permission. Undefined if it would not. */
export function wantsConnection(error: unknown): { workflow: boolean } | undefined {
  const code = error instanceof ApiError ? error.code : typeof error === "string" ? error : "";
  if (code === "github_not_connected" || code === "rate_limited") return { workflow: false };
  return code === "github_scope_missing" ? { workflow: true } : undefined;
}

const answers = new Map([
  ["connected", text.connected],
  ["declined", text.declined],
  ["failed", text.failed],
  ["signed-out", text.signedOut],
]);

/** Shows the result of connecting, and removes it from the address. */
export function showConnectionResult(): void {
  const url = new URL(location.href);
  const answer = answers.get(url.searchParams.get("github") ?? "");
  if (answer === undefined) return;
  url.searchParams.delete("github");
  history.replaceState(history.state, "", url);
  toast(answer);
}
