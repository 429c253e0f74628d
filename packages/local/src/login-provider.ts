import type { Provider } from "@auth/core/providers";
import Credentials from "@auth/core/providers/credentials";
import * as User from "@slipway/core/user";
import { z } from "zod";

/**
 * Sign-in by name alone, for local use: the same name is the same person. Only the local entry of the API includes it.
 */
const Form = z.object({
  name: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .regex(/^[^\p{Cc}]+$/u),
  plan: z.enum(["free", "pro"]).optional(),
  role: z.enum(["member", "admin"]).optional(),
});

export function localLogin(): Provider {
  return Credentials({
    id: "local",
    name: "This machine",
    credentials: { name: { label: "Name" }, plan: { label: "Plan" }, role: { label: "Role" } },
    async authorize(credentials) {
      const form = Form.safeParse(credentials);
      if (!form.success) return null;
      const { name, plan, role } = form.data;
      const user = await User.fromAccountOrCreate(
        { provider: "local", providerAccountID: name.toLowerCase() },
        { name },
      );
      const changes = { ...(plan ? { plan } : {}), ...(role ? { role } : {}) };
      return Object.keys(changes).length > 0 ? User.update(user.id, changes) : user;
    },
  });
}
