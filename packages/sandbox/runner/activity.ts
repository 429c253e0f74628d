/**
 * When someone last used the sandbox. Keep-alives of a forgotten tab are no use, and neither is a server that runs in the
 * background: both would keep it, and its bill, alive.
 */
export class Activity {
  #last = Date.now();
  #busy = 0;

  touch(): void {
    this.#last = Date.now();
  }

  /** Something in progress that keeps the sandbox: call the result when it has ended. */
  hold(): () => void {
    this.touch();
    this.#busy++;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#busy--;
      this.touch();
    };
  }

  /** As `hold`, for what the control plane does by itself, such as a snapshot: it is in progress, and no use. */
  keep(): () => void {
    this.#busy++;
    let isKept = true;
    return () => {
      if (isKept) this.#busy--;
      isKept = false;
    };
  }

  get idleMs(): number {
    return this.#busy > 0 ? 0 : Date.now() - this.#last;
  }
}
