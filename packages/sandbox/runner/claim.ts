import { verifyToken, type Claims, type PublicKeys, type Scope } from "../src/token.ts";
import { Failure } from "./failure.ts";

/** Whose sandbox this is. Settled once: by the environment, or by the first claim of a task from a pool. */
export class Claim {
  #keys: PublicKeys;
  #bound: { sandbox: string; epoch: number } | undefined;

  constructor(keys: PublicKeys, bound: { sandbox?: string | undefined; epoch?: number | undefined }) {
    this.#keys = keys;
    if (bound.sandbox !== undefined && bound.epoch !== undefined)
      this.#bound = { sandbox: bound.sandbox, epoch: bound.epoch };
  }

  get bound(): { sandbox: string; epoch: number } | undefined {
    return this.#bound;
  }

  /** Binds this runner for good. Repeating the same claim is harmless: its reply may have been lost. @throws Failure */
  bind({ sandbox, epoch }: Claims): void {
    if (this.#bound && (this.#bound.sandbox !== sandbox || this.#bound.epoch !== epoch))
      throw new Failure("already_claimed", "This task belongs to another sandbox.");
    this.#bound = { sandbox, epoch };
  }

  /** The claims of a request's token, if it is for this sandbox and one of these scopes. @throws Failure */
  verify(token: string | undefined, scopes: readonly Scope[]): Claims {
    const claims = token === undefined ? undefined : verifyToken(token, this.#keys, Date.now());
    if (!claims || !scopes.includes(claims.scope)) throw new Failure("unauthorized", "The token is not valid here.");
    if (claims.scope === "claim") return claims;
    if (!this.#bound) throw new Failure("unclaimed", "This task has not been claimed.");
    if (claims.sandbox !== this.#bound.sandbox || claims.epoch !== this.#bound.epoch)
      throw new Failure("unauthorized", "The token is for another sandbox.");
    return claims;
  }
}
