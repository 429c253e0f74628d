import { text } from "#text/common.ts";
import { z } from "zod";
import { ApiError } from "./api-error.ts";

/** Sign-in and sign-out by Auth.js's own routes, which are not in the contract. */

const Providers = z.record(z.string(), z.object({ id: z.string(), name: z.string() }));
export type Provider = z.infer<typeof Providers>[string];
const Token = z.object({ csrfToken: z.string() });
const Redirect = z.object({ url: z.string().optional() });

/** The sign-in providers of this deployment. @throws ApiError */
export async function listProviders(): Promise<Provider[]> {
  return Object.values(await read("/api/auth/providers", Providers));
}

const Refused = z.object({ error: z.object({ message: z.string() }) });

/** Posts a form with a CSRF token, as Auth.js expects. Resolves to the redirect. @throws ApiError with the server's reason */
export async function postForm(path: string, fields: Record<string, string>): Promise<string | undefined> {
  const { csrfToken } = await read("/api/auth/csrf", Token);
  const reply = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", "x-auth-return-redirect": "1" },
    body: new URLSearchParams({ ...fields, csrfToken }),
  }).catch(() => undefined);
  if (!reply) throw new ApiError(0, "offline", text.serverUnreachable);
  const answer: unknown = await reply.json().catch(() => undefined);
  const refused = Refused.safeParse(answer).data?.error;
  if (refused) throw new ApiError(reply.status, "not_signed_in", refused.message);
  return Redirect.safeParse(answer).data?.url;
}

export async function signOut(): Promise<void> {
  await postForm("/api/auth/signout", { callbackUrl: "/" });
  location.assign("/");
}

async function read<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
  const reply = await fetch(path).catch(() => undefined);
  if (!reply) throw new ApiError(0, "offline", text.serverUnreachable);
  const parsed = schema.safeParse(await reply.json().catch(() => undefined));
  if (!reply.ok || !parsed.success) throw new ApiError(reply.status, "internal", text.somethingWentWrong);
  return parsed.data;
}
