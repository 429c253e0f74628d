import { get } from "../api.ts";

/** Auth.js wants forms, with a token that a page elsewhere cannot read. */
export async function postForm(path: string, fields: Record<string, string>): Promise<string | undefined> {
  const { csrfToken } = await get<{ csrfToken: string }>("/api/auth/csrf");
  const reply = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", "x-auth-return-redirect": "1" },
    body: new URLSearchParams({ ...fields, csrfToken }),
  });
  return ((await reply.json().catch(() => ({}))) as { url?: string }).url;
}

export async function signOut(): Promise<void> {
  await postForm("/api/auth/signout", { callbackUrl: "/" });
  location.assign("/");
}
