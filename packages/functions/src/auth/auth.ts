import type { AuthConfig } from "@auth/core";
import type { Adapter, AdapterUser } from "@auth/core/adapters";
import { getToken } from "@auth/core/jwt";
import type { Provider } from "@auth/core/providers";
import { resource } from "@slipway/core/config";
import * as GitHub from "@slipway/core/github";
import * as Log from "@slipway/core/log";
import * as Login from "@slipway/core/login";
import * as User from "@slipway/core/user";
import { z } from "zod";
import { addressIn, configuredProviders } from "./providers.ts";

/**
 * Sign-in: Auth.js at `/api/auth`, with a signed cookie that holds the person, the login and the version of their logins.
 * Plan and role are read from the table on each request.
 */

export function isSecure(): boolean {
  return resource("Settings").url.startsWith("https:");
}

/** Serves `/api/auth`. The origin is taken from the configuration, never from a header. */
export async function answerAuth(request: Request, extraProviders: readonly Provider[]): Promise<Response> {
  const origin = new URL(resource("Settings").url);
  const url = new URL(request.url);
  url.protocol = origin.protocol;
  url.host = origin.host;
  // Signing in is rare, so other requests do not load it.
  const { Auth } = await import("@auth/core");
  return Auth(new Request(url, request), config(extraProviders));
}

/** The person of the cookie and their login; undefined once the login has ended or the person is no member any more. */
export async function signedInBy(request: Request): Promise<{ user: User.KnownUser; login: Login.Login } | undefined> {
  const token = await getToken({ req: request, secret: resource("AuthSecret").value, secureCookie: isSecure() });
  const login = loginOf(token);
  const user = login && (await Login.userOf(login));
  return user && { user, login };
}

const Token = z.object({ sub: z.string(), login: z.string(), version: z.int() });

function loginOf(token: unknown): Login.Login | undefined {
  const { data } = Token.safeParse(token);
  return data && { userID: data.sub, loginID: data.login, version: data.version };
}

function config(extraProviders: readonly Provider[]): AuthConfig {
  const { url } = resource("Settings");
  return {
    basePath: "/api/auth",
    trustHost: true,
    secret: resource("AuthSecret").value,
    useSecureCookies: isSecure(),
    adapter,
    session: { strategy: "jwt", maxAge: Login.lifeSeconds },
    // Without a query: Auth.js appends its own with a question mark.
    pages: { signIn: "/", error: "/", signOut: "/" },
    providers: [...configuredProviders(), ...extraProviders],
    events: {
      async signOut(message) {
        const login = "token" in message ? loginOf(message.token) : undefined;
        if (login) await Login.end(login);
      },
      /** A sign-in with GitHub brings a token; it is stored sealed, apart from the account. */
      async signIn({ user, account }) {
        if (account?.provider !== "github" || user.id === undefined) return;
        try {
          await GitHub.keep(user.id, account);
        } catch (error) {
          Log.error("github-token-not-kept", error, { userID: user.id });
        }
      },
    },
    logger: {
      // A person who is not of the team is no fault of the deployment.
      error(error) {
        const { cause } = error as { cause?: { err?: Error } };
        if (error.name === "AccessDenied") Log.warn("sign-in-refused");
        else Log.error("auth-failed", cause?.err ?? error, { kind: error.name });
      },
      warn: () => {},
      debug: () => {},
    },
    callbacks: {
      async signIn({ user, account, profile }) {
        // The address as of this sign-in, not as of the first.
        const address = addressIn(profile, account?.type);
        if (!User.isWelcome(address ?? user.email ?? undefined)) return false;
        if (user.id && address) await User.keepAddress(user.id, address);
        return true;
      },
      async jwt({ token, user }) {
        // Only at sign-in: values that a client sends later (trigger "update") are ignored.
        const known = user?.id ? await User.fromID(user.id) : undefined;
        if (known)
          Object.assign(token, {
            sub: known.id,
            name: known.name,
            plan: known.plan,
            role: known.role,
            version: known.version,
            login: Login.newID(),
          });
        delete token.picture;
        return token;
      },
      session({ session, token }) {
        return { ...session, user: { id: token.sub, name: token.name, plan: token.plan, role: token.role } };
      },
      redirect({ url: target }) {
        if (/^\/(?![/\\])/.test(target)) return url + target;
        return URL.canParse(target) && new URL(target).origin === url ? target : url;
      },
    },
  };
}

const Profile = z.object({ name: z.string().nullish(), email: z.string().nullish(), image: z.string().nullish() });

const adapter: Adapter = {
  async createUser(profile) {
    const { name, email, image } = Profile.parse(profile);
    return toAdapterUser(
      await User.create({ name: name ?? email ?? "Someone", email: email ?? undefined, image: image ?? undefined }),
    );
  },
  getUser: async (id) => optional(await User.fromID(id)),
  getUserByEmail: async (email) => optional(await User.fromEmail(email)),
  getUserByAccount: async ({ provider, providerAccountId }) =>
    optional(await User.fromAccount({ provider, providerAccountID: providerAccountId })),
  async updateUser({ id, name, image }) {
    return toAdapterUser(await User.update(id, { ...(name ? { name } : {}), ...(image ? { image } : {}) }));
  },
  // Tokens are not stored here: connecting GitHub for repositories is separate from signing in.
  async linkAccount({ userId, provider, providerAccountId }) {
    await User.linkAccount(userId, { provider, providerAccountID: providerAccountId });
  },
};

function optional(user: User.KnownUser | undefined): AdapterUser | null {
  return user ? toAdapterUser(user) : null;
}

function toAdapterUser(user: User.KnownUser): AdapterUser {
  return { id: user.id, name: user.name, email: user.email ?? "", image: user.image ?? null, emailVerified: null };
}
