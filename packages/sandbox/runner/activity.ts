/**
 * When someone last used the sandbox, as far as the runner can tell; pages that use it tell the control plane. Keep-alives of a
 * forgotten tab are no use, and neither is a server in the background that no page looks at: both would keep it, and its bill,
 * alive.
 */
export class Activity {
  #last = Date.now();
  #heard = Date.now();
  #busy = 0;

  touch(): void {
    this.#last = Date.now();
  }

  /** The control plane has asked for something. It stops what is idle, so while it is heard the runner does not. */
  hear(): void {
    this.#heard = Date.now();
  }

  get unheardMs(): number {
    return Date.now() - this.#heard;
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
